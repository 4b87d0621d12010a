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
  answering: ChatParticipants["answering"],
  lists: ChatParticipants["lists"] = [],
): readonly ChatEntry[] {
  const anonymous = entries.map(
    (entry): ChatEntry => (entry.kind === "from" ? { ...entry, number: DEFAULT_FROM } : entry),
  );
  const cast = findParticipants(anonymous, answering, lists);
  let stage = createChatProgress(anonymous);
  return anonymous.flatMap((entry, index): readonly ChatEntry[] => {
    if (isExpectation(entry) || entry.kind === "nothing") return [];
    if (!isChatEvent(entry)) return [entry];
    const tried = maskEvent(entry, listNextExpectations(anonymous, index), stage, cast);
    stage = tried.stage;
    const came = tried.happened.filter((each) => each.kind !== "unasked");
    if (came.length < tried.happened.length) return [DIVERGENCE_REMARK];
    const silent = came.length === 0 && entry.kind === "text" ? [NOTHING_ENTRY] : [];
    return [[tried.act], came, silent, tried.isSame ? [] : [DIVERGENCE_REMARK]].flat();
  });
}

const NOTHING_ENTRY: ChatEntry = { kind: "nothing" };
const DIVERGENCE_REMARK: ChatEntry = {
  kind: "remark",
  line: "# The real conversation continued differently here: it needed the masked text, or the topics have changed since.",
};

interface MaskAttempt {
  readonly act: ChatEvent;
  readonly stage: ChatProgress;
  readonly happened: readonly ChatResult[];
  /** True if the conversation continued in the same form. */
  readonly isSame: boolean;
}

/** @returns the first masking with which the conversation continues as it really did, or the one that keeps nothing */
function maskEvent(
  act: ChatEvent,
  real: readonly ChatResult[],
  stage: ChatProgress,
  cast: ChatParticipants,
): MaskAttempt {
  const form = toMaskedForm(real);
  let best: MaskAttempt | null = null;
  for (const masked of generateMaskedEvents(act)) {
    const performed = playEvent(stage, masked, cast);
    const tried = { act: masked, ...performed, isSame: toMaskedForm(performed.happened) === form };
    if (tried.isSame) return tried;
    best ??= tried;
  }
  if (best === null) throw new RangeError("the event has no masked form");
  return best;
}

function* generateMaskedEvents(act: ChatEvent): Generator<ChatEvent> {
  if (act.kind === "text" && parseConsentIntent(act.text, true) === null) {
    for (const text of generateMaskedTexts(act.text)) yield { ...act, text };
  } else if (act.kind === "outcome" && act.outcome.kind === "answered") {
    for (const json of generateMaskedJson(act.outcome.json))
      yield { kind: "outcome", outcome: { ...act.outcome, json } };
  } else if (act.kind === "found" && act.outcome.kind === "linked") {
    for (const json of generateMaskedJson(toPersonJson(act.outcome.person)))
      yield { kind: "found", outcome: { kind: "linked", person: json as unknown as Person } };
  } else if (act.kind === "found" && act.outcome.kind === "found") {
    yield { kind: "found", outcome: { ...act.outcome, person: maskText(act.outcome.person) } };
  } else if (act.kind === "notice")
    yield { ...act, text: maskText(act.text), media: act.media.map(() => MASKED_PICTURE) };
  else yield act;
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
function toMaskedForm(happened: readonly ChatResult[]): string {
  return maskText(JSON.stringify(happened));
}
