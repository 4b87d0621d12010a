import type { Accuse, Offence, SentText, TakenMessage } from "./evidence.ts";
import type { JudgedTurn } from "./turns.ts";
import { STOP, STOP_TOLD, tokenOf } from "./words.ts";

/**
 * After a STOP was accepted nothing more of the answers before it is sent with that number, not even after START: but for the one part that was claimed
 * by then, which may be on its way, or be sent again after START where Twilio has not taken it. A person's parts are claimed one after the other, so it is
 * one at most. The confirmation of a STOP is no such answer.
 */
export function judgeStops(
  turns: readonly JudgedTurn[],
  texts: readonly SentText[],
  taken: readonly TakenMessage[],
  accuse: Accuse,
): Offence[] {
  const acceptedAt = new Map(texts.map((text) => [text.sid, text.acceptedAt]));
  const answered = turnsOf(turns);
  const unwanted = turns.flatMap(({ heard: { text, sid } }, stop) => {
    const stoppedAt = text === STOP ? (acceptedAt.get(sid ?? "") ?? null) : null;
    if (stoppedAt === null) return [];
    const late = taken.filter(
      (message) => message.at > stoppedAt && answered(message) < stop && message.body !== STOP_TOLD,
    );
    return late.slice(1);
  });
  return [...new Set(unwanted)].map(({ body, sid }) =>
    accuse("unwanted", `"${body}" was sent although STOP had been accepted`, body, sid),
  );
}

/** Finds the turn that a message answers, by its SID or its token; the last one and more where it cannot be told. */
function turnsOf(turns: readonly JudgedTurn[]): (message: TakenMessage) => number {
  const bySid = new Map<string | null, number>();
  const byToken = new Map<string | null, number>();
  for (const [index, { heard, said }] of turns.entries()) {
    byToken.set(tokenOf(heard.text), index);
    for (const { sid } of said) bySid.set(sid, index);
  }
  return ({ sid, body }) => bySid.get(sid) ?? byToken.get(tokenOf(body) ?? body) ?? turns.length;
}
