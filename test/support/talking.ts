import { exports } from "cloudflare:workers";
import { expect, inject } from "vitest";
import type { JsonValue } from "../../src/core/json.ts";
import type { Fault, Heard } from "./bots/stand-in.ts";
import type { Stray } from "./bots/webhook.ts";
import { emulate, eventually, incoming, ONE, put, reached, transcript, UNBRAKED, webhook } from "./worker.ts";

const { control, kinds } = inject("bots");

/** Every kind of assistant that is somewhere else. */
export const BOTS = Object.keys(kinds);

/** What the person gets where nobody answers. */
export const FAILURE = "We're sorry, but we can't respond to your message.";

/** Makes a bot behave so from now on. */
export async function setFault(kind: string, fault: Fault | null): Promise<void> {
  await fetch(`${control}/${kind}/fault`, { method: "PUT", body: JSON.stringify(fault) });
}

/** What a bot has understood of the texts that reached it, of all tests of the file. */
export async function heardBy(kind: string): Promise<readonly Heard[]> {
  return await (await fetch(`${control}/${kind}/heard`)).json();
}

/** What an application says of its assistant, and the host that it must allow. @param more beside what the stand-in needs */
export function assistantOf(kind: string, more: Readonly<Record<string, JsonValue>> = {}) {
  const { origin, assistant } = kinds[kind] ?? { origin: "", assistant: {} };
  return { assistant: { ...assistant, timeoutSeconds: 1, ...more }, allowedHosts: [new URL(origin).host] };
}

export async function saveSecrets(kind: string): Promise<void> {
  const { origin = "", secrets = {} } = kinds[kind] ?? {};
  for (const [name, value] of Object.entries(secrets))
    await put(`/v1/secrets/${name}`, { value, hosts: [new URL(origin).host] });
}

/** Lets an application that talks to a bot answer on a number. @param more fields of the application */
export async function connect(
  kind: string,
  number: string,
  more: Readonly<Record<string, JsonValue>> = {},
): Promise<void> {
  const application = `bot-${kind}`;
  await saveSecrets(kind);
  await put(`/v1/applications/${application}`, { name: "Bots", ...assistantOf(kind), ...more });
  await emulate(ONE, [number], []);
  await put(`/v1/numbers/${number}`, { account: ONE.sid, application, type: "long-code", ...UNBRAKED });
}

/** A person who texts a number. */
export class Talk {
  readonly phone: string;
  readonly #number: string;
  readonly #kind: string;

  constructor(kind: string, phone: string, number: string) {
    this.#kind = kind;
    this.phone = phone;
    this.#number = number;
  }

  async text(body: string): Promise<void> {
    const form = incoming(ONE, { From: this.phone, To: this.#number, Body: body });
    expect((await exports.default.fetch(webhook("/twilio/message", form, ONE.token))).status).toBe(200);
  }

  /** @returns all that has reached the phone, once it is so much or more */
  async got(count: number): Promise<readonly string[]> {
    return await eventually(
      async () => {
        await carryStrays(this.#kind);
        await this.#report();
        return await reached(this.phone, this.#number);
      },
      (all) => all.length >= count,
    );
  }

  /** Tells the Worker, as Twilio would, that what it has sent is sent: the next part of an answer waits for that. */
  async #report(): Promise<void> {
    const messages = await transcript(this.phone, this.#number);
    for (const { id, sid } of messages.filter(({ status }) => status === "queued")) {
      const form = { MessageSid: sid ?? "", AccountSid: ONE.sid, MessageStatus: "sent" };
      const report = { ...form, From: this.#number, To: this.phone };
      await exports.default.fetch(webhook(`/twilio/status?part=${id}`, report, ONE.token));
    }
  }

  /** What the journal says of each text, oldest first. */
  async notes(): Promise<readonly (readonly string[])[]> {
    const messages = await transcript(this.phone, this.#number);
    return messages.filter(({ direction }) => direction === "in").map(({ notes }) => notes);
  }
}

/** Brings to the Worker what a bot wanted to bring: in these tests it listens on no port. @returns how it was answered */
export async function carryStrays(kind: string): Promise<readonly number[]> {
  if (kinds[kind] === undefined) return [];
  const strays: readonly Stray[] = await (await fetch(`${control}/${kind}/strays`)).json();
  const statuses: number[] = [];
  for (const { url, headers, body } of strays) {
    const response = await exports.default.fetch(new Request(url, { method: "POST", headers, body }));
    statuses.push(response.status);
  }
  return statuses;
}
