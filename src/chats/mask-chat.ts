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
 * Masks a conversation: the person's number, what they said and what the operator's systems answered. It is played again with masked texts, so
 * what Parley says in it comes from those, and nothing of what it really said is left. Of each text as few words are kept as it needs to go
 * on as it did; where no masking does that, a remark says so.
 * @param entries as `chatOf` writes them
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
  line: "# Here the real conversation went on otherwise: it needed what is masked, or the topics have changed since.",
};

interface MaskAttempt {
  readonly act: ChatEvent;
  readonly stage: ChatProgress;
  readonly happened: readonly ChatResult[];
  /** It went on in the same form. */
  readonly isSame: boolean;
}

/** @returns the first masking after which it goes on as it really did; where there is none, the one that keeps nothing */
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
  if (best === null) throw new RangeError("an act has no masking");
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

/** How it looks when everything in it is masked: what was derived from a text has the form of what is derived from its mask. */
function toMaskedForm(happened: readonly ChatResult[]): string {
  return maskText(JSON.stringify(happened));
}
