import { parseConsentIntent } from "../consent/consent-intent.ts";
import { type Person, toPersonJson } from "../identity/person.ts";
import { type ChatEntry, type ChatEvent, DEFAULT_FROM, isChatEvent, isExpectation } from "./chat.ts";
import { generateMaskedJson, generateMaskedTexts, maskText } from "./mask-text.ts";
import {
  type ChatParticipants,
  type ChatProgress,
  type ChatResult,
  createChatProgress,
  findParticipants,
  playEvent,
} from "./play.ts";

/**
 * Masks a conversation: the contact's number, the contact's texts, and the responses of the operator's systems. The
 * chat is then played with the masked texts, so that Parley's texts derive from those and nothing of the original
 * ones is left. Each text keeps as few words as the conversation needs to continue as it did; if no masking achieves
 * that, a remark says so.
 * @param entries a chat as `exportChat` returns it
 */
export function maskChat(
  entries: readonly ChatEntry[],
  findApplication: ChatParticipants["findApplication"],
  lists: ChatParticipants["lists"] = [],
): readonly ChatEntry[] {
  const anonymous = entries.map(
    (entry): ChatEntry => (entry.kind === "from" ? { ...entry, number: DEFAULT_FROM } : entry),
  );
  const participants = findParticipants(anonymous, findApplication, lists);
  let progress = createChatProgress(anonymous);
  return anonymous.flatMap((entry, index): readonly ChatEntry[] => {
    if (isExpectation(entry) || entry.kind === "nothing") return [];
    if (!isChatEvent(entry)) return [entry];
    const attempt = maskEvent(entry, listNextExpectations(anonymous, index), progress, participants);
    progress = attempt.progress;
    const actual = attempt.results.filter((each) => each.kind !== "unasked");
    if (actual.length < attempt.results.length) return [DIVERGENCE_REMARK];
    const silent = actual.length === 0 && entry.kind === "text" ? [NOTHING_ENTRY] : [];
    return [[attempt.event], actual, silent, attempt.isSame ? [] : [DIVERGENCE_REMARK]].flat();
  });
}

const NOTHING_ENTRY: ChatEntry = { kind: "nothing" };
const DIVERGENCE_REMARK: ChatEntry = {
  kind: "remark",
  line: "# The real conversation continued differently here: it needed the masked text, or the topics have changed since.",
};

interface MaskAttempt {
  readonly event: ChatEvent;
  readonly progress: ChatProgress;
  readonly results: readonly ChatResult[];
  /** True if the conversation continued in the same form. */
  readonly isSame: boolean;
}

/** @returns the first masking with which the conversation continues as it really did, or the one that keeps nothing */
function maskEvent(
  event: ChatEvent,
  real: readonly ChatResult[],
  progress: ChatProgress,
  participants: ChatParticipants,
): MaskAttempt {
  const form = toMaskedForm(real);
  let best: MaskAttempt | null = null;
  for (const masked of generateMaskedEvents(event)) {
    const played = playEvent(progress, masked, participants);
    const attempt = { event: masked, ...played, isSame: toMaskedForm(played.results) === form };
    if (attempt.isSame) return attempt;
    best ??= attempt;
  }
  if (best === null) throw new RangeError("the event has no masked form");
  return best;
}

function* generateMaskedEvents(event: ChatEvent): Generator<ChatEvent> {
  if (event.kind === "text" && parseConsentIntent(event.text, true) === null) {
    for (const text of generateMaskedTexts(event.text)) yield { ...event, text };
  } else if (event.kind === "outcome" && event.outcome.kind === "answered") {
    for (const json of generateMaskedJson(event.outcome.json))
      yield { kind: "outcome", outcome: { ...event.outcome, json } };
  } else if (event.kind === "found" && event.outcome.kind === "linked") {
    for (const json of generateMaskedJson(toPersonJson(event.outcome.person)))
      yield { kind: "found", outcome: { kind: "linked", person: json as unknown as Person } };
  } else if (event.kind === "found" && event.outcome.kind === "found") {
    yield { kind: "found", outcome: { ...event.outcome, person: maskText(event.outcome.person) } };
  } else if (event.kind === "notice")
    yield { ...event, text: maskText(event.text), media: event.media.map(() => MASKED_PICTURE) };
  else yield event;
}

const MASKED_PICTURE = "https://example.com/picture.png";

function listNextExpectations(entries: readonly ChatEntry[], index: number): readonly ChatResult[] {
  const rest = entries.slice(index + 1);
  const end = rest.findIndex(isChatEvent);
  return (end === -1 ? rest : rest.slice(0, end)).filter(isExpectation);
}

/**
 * Masks everything in the results, so that results derived from a text compare equal to those derived from its mask.
 */
function toMaskedForm(results: readonly ChatResult[]): string {
  return maskText(JSON.stringify(results));
}
