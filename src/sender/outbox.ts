import {
  RETRY_BASE_MILLISECONDS,
  RETRY_CEILING_MILLISECONDS,
  SEND_TRIES,
  SETTLE_AFTER_MILLISECONDS,
  SETTLE_TRIES,
} from "../core/limits.ts";
import type { Answer, ListedMessage, TakenMessage } from "../twilio/answer.ts";
import { isForward, type Progress, progressOf, type StatusReport } from "../twilio/status.ts";
import type { Delivery, Part, Turn } from "./state.ts";

/** Parts go out one after the other, so only the first unsent one of a turn ever needs anything. */
function firstUnsent(turn: Turn): number {
  return turn.parts.findIndex(({ delivery }) => isUnsent(delivery));
}

/** @returns when the turn's outbox needs something next, or null when every part has gone to Twilio, or never will */
export function dueAt(turn: Turn): number | null {
  const delivery = turn.parts[firstUnsent(turn)]?.delivery;
  switch (delivery?.status) {
    case "pending":
      return delivery.notBefore;
    case "claimed":
      return delivery.at + SETTLE_AFTER_MILLISECONDS;
    case "uncertain":
      return delivery.settleAt;
    default:
      return null;
  }
}

function isUnsent(delivery: Delivery): boolean {
  return delivery.status === "pending" || delivery.status === "claimed" || delivery.status === "uncertain";
}

/** What is to be done at Twilio for a part. */
export interface Job {
  /** `post` sends it; `look-up` asks whether it was sent. */
  readonly kind: "post" | "look-up";
  readonly turn: Turn;
  readonly index: number;
}

/** What the outbox does with a turn: the job that is due and the turn as it must be stored before the job is done, or when to come again. */
export type Plan =
  | { readonly kind: "job"; readonly job: Job }
  | { readonly kind: "wait"; readonly until: number }
  | { readonly kind: "sent"; readonly turn: Turn };

/**
 * Plans the next job of a turn, claiming the part that is to be sent.
 * @param withdrawn the sender has opted out: what is not claimed yet is dropped, nothing more is sent
 */
export function plan(turn: Turn, withdrawn: boolean, now: number): Plan {
  const due = dueAt(turn);
  if (due === null) return { kind: "sent", turn };
  if (due > now) return { kind: "wait", until: due };
  const index = firstUnsent(turn);
  const { delivery } = partAt(turn, index);
  if (delivery.status !== "pending") return { kind: "job", job: { kind: "look-up", turn, index } };
  if (withdrawn) return { kind: "sent", turn: dropPending(turn, now) };
  return { kind: "job", job: { kind: "post", turn: withDelivery(turn, index, claimed(delivery, now)), index } };
}

function dropPending(turn: Turn, now: number): Turn {
  const dropped: Delivery = { status: "dropped", at: now, reason: "the sender opted out" };
  const parts = turn.parts.map((part) => (part.delivery.status === "pending" ? { ...part, delivery: dropped } : part));
  return { ...turn, parts };
}

export function withDelivery(turn: Turn, index: number, delivery: Delivery): Turn {
  return { ...turn, parts: turn.parts.with(index, { ...partAt(turn, index), delivery }) };
}

export function partAt(turn: Turn, index: number): Part {
  const part = turn.parts[index];
  if (part === undefined) throw new RangeError(`turn ${turn.id} has no part ${index}`);
  return part;
}

function claimed({ tries }: { readonly tries: number }, now: number): Delivery {
  return { status: "claimed", tries: tries + 1, at: now };
}

/**
 * After the POST. Where a callback was faster, it knows better and nothing changes.
 * @param chance a random number from 0 to 1, for the jitter
 */
export function afterPost(delivery: Delivery, answer: Answer<TakenMessage>, now: number, chance: number): Delivery {
  if (delivery.status !== "claimed") return delivery;
  switch (answer.kind) {
    case "done":
      return taken(answer.value, now);
    case "refused":
      return { status: "refused", at: now, error: { code: answer.refusal.code, message: answer.refusal.message } };
    case "busy":
      return delivery.tries >= SEND_TRIES
        ? { status: "refused", at: now, error: { code: 20429, message: `Twilio was busy ${SEND_TRIES} times` } }
        : { status: "pending", tries: delivery.tries, notBefore: now + backoff(delivery.tries, answer, chance) };
    case "unsure":
      return {
        status: "uncertain",
        tries: delivery.tries,
        at: delivery.at,
        settleAt: now + SETTLE_AFTER_MILLISECONDS,
        asked: 0,
        reason: answer.reason,
      };
  }
}

/** Full jitter under a doubling ceiling (as Twilio's own client does), but never before Twilio's Retry-After. */
function backoff(tries: number, answer: { readonly retryAfterMilliseconds: number | null }, chance: number): number {
  const ceiling = Math.min(RETRY_CEILING_MILLISECONDS, RETRY_BASE_MILLISECONDS * 2 ** tries);
  return Math.ceil(chance * ceiling) + (answer.retryAfterMilliseconds ?? 0);
}

/** A claim, or a doubt, whose POST nobody saw end. */
function isInDoubt(delivery: Delivery): delivery is Extract<Delivery, { status: "claimed" | "uncertain" }> {
  return delivery.status === "claimed" || delivery.status === "uncertain";
}

/**
 * After Twilio was asked for its list: found → it was taken; absent → it may be sent again; no answer → ask again later, and in the end
 * say that it is unknown.
 * @param known SIDs that belong to other parts of the sender's, so that an equal text sent before is not taken for this one
 */
export function afterLookup(
  part: Part,
  answer: Answer<readonly ListedMessage[]>,
  known: ReadonlySet<string>,
  now: number,
): Delivery {
  const { delivery } = part;
  if (!isInDoubt(delivery)) return delivery;
  if (answer.kind === "done") {
    const found = answer.value.find((message) => !known.has(message.sid) && isSame(part, message, delivery.at));
    return found === undefined ? { status: "pending", tries: delivery.tries, notBefore: now } : taken(found, now);
  }
  const asked = (delivery.status === "uncertain" ? delivery.asked : 0) + 1;
  const reason =
    delivery.status === "uncertain" ? delivery.reason : "the Worker stopped while Twilio was asked to send it";
  if (asked >= SETTLE_TRIES) return { status: "unknown", at: now, reason };
  const settleAt = now + SETTLE_AFTER_MILLISECONDS;
  return { status: "uncertain", tries: delivery.tries, at: delivery.at, settleAt, asked, reason };
}

/** Twilio's clock may be some seconds behind ours and has whole seconds. */
const CLOCK_SKEW_MILLISECONDS = 10_000;

function isSame(part: Part, message: ListedMessage, claimedAt: number): boolean {
  return (
    message.text === part.text &&
    message.mediaCount === part.media.length &&
    message.createdAt >= claimedAt - CLOCK_SKEW_MILLISECONDS
  );
}

/** After a status callback: forward only; a callback for another message of Twilio's changes nothing. */
export function afterReport(delivery: Delivery, report: StatusReport, now: number): Delivery {
  const next: Delivery = { status: report.progress, sid: report.sid, at: now, error: errorOf(report) };
  if (!("sid" in delivery)) return next;
  return delivery.sid === report.sid && isForward(delivery.status, report.progress) ? next : delivery;
}

function taken(message: TakenMessage, now: number): Delivery {
  const progress: Progress = progressOf(message.status) ?? "queued";
  return { status: progress, sid: message.sid, at: now, error: errorOf(message) };
}

function errorOf({ errorCode }: { readonly errorCode: number | null }): { code: number; message: string } | null {
  return errorCode === null ? null : { code: errorCode, message: `Twilio error ${errorCode}` };
}
