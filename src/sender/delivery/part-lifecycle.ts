import {
  RETRY_AFTER_CEILING_MILLISECONDS,
  RETRY_CEILING_MILLISECONDS,
  SEND_TRIES,
  SETTLE_TRIES,
} from "../../core/limits/sender.ts";
import type { DeliveryError } from "../../core/message-status.ts";
import { type SendTiming } from "../../core/send-timing.ts";
import { explainError } from "../../twilio/error-codes.ts";
import type { AcceptedMessage, ListedMessage, TwilioAnswer, TwilioRefusal } from "../../twilio/rest-answer.ts";
import { isLaterStatus, type StatusReport, toDeliveryStatus } from "../../twilio/status-callback.ts";
import type { Delivery, Part, Turn } from "../model/state.ts";
import { calculateBackoff } from "./retry-timing.ts";

/** Parts go out one after the other, so only the first unsent one of a turn ever needs anything. */
function findFirstUnsentIndex(turn: Turn): number {
  return turn.parts.findIndex(({ delivery }) => isUnsent(delivery));
}

/** @returns when the turn's outbox needs something next (0: now), or null when every part has gone to Twilio, or never will */
export function nextPartDueAt(turn: Turn, pace: SendTiming): number | null {
  const index = findFirstUnsentIndex(turn);
  const delivery = turn.parts[index]?.delivery;
  switch (delivery?.status) {
    case "pending":
      return formerPartWait(turn, index, pace);
    case "retrying":
      return Math.max(delivery.dueAt, formerPartWait(turn, index, pace));
    case "claimed":
      return delivery.at + pace.settleAfter;
    case "uncertain":
      return delivery.settleAt;
    default:
      return null;
  }
}

/** The next part of an answer waits until Twilio has reported the one before as sent, but not for ever. */
function formerPartWait(turn: Turn, index: number, pace: SendTiming): number {
  const former = turn.parts[index - 1]?.delivery;
  return former?.status === "queued" ? former.at + pace.partWait : 0;
}

/** It has neither gone to Twilio for certain, nor been given up. */
export function isUnsent({ status }: Delivery): boolean {
  return isWaiting(status) || status === "claimed" || status === "uncertain";
}

/** Nothing of it is on its way: it may still be dropped. */
export function isWaiting(status: Delivery["status"]): status is "pending" | "retrying" {
  return status === "pending" || status === "retrying";
}

/** What is to be done at Twilio for a part. */
export interface PartAction {
  /** `post` sends it; `look-up` asks whether it was sent; `meter` asks whether the daily caps let it pass, and all parts of the turn behind it. */
  readonly kind: "post" | "look-up" | "meter";
  readonly turn: Turn;
  readonly index: number;
}

/** What the outbox does with a turn: the job that is due and the turn as it must be stored before the job is done, or when to come again. */
export type PartPlan =
  | { readonly kind: "job"; readonly job: PartAction }
  | { readonly kind: "wait"; readonly until: number }
  | { readonly kind: "sent"; readonly turn: Turn };

/**
 * Plans the next job of a turn, claiming the part that is to be sent.
 * @param withdrawn the sender has opted out: what is not claimed yet is dropped, nothing more is sent
 */
export function planPartAction(turn: Turn, withdrawn: boolean, now: number, pace: SendTiming): PartPlan {
  const due = nextPartDueAt(turn, pace);
  if (due === null) return { kind: "sent", turn };
  const index = findFirstUnsentIndex(turn);
  const { delivery } = getPart(turn, index);
  if (isWaiting(delivery.status) && isForbidden(getPart(turn, index), withdrawn))
    return {
      kind: "sent",
      turn: dropWaitingParts(turn, OPTED_OUT_REASON, now, (part) => isForbidden(part, withdrawn)),
    };
  if (due > now) return { kind: "wait", until: due };
  if (!isWaiting(delivery.status)) return { kind: "job", job: { kind: "look-up", turn, index } };
  const claim: Delivery = { status: "claimed", tries: countTries(delivery) + 1, at: now };
  return { kind: "job", job: { kind: "post", turn: withDelivery(turn, index, claim), index } };
}

const OPTED_OUT_REASON = "the sender opted out";

/** @returns the job of asking whether a turn's parts may be sent, where nobody has asked yet, or null. A confirmation of an opt-out is sent in any case */
export function planCapCheck(turn: Turn, withdrawn: boolean): PartAction | null {
  const { metered = 0, parts } = turn;
  return !withdrawn && parts.slice(metered).some(isSubjectToCap) ? { kind: "meter", turn, index: metered } : null;
}

function isSubjectToCap({ delivery, confirms }: Part): boolean {
  return isWaiting(delivery.status) && confirms !== true;
}

/** The Meter has answered for the parts of a turn from one on, as they were then. @param over whose cap is against it; null: nobody's */
export function applyCapVerdict(
  turn: Turn,
  { turn: asked, index }: PartAction,
  over: string | null,
  now: number,
): Turn {
  const metered = { ...turn, metered: asked.parts.length };
  if (over === null) return metered;
  const concerned = new Set(turn.parts.slice(index, asked.parts.length).filter(isSubjectToCap));
  return dropWaitingParts(metered, formatCapReason(over), now, (part) => concerned.has(part));
}

/** @param over whose cap it is */
export function formatCapReason(over: string): string {
  return `the daily cap of the ${over} was reached`;
}

/** A confirmation is sent after an opt-out; what was on its way when that came is not sent again, not even after START. */
function isForbidden({ confirms, barred }: Part, withdrawn: boolean): boolean {
  return barred === true || (withdrawn && confirms !== true);
}

/** @returns the turn without what still waits to be sent; the same one where nothing does */
export function dropWaitingParts(
  turn: Turn,
  reason: string,
  now: number,
  concerns: (part: Part) => boolean = () => true,
): Turn {
  const isDropped = (part: Part) => isWaiting(part.delivery.status) && concerns(part);
  if (!turn.parts.some(isDropped)) return turn;
  const dropped: Delivery = { status: "dropped", at: now, reason };
  return { ...turn, parts: turn.parts.map((part) => (isDropped(part) ? { ...part, delivery: dropped } : part)) };
}

/**
 * The sender has opted out: nothing that waits is sent, and nothing that is on its way is sent again.
 * @param spares confirmations of an earlier opt-out stay
 * @returns the same turn where it changes nothing
 */
export function blockAfterOptOut(turn: Turn, spares: boolean, now: number): Turn {
  const isConcerned = ({ confirms }: Part) => !(spares && confirms === true);
  const dropped = dropWaitingParts(turn, OPTED_OUT_REASON, now, isConcerned);
  const isToBlock = (part: Part) => isUnsent(part.delivery) && isConcerned(part) && part.barred !== true;
  if (!dropped.parts.some(isToBlock)) return dropped;
  return { ...dropped, parts: dropped.parts.map((part) => (isToBlock(part) ? { ...part, barred: true } : part)) };
}

function countTries(delivery: Delivery): number {
  return "tries" in delivery ? delivery.tries : 0;
}

export function withDelivery(turn: Turn, index: number, delivery: Delivery): Turn {
  return { ...turn, parts: turn.parts.with(index, { ...getPart(turn, index), delivery }) };
}

export function getPart(turn: Turn, index: number): Part {
  const part = turn.parts[index];
  if (part === undefined) throw new RangeError(`turn ${turn.id} has no part ${index}`);
  return part;
}

/**
 * After the POST. Where a callback was faster, it knows better and nothing changes.
 * @param moment.chance a random number from 0 to 1, for the jitter
 */
export function applyPostAnswer(
  delivery: Delivery,
  answer: TwilioAnswer<AcceptedMessage>,
  { now, chance, pace }: { readonly now: number; readonly chance: number; readonly pace: SendTiming },
): Delivery {
  if (delivery.status !== "claimed") return delivery;
  const { tries, at } = delivery;
  switch (answer.kind) {
    case "done":
      return toAcceptedDelivery(answer.value, now);
    case "refused":
      return isTemporaryRefusal(answer.refusal)
        ? scheduleRetry(
            tries,
            now + calculateBackoff(tries, chance, RETRY_CEILING_MILLISECONDS),
            toDeliveryError(answer.refusal),
            now,
          )
        : failDelivery(toDeliveryError(answer.refusal), now);
    case "busy": {
      const asked = Math.min(answer.retryAfterMilliseconds ?? 0, RETRY_AFTER_CEILING_MILLISECONDS);
      return scheduleRetry(
        tries,
        now + asked + calculateBackoff(tries, chance, RETRY_CEILING_MILLISECONDS),
        { code: 20_429, message: "Twilio is busy" },
        now,
      );
    }
    case "unsure": {
      const settleAt = now + pace.settleAfter;
      return { status: "uncertain", tries, at, settleAt, asked: 0, reason: answer.reason };
    }
  }
}

function scheduleRetry(tries: number, due: number, error: DeliveryError, now: number): Delivery {
  return tries >= SEND_TRIES ? failDelivery(error, now) : { status: "retrying", tries, dueAt: due, error };
}

function failDelivery(error: DeliveryError, now: number): Delivery {
  return { status: "failed", sid: null, at: now, error };
}

/** A wrong token is put right, a full queue runs empty: the same message may be taken later. */
function isTemporaryRefusal({ code, httpStatus }: TwilioRefusal): boolean {
  return httpStatus === 401 || (code !== null && explainError(code)?.retryable === true);
}

function toDeliveryError({ code, message }: TwilioRefusal): DeliveryError {
  return { code, message };
}

/**
 * After Twilio was asked for its list: found → it was taken; absent → it may be sent again; no answer → ask again later, and in the end
 * say that it is unknown.
 * @param known SIDs that belong to other parts of the sender's, so that an equal text sent before is not taken for this one
 */
export function applyLookupAnswer(
  part: Part,
  answer: TwilioAnswer<readonly ListedMessage[]>,
  known: ReadonlySet<string>,
  {
    now,
    pace,
    whenUnknown,
  }: { readonly now: number; readonly pace: SendTiming; readonly whenUnknown: Turn["whenUnknown"] },
): Delivery {
  const { delivery } = part;
  if (delivery.status !== "claimed" && delivery.status !== "uncertain") return delivery;
  const { tries, at } = delivery;
  const reason = delivery.status === "uncertain" ? delivery.reason : "Parley stopped while it was being sent";
  if (answer.kind === "done") {
    const found = answer.value.find((message) => !known.has(message.sid) && isSameMessage(part, message, at));
    return found === undefined
      ? scheduleRetry(tries, now, { code: null, message: reason }, now)
      : toAcceptedDelivery(found, now);
  }
  const asked = (delivery.status === "uncertain" ? delivery.asked : 0) + 1;
  if (asked >= SETTLE_TRIES) return { status: whenUnknown === "hold" ? "unknown" : "dropped", at: now, reason };
  return { status: "uncertain", tries, at, settleAt: now + pace.settleAfter, asked, reason };
}

/** Twilio's clock may be some seconds behind ours and has whole seconds. */
const CLOCK_SKEW_MILLISECONDS = 10_000;

/** Twilio may put words of its own before a text (trial accounts), and may count media later than it takes the message. */
function isSameMessage({ text, media }: Part, message: ListedMessage, claimedAt: number): boolean {
  const sameText = text === "" ? message.text === "" : message.text.trimEnd().endsWith(text);
  return sameText && message.mediaCount <= media.length && message.createdAt >= claimedAt - CLOCK_SKEW_MILLISECONDS;
}

/** What an operator says of a part that is `unknown`. */
export type PartResolution = "sent" | "resend" | "drop";

/** @returns the same object where the part is not `unknown`: nobody may send again what is known to have been sent */
export function applyResolution(delivery: Delivery, resolution: PartResolution, now: number): Delivery {
  if (delivery.status !== "unknown") return delivery;
  switch (resolution) {
    case "resend":
      return { status: "pending" };
    case "drop":
      return { status: "dropped", at: now, reason: `${delivery.reason}; dropped by the operator` };
    case "sent":
      return { status: "sent", sid: null, at: now, error: null };
  }
}

/** After a status callback: forward only; a callback for another message of Twilio's changes nothing. */
export function applyStatusReport(delivery: Delivery, report: StatusReport, now: number): Delivery {
  const { sid, progress, errorCode } = report;
  if (!("sid" in delivery) || delivery.sid === null)
    return toAcceptedDelivery({ sid, status: progress, errorCode }, now);
  const forward = delivery.sid === sid && isLaterStatus(delivery.status, progress);
  return forward ? toAcceptedDelivery({ sid, status: progress, errorCode }, now) : delivery;
}

function toAcceptedDelivery({ sid, status, errorCode }: AcceptedMessage, at: number): Delivery {
  const error = errorCode === null ? null : describeErrorCode(errorCode);
  const progress = toDeliveryStatus(status) ?? "queued";
  if (progress !== "failed") return { status: progress, sid, at, error };
  return { status: progress, sid, at, error: error ?? { code: null, message: "Twilio gave no reason" } };
}

function describeErrorCode(code: number): DeliveryError {
  const known = explainError(code);
  return { code, message: known === null ? `Twilio error ${code}` : `${known.meaning} ${known.advice}` };
}
