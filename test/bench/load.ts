import { Agent, request } from "node:http";
import { HOST, MESSAGE_PATH, type SignedText, signedText } from "./texts.ts";
import type { Twilio } from "./twilio.ts";

/** Something that takes texts. */
export interface Target {
  readonly origin: string;
  /** The number that is texted. */
  readonly number: string;
  /** Is a text over when its reply has come to Twilio, or when it is accepted? */
  readonly replies: boolean;
}

export interface Pressure {
  /** So many texts are under way at any time. */
  readonly concurrency: number;
  readonly milliseconds: number;
  /** By these people, one after the other. */
  readonly phones: readonly string[];
}

/** What became of the texts of a while; times in milliseconds. */
export interface Outcome {
  readonly texts: number;
  readonly milliseconds: number;
  /** From the text to the webhook's answer. */
  readonly accepted: readonly number[];
  /** From the text to the reply's POST at Twilio; nothing where nobody replies. */
  readonly replied: readonly number[];
}

/** No program here takes more; texts are signed before the clock starts. */
const TEXTS_IN_A_SECOND = 8_000;

/** Texts for a while. @throws where a text is not accepted, or its reply does not come */
export async function press(target: Target, pressure: Pressure, twilio: Twilio): Promise<Outcome> {
  const { concurrency, milliseconds, phones } = pressure;
  const count = Math.ceil((TEXTS_IN_A_SECOND * milliseconds) / 1_000);
  const texts = Array.from({ length: count }, (_, index) => prepare(target, phones[index % phones.length] ?? ""));
  return await send(target, texts, { concurrency, until: performance.now() + milliseconds }, twilio);
}

/** One text after the other, from these people by turns. */
export async function converse(
  target: Target,
  phones: readonly string[],
  count: number,
  twilio: Twilio,
): Promise<Outcome> {
  const texts = Array.from({ length: count }, (_, index) => prepare(target, phones[index % phones.length] ?? ""));
  return await send(target, texts, { concurrency: 1, until: Number.POSITIVE_INFINITY }, twilio);
}

function prepare({ number }: Target, phone: string): SignedText {
  return signedText(phone, number);
}

async function send(
  { origin, replies }: Target,
  texts: readonly SignedText[],
  { concurrency, until }: { readonly concurrency: number; readonly until: number },
  twilio: Twilio,
): Promise<Outcome> {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const accepted: number[] = [];
  const replied: number[] = [];
  let next = 0;
  const began = performance.now();
  const person = async (): Promise<void> => {
    while (performance.now() < until) {
      const text = texts[next];
      next += 1;
      if (text === undefined) return;
      const started = performance.now();
      const reply = replies ? twilio.reply(text.words) : null;
      await post(agent, origin + MESSAGE_PATH, text);
      accepted.push(performance.now() - started);
      if (reply !== null) replied.push((await reply) - started);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, person));
  const milliseconds = performance.now() - began;
  agent.destroy();
  return { texts: accepted.length, milliseconds, accepted, replied };
}

/** @throws where the text is not accepted */
export function post(agent: Agent, url: string, { body, signature }: Omit<SignedText, "words">): Promise<void> {
  const headers = {
    host: HOST,
    "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
    "content-length": body.length,
    "x-twilio-signature": signature,
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: "POST", agent, headers }, (response) => {
      const { statusCode = 0 } = response;
      response.resume();
      response.once("end", () => (statusCode < 300 ? resolve() : reject(new Error(`${url} answers ${statusCode}.`))));
    });
    outgoing.once("error", reject);
    outgoing.end(body);
  });
}
