import {
  type Accuse,
  between,
  type Evidence,
  type Offence,
  type SentText,
  type TakenMessage,
  type Transcript,
  type TranscriptMessage,
} from "./evidence.ts";
import { answersLater } from "./setup.ts";
import { judgeStops } from "./stops.ts";
import { dueAnswers, type JudgedTurn, judgedTurns, silentTokens } from "./turns.ts";
import { tokenOf } from "./words.ts";

/** Compares what people sent, what Twilio took and what the transcripts say. */
export function judge(evidence: Evidence): readonly Offence[] {
  const pairs = evidence.transcripts.map((transcript) => ({
    transcript,
    texts: between(evidence.texts, transcript),
    taken: between(evidence.taken, transcript),
  }));
  return [...pairs.flatMap(judgePair), ...strangers(evidence), ...interleaved(evidence), ...judgeAsked(evidence)];
}

interface Pair {
  readonly transcript: Transcript;
  readonly texts: readonly SentText[];
  readonly taken: readonly TakenMessage[];
}

function judgePair({ transcript, texts, taken }: Pair): readonly Offence[] {
  const { phone, number, messages } = transcript;
  const accuse: Accuse = (kind, what, ...about) => ({ kind, phone, number, what, about });
  const turns = judgedTurns(messages, texts, number);
  const heard = turns.map((turn) => turn.heard);
  return [
    ...judgeTexts(texts, heard, accuse),
    ...judgeArrivals(texts, heard, accuse),
    ...judgeAnswers(turns, taken, accuse),
    ...judgeStops(turns, texts, taken, accuse),
    ...judgeSaid(turns, messages, taken, accuse),
  ];
}

/** Every accepted text is in the transcript once; no other text is, unless it was sent. */
function judgeTexts(texts: readonly SentText[], heard: readonly TranscriptMessage[], accuse: Accuse): Offence[] {
  const times = countBy(heard.map(({ sid }) => sid ?? "none"));
  const known = new Map(texts.map((text) => [text.sid, text]));
  const lost = texts.filter(({ sid, acceptedAt }) => acceptedAt !== null && !times.has(sid));
  const twice = texts.filter(({ sid }) => (times.get(sid) ?? 0) > 1);
  const foreign = heard.filter(({ sid, text }) => known.get(sid ?? "")?.body !== text);
  return [
    ...lost.map(({ sid, body }) => accuse("lost", `the text "${body}" was accepted and is gone`, sid, body)),
    ...twice.map(({ sid, body }) => accuse("duplicated", `the text "${body}" has two turns`, sid, body)),
    ...foreign.map(({ id, text }) => accuse("difference", `turn ${id} heard "${text}", which nobody sent so`, text)),
  ];
}

/** A text that was accepted before another was first delivered stands before it. */
function judgeArrivals(texts: readonly SentText[], heard: readonly TranscriptMessage[], accuse: Accuse): Offence[] {
  const known = new Map(texts.map((text) => [text.sid, text]));
  const inOrder = heard.flatMap(({ sid }) => known.get(sid ?? "") ?? []);
  const offences: Offence[] = [];
  let earliest: SentText | null = null;
  for (const text of inOrder.toReversed()) {
    if (earliest?.acceptedAt != null && earliest.acceptedAt < text.startedAt) {
      const what = `"${earliest.body}" was accepted before "${text.body}" arrived, and stands after it`;
      offences.push(accuse("disordered", what, earliest.body, text.body));
    }
    if (text.acceptedAt !== null && text.acceptedAt < (earliest?.acceptedAt ?? Number.POSITIVE_INFINITY))
      earliest = text;
  }
  return offences;
}

/** Twilio took every part of every turn once, and in the order of the transcript; and no answer to a text that came after STOP. */
function judgeAnswers(turns: readonly JudgedTurn[], taken: readonly TakenMessage[], accuse: Accuse): Offence[] {
  const answers = turns.flatMap(dueAnswers);
  const silent = silentTokens(turns);
  const wanted = countBy(answers);
  const got = countBy(taken.map(({ body }) => body));
  const offences: Offence[] = [];
  for (const body of new Set([...wanted.keys(), ...got.keys()])) {
    const surplus = (got.get(body) ?? 0) - (wanted.get(body) ?? 0);
    if (surplus < 0) offences.push(accuse("lost", `"${body}" was sent ${-surplus} times too few`, body));
    if (surplus > 0 && silent.has(tokenOf(body) ?? ""))
      offences.push(accuse("unwanted", `"${body}" answers a text that came after STOP`, body));
    else if (surplus > 0) offences.push(accuse("duplicated", `"${body}" was sent ${surplus} times too often`, body));
  }
  const unique = (body: string): boolean => wanted.get(body) === 1 && got.get(body) === 1;
  const should = answers.filter(unique);
  const is = taken.map(({ body }) => body).filter(unique);
  const at = should.findIndex((body, index) => body !== is[index]);
  if (at !== -1) {
    const what = `"${is[at]}" was sent where "${should[at]}" was due`;
    offences.push(accuse("disordered", what, should[at] ?? "", is[at] ?? ""));
  }
  return offences;
}

/** The transcript shows what Twilio took, by the same SIDs, and nothing else but what STOP has kept from it. */
function judgeSaid(
  turns: readonly JudgedTurn[],
  messages: readonly TranscriptMessage[],
  taken: readonly TakenMessage[],
  accuse: Accuse,
): Offence[] {
  const answers = turns.flatMap((turn) => turn.answers);
  const said = messages.filter(({ direction }) => direction === "out");
  const excused = new Set(turns.flatMap((turn) => turn.excused.map(({ id }) => id)));
  const bySid = new Map(taken.map((message) => [message.sid, message]));
  const shown = countBy(said.map(({ sid }) => sid ?? "none"));
  const offences = said.flatMap(({ id, sid, text, status }): readonly Offence[] => {
    if (sid === null && excused.has(id)) return [];
    if (sid === null) return [accuse("difference", `part ${id} "${text}" ended ${status}, without a SID`, text)];
    if (shown.get(sid) !== 1) return [accuse("difference", `part ${id} shares ${sid} with another part`, text, sid)];
    if (bySid.get(sid)?.body === text) return [];
    return [accuse("difference", `part ${id} "${text}" has ${sid}, which is not so at Twilio`, text, sid)];
  });
  const hidden = taken.filter(({ sid }) => !shown.has(sid));
  const at = answers.findIndex((answer, index) => said[index]?.text !== answer);
  return [
    ...offences,
    ...hidden.map(({ sid, body }) => accuse("difference", `Twilio took ${sid} "${body}", not in the transcript`, body)),
    ...(at === -1 && said.length === answers.length
      ? []
      : [
          accuse(
            "difference",
            `the transcript says "${said[at]?.text}" instead of "${answers[at]}"`,
            answers[at] ?? "",
          ),
        ]),
  ];
}

/** What Twilio took for, or got from, somebody who has no transcript. */
function strangers({ texts, taken, transcripts }: Evidence): readonly Offence[] {
  const known = new Set(transcripts.map(({ phone, number }) => `${phone} ${number}`));
  const isStrange = ({ phone, number }: { readonly phone: string; readonly number: string }): boolean =>
    !known.has(`${phone} ${number}`);
  return [
    ...texts
      .filter((text) => text.acceptedAt !== null && isStrange(text))
      .map((text) => ({ ...text, kind: "lost" as const })),
    ...taken.filter(isStrange).map((message) => ({ ...message, kind: "difference" as const })),
  ].map(({ kind, phone, number, sid, body }) => ({
    kind,
    phone,
    number,
    what: `there is no transcript for ${sid} "${body}"`,
    about: [body, sid],
  }));
}

/**
 * The bot is asked of every text under one id, which is the text's own, however often it is asked; and of nothing that nobody sent. So it can do the work
 * once.
 */
function judgeAsked({ asked, texts }: Evidence): readonly Offence[] {
  const sent = new Map(texts.map((text) => [text.sid, text]));
  return asked.flatMap(({ turn, message, phone, number, text }): readonly Offence[] => {
    const sid = turn.split("-")[1] ?? "";
    const known = sent.get(sid);
    const isRight =
      message === sid && turn === `${phone.slice(1)}-${sid}` && known?.phone === phone && known.body === text;
    const what = `the bot was asked of "${text}" as ${turn}, signed as ${message}`;
    return isRight ? [] : [{ kind: "misasked", phone, number, what, about: [text, sid] }];
  });
}

/**
 * All parts of a turn reach Twilio before the next turn of the same person begins, whatever the number; and in their order. An answer that comes later
 * may come between those of another number, but of its own number's it may not.
 */
function interleaved({ taken, transcripts }: Evidence): readonly Offence[] {
  const ids = new Map(transcripts.flatMap(({ messages }) => messages.map(({ sid, id }) => [sid, id] as const)));
  const last = new Map<string, { readonly turn: number; readonly part: number; readonly body: string }>();
  const begun = new Set<string>();
  return taken.flatMap(({ phone, number, sid, body }): readonly Offence[] => {
    const [turn, part] = (ids.get(sid) ?? "").split(".").map(Number);
    if (turn === undefined || part === undefined) return [];
    const thread = answersLater(number) ? `${phone} ${number}` : phone;
    const before = last.get(thread);
    last.set(thread, { turn, part, body });
    const key = `${phone} ${turn}`;
    const again = begun.has(key);
    begun.add(key);
    if (before === undefined || (before.turn === turn ? before.part < part : !again)) return [];
    const what = `part ${turn}.${part} "${body}" came after ${before.turn}.${before.part} "${before.body}"`;
    return [{ kind: "disordered", phone, number, what, about: [body, before.body] }];
  });
}

function countBy(keys: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
