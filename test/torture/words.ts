/** What people text, and what the topics of the torture answer: every text has a token of its own, so that everything can be judged exactly. */
const WORDS = ["one", "two", "three"] as const;

export type PartCount = 1 | 2 | 3;

export const PART_COUNTS: readonly PartCount[] = [1, 2, 3];

/** The last of three parts is the same in every answer: only a count can tell whether it was sent too often. */
export const CLOSING = "That was all.";

/** What Twilio and Parley both mind. */
export const STOP = "STOP";
export const START = "START";

/** What Parley says to them, where nobody else does. */
export const STOP_TOLD = "You've opted out of texts from Echo and won't get any more. Text START to opt back in.";
export const START_TOLD = "You've opted back in to texts from Echo. Text HELP for help or STOP to opt out.";

/** @returns the token of a text, or of an answer to it; null where it has none */
export function tokenOf(words: string): string | null {
  return /\bt\d+\b/u.exec(words)?.[0] ?? null;
}

export function bodyOf(parts: PartCount, token: string): string {
  return `${WORDS[parts - 1]} ${token}`;
}

/** @returns null where nobody of the torture wrote it */
export function readBody(body: string): { readonly parts: PartCount; readonly token: string } | null {
  const [word, token, ...rest] = body.split(" ");
  const parts = PART_COUNTS[WORDS.findIndex((one) => one === word)];
  return parts === undefined || token === undefined || rest.length > 0 ? null : { parts, token };
}

/** The topic that answers in so many parts. It names what the conversation heard before: a lost or repeated turn shows in the next. */
export function topicOf(parts: PartCount): object {
  const steps = expected("{{ text }}", '{{ last | default: "nothing" }}', parts).map((text, index) => ({
    kind: "say",
    id: `part-${index + 1}`,
    text,
  }));
  return {
    title: `Echoes in ${parts}`,
    keywords: [WORDS[parts - 1]],
    steps: [...steps, { kind: "set", id: "keep", values: { last: "{{ text }}" } }],
  };
}

/** The parts that must answer a text. @param before the text before it in the same conversation, or null */
export function answerTo(body: string, before: string | null): readonly string[] {
  return expected(body, before ?? "nothing", readBody(body)?.parts ?? 1);
}

function expected(text: string, before: string, parts: PartCount): readonly string[] {
  const one = `1/${parts} ${text} after ${before}`;
  if (parts === 1) return [one];
  return parts === 2 ? [one, `2/2 ${text}`] : [one, `2/3 ${text}`, CLOSING];
}
