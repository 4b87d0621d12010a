import { saidIn } from "../consent/understand.ts";
import { type Person, personJson } from "../identity/person.ts";
import { type Act, DEFAULT_FROM, type Entry, isAct, isExpectation } from "./chat.ts";
import { jsonMaskings, maskings, maskText } from "./mask.ts";
import { beginningOf, type Cast, castOf, type Happening, perform, type Stage } from "./play.ts";

/**
 * Masks a conversation: the person's number, what they said and what the operator's systems answered. It is played again with masked texts, so
 * what Parley says in it comes from those, and nothing of what it really said is left. Of each text as few words are kept as it needs to go
 * on as it did; where no masking does that, a remark says so.
 * @param entries as `chatOf` writes them
 */
export function maskChat(
  entries: readonly Entry[],
  answering: Cast["answering"],
  lists: Cast["lists"] = [],
): readonly Entry[] {
  const anonymous = entries.map((entry): Entry => (entry.kind === "from" ? { ...entry, number: DEFAULT_FROM } : entry));
  const cast = castOf(anonymous, answering, lists);
  let stage = beginningOf(anonymous);
  return anonymous.flatMap((entry, index): readonly Entry[] => {
    if (isExpectation(entry) || entry.kind === "nothing") return [];
    if (!isAct(entry)) return [entry];
    const tried = maskAct(entry, expectedAfter(anonymous, index), stage, cast);
    stage = tried.stage;
    const came = tried.happened.filter((each) => each.kind !== "unasked");
    if (came.length < tried.happened.length) return [OTHERWISE];
    const silent = came.length === 0 && entry.kind === "text" ? [NOTHING] : [];
    return [[tried.act], came, silent, tried.isSame ? [] : [OTHERWISE]].flat();
  });
}

const NOTHING: Entry = { kind: "nothing" };
const OTHERWISE: Entry = {
  kind: "remark",
  line: "# Here the real conversation went on otherwise: it needed what is masked, or the topics have changed since.",
};

interface Tried {
  readonly act: Act;
  readonly stage: Stage;
  readonly happened: readonly Happening[];
  /** It went on in the same form. */
  readonly isSame: boolean;
}

/** @returns the first masking after which it goes on as it really did; where there is none, the one that keeps nothing */
function maskAct(act: Act, real: readonly Happening[], stage: Stage, cast: Cast): Tried {
  const form = formOf(real);
  let best: Tried | null = null;
  for (const masked of maskedActs(act)) {
    const performed = perform(stage, masked, cast);
    const tried = { act: masked, ...performed, isSame: formOf(performed.happened) === form };
    if (tried.isSame) return tried;
    best ??= tried;
  }
  if (best === null) throw new RangeError("an act has no masking");
  return best;
}

function* maskedActs(act: Act): Generator<Act> {
  if (act.kind === "text" && saidIn(act.text, true) === null) {
    for (const text of maskings(act.text)) yield { ...act, text };
  } else if (act.kind === "outcome" && act.outcome.kind === "answered") {
    for (const json of jsonMaskings(act.outcome.json)) yield { kind: "outcome", outcome: { ...act.outcome, json } };
  } else if (act.kind === "found" && act.outcome.kind === "linked") {
    for (const json of jsonMaskings(personJson(act.outcome.person)))
      yield { kind: "found", outcome: { kind: "linked", person: json as unknown as Person } };
  } else if (act.kind === "found" && act.outcome.kind === "found") {
    yield { kind: "found", outcome: { ...act.outcome, person: maskText(act.outcome.person) } };
  } else if (act.kind === "notice")
    yield { ...act, text: maskText(act.text), media: act.media.map(() => MASKED_PICTURE) };
  else yield act;
}

const MASKED_PICTURE = "https://example.com/picture.png";

function expectedAfter(entries: readonly Entry[], index: number): readonly Happening[] {
  const rest = entries.slice(index + 1);
  const end = rest.findIndex(isAct);
  return (end === -1 ? rest : rest.slice(0, end)).filter(isExpectation);
}

/** How it looks when everything in it is masked: what was derived from a text has the form of what is derived from its mask. */
function formOf(happened: readonly Happening[]): string {
  return maskText(JSON.stringify(happened));
}
