import { between, type SentText, type Transcript, type TranscriptMessage } from "./evidence.ts";
import { answersLater, type Targets } from "./setup.ts";
import { judgedTurns } from "./turns.ts";

/** A part in one of these has not met its end yet. */
const UNSETTLED = new Set(["pending", "retrying", "claimed", "uncertain"]);

const PAGE_ITEMS = 200;
const LOOK_AGAIN_MILLISECONDS = 500;

/**
 * Reads the transcript of every phone and number that may have one, as soon as nothing in it is on its way any more.
 * @param deadline after it, they are read as they are
 */
export async function settledTranscripts(
  targets: Targets,
  texts: readonly SentText[],
  deadline: number,
): Promise<readonly Transcript[]> {
  const pairs = new Map(texts.map(({ phone, number }) => [`${phone} ${number}`, { phone, number }]));
  const transcripts: Transcript[] = [];
  for (const { phone, number } of pairs.values()) {
    for (;;) {
      const messages = await read(targets, phone, number);
      const isSettled =
        !messages.some(({ status }) => UNSETTLED.has(status)) && !isAwaited(messages, texts, { phone, number });
      const isOver = isSettled || Date.now() > deadline;
      // Where every attempt failed and nothing was ever taken, there is no transcript.
      if (isOver && messages.length > 0) transcripts.push({ phone, number, messages });
      if (isOver) break;
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MILLISECONDS));
    }
  }
  return transcripts;
}

/** Does somebody wait for what answers later? */
function isAwaited(
  messages: readonly TranscriptMessage[],
  texts: readonly SentText[],
  pair: { readonly phone: string; readonly number: string },
): boolean {
  if (!answersLater(pair.number)) return false;
  const turns = judgedTurns(messages, between(texts, pair), pair.number);
  return turns.some(({ answers, said }) => answers.length > 0 && said.length === 0);
}

async function read(targets: Targets, phone: string, number: string): Promise<readonly TranscriptMessage[]> {
  const [one, two] = [phone, number].map(encodeURIComponent);
  const url = `${targets.worker}/v1/senders/${one}/conversations/${two}/messages?limit=${PAGE_ITEMS}`;
  const messages: TranscriptMessage[] = [];
  for (let after = ""; ; after = `&after=${messages.at(-1)?.id}`) {
    const response = await fetch(url + after, { headers: { authorization: `Bearer ${targets.adminKey}` } });
    if (response.status === 404) return [];
    if (!response.ok) throw new Error(`GET ${url}: ${response.status} ${await response.text()}`);
    const { items } = await response.json<{ items: TranscriptMessage[] }>();
    messages.push(...items);
    if (items.length < PAGE_ITEMS) return messages;
  }
}
