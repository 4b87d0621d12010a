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

/** Parts are sent one after the other, so only the first unsent part of a turn ever needs an action. */
function findFirstUnsentIndex(turn: Turn): number {
  return turn.parts.findIndex(({ delivery }) => isUnsent(delivery));
}

/** @returns when a turn needs the next action (0: now); null if all of its parts are sent or given up */
export function nextPartDueAt(turn: Turn, timing: SendTiming): number | null {
  const index = findFirstUnsentIndex(turn);
  const delivery = turn.parts[index]?.delivery;
  switch (delivery?.status) {
    case "pending":
      return getSendableAt(turn, index, timing);
    case "retrying":
      return Math.max(delivery.dueAt, getSendableAt(turn, index, timing));
    case "claimed":
      return delivery.at + timing.settleAfter;
    case "uncertain":
      return delivery.settleAt;
    default:
      return null;
  }
}

/** @returns until when a part waits for the one before it: until Twilio reports that as sent, but at most `partWait` */
function getSendableAt(turn: Turn, index: number, timing: SendTiming): number {
  const former = turn.parts[index - 1]?.delivery;
  return former?.status === "queued" ? former.at + timing.partWait : 0;
}

/** Returns whether a part is neither certainly accepted by Twilio nor given up. */
export function isUnsent({ status }: Delivery): boolean {
  return isWaiting(status) || status === "claimed" || status === "uncertain";
}

/** Returns whether a part is not in flight and may still be dropped. */
export function isWaiting(status: Delivery["status"]): status is "pending" | "retrying" {
  return status === "pending" || status === "retrying";
}

/** An action for a part of a turn. */
export interface PartAction {
  /**
   * `post` sends the part; `look-up` asks Twilio whether the part was sent; `meter` asks whether the daily caps allow
   * it and all later parts of the turn.
   */
  readonly kind: "post" | "look-up" | "meter";
  readonly turn: Turn;
  readonly index: number;
}

/**
 * The next action of a turn, which must be stored before it is performed; or until when to wait; or a turn without any
 * action.
 */
export type PartPlan =
  | { readonly kind: "act"; readonly action: PartAction }
  | { readonly kind: "wait"; readonly until: number }
  | { readonly kind: "sent"; readonly turn: Turn };

/**
 * Plans the next action of a turn. Claims a part that is to be sent.
 * @param withdrawn whether the contact has opted out: unclaimed parts are dropped, and nothing more is sent
 */
export function planPartAction(turn: Turn, withdrawn: boolean, now: number, timing: SendTiming): PartPlan {
  const due = nextPartDueAt(turn, timing);
  if (due === null) return { kind: "sent", turn };
  const index = findFirstUnsentIndex(turn);
  const { delivery } = getPart(turn, index);
  if (isWaiting(delivery.status) && isForbidden(getPart(turn, index), withdrawn))
    return {
      kind: "sent",
      turn: dropWaitingParts(turn, OPTED_OUT_REASON, now, (part) => isForbidden(part, withdrawn)),
    };
  if (due > now) return { kind: "wait", until: due };
  if (!isWaiting(delivery.status)) return { kind: "act", action: { kind: "look-up", turn, index } };
  const claim: Delivery = { status: "claimed", tries: countTries(delivery) + 1, at: now };
  return { kind: "act", action: { kind: "post", turn: withDelivery(turn, index, claim), index } };
}

const OPTED_OUT_REASON = "the contact opted out";

/**
 * @returns a `meter` action for parts that were not checked against the daily caps, or null. The confirmation of an
 * opt-out needs no check
 */
export function planCapCheck(turn: Turn, withdrawn: boolean): PartAction | null {
  const { metered = 0, parts } = turn;
  return !withdrawn && parts.slice(metered).some(isSubjectToCap) ? { kind: "meter", turn, index: metered } : null;
}

function isSubjectToCap({ delivery, confirms }: Part): boolean {
  return isWaiting(delivery.status) && confirms !== true;
}

/**
 * Applies the Meter's verdict to the parts that it was asked about.
 * @param over whose cap is reached; null if the parts pass
 */
export function applyCapVerdict(
  turn: Turn,
  { turn: checked, index }: PartAction,
  over: string | null,
  now: number,
): Turn {
  const metered = { ...turn, metered: checked.parts.length };
  if (over === null) return metered;
  const concerned = new Set(turn.parts.slice(index, checked.parts.length).filter(isSubjectToCap));
  return dropWaitingParts(metered, formatCapReason(over), now, (part) => concerned.has(part));
}

/** @param over whose cap is reached */
export function formatCapReason(over: string): string {
  return `the daily cap of the ${over} was reached`;
}

/**
 * Returns whether an opt-out forbids a part. Only its confirmation may be sent; parts in flight at that time are never
 * sent again.
 */
function isForbidden({ confirms, barred }: Part, withdrawn: boolean): boolean {
  return barred === true || (withdrawn && confirms !== true);
}

/**
 * Drops waiting parts.
 * @param concerns selects among them; default: all
 * @returns the same turn if no part is dropped
 */
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
 * Drops the waiting parts of a turn after an opt-out, and blocks the parts in flight from ever being sent again.
 * @param keepsConfirmation whether the confirmation of an earlier opt-out is still sent
 * @returns the same turn if nothing changes
 */
export function blockAfterOptOut(turn: Turn, keepsConfirmation: boolean, now: number): Turn {
  const isConcerned = ({ confirms }: Part) => !(keepsConfirmation && confirms === true);
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
 * Applies the answer to the POST of a part. If a status callback was faster, nothing changes.
 * @param chance a random number from 0 to 1, for the jitter
 */
export function applyPostAnswer(
  delivery: Delivery,
  answer: TwilioAnswer<AcceptedMessage>,
  { now, chance, timing }: { readonly now: number; readonly chance: number; readonly timing: SendTiming },
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
      const retryAfter = Math.min(answer.retryAfterMilliseconds ?? 0, RETRY_AFTER_CEILING_MILLISECONDS);
      return scheduleRetry(
        tries,
        now + retryAfter + calculateBackoff(tries, chance, RETRY_CEILING_MILLISECONDS),
        { code: 20_429, message: "Twilio is busy" },
        now,
      );
    }
    case "unsure": {
      const settleAt = now + timing.settleAfter;
      return { status: "uncertain", tries, at, settleAt, asked: 0, reason: answer.reason };
    }
  }
}

function scheduleRetry(tries: number, dueAt: number, error: DeliveryError, now: number): Delivery {
  return tries >= SEND_TRIES ? failDelivery(error, now) : { status: "retrying", tries, dueAt, error };
}

function failDelivery(error: DeliveryError, now: number): Delivery {
  return { status: "failed", sid: null, at: now, error };
}

/**
 * Returns whether Twilio may accept the same message later: a wrong token can be corrected, and a full queue drains.
 */
function isTemporaryRefusal({ code, httpStatus }: TwilioRefusal): boolean {
  return httpStatus === 401 || (code !== null && explainError(code)?.retryable === true);
}

function toDeliveryError({ code, message }: TwilioRefusal): DeliveryError {
  return { code, message };
}

/**
 * Applies a search in Twilio's message list. Found: the part was sent. Not found: it may be sent again. No answer: it
 * is looked up again later, and becomes `unknown` after the last try.
 * @param knownSids SIDs of the contact's other parts, so that an equal text sent before is not mistaken for this one
 */
export function applyLookupAnswer(
  part: Part,
  answer: TwilioAnswer<readonly ListedMessage[]>,
  knownSids: ReadonlySet<string>,
  {
    now,
    timing,
    whenUnknown,
  }: { readonly now: number; readonly timing: SendTiming; readonly whenUnknown: Turn["whenUnknown"] },
): Delivery {
  const { delivery } = part;
  if (delivery.status !== "claimed" && delivery.status !== "uncertain") return delivery;
  const { tries, at } = delivery;
  const reason = delivery.status === "uncertain" ? delivery.reason : "Parley stopped while the part was being sent";
  if (answer.kind === "done") {
    const found = answer.value.find((message) => !knownSids.has(message.sid) && isSameMessage(part, message, at));
    return found === undefined
      ? scheduleRetry(tries, now, { code: null, message: reason }, now)
      : toAcceptedDelivery(found, now);
  }
  const lookups = (delivery.status === "uncertain" ? delivery.asked : 0) + 1;
  if (lookups >= SETTLE_TRIES) return { status: whenUnknown === "hold" ? "unknown" : "dropped", at: now, reason };
  return { status: "uncertain", tries, at, settleAt: now + timing.settleAfter, asked: lookups, reason };
}

/** Twilio's clock may be some seconds behind, and its times are in whole seconds. */
const CLOCK_SKEW_MILLISECONDS = 10_000;

/**
 * Compares a part with a message of the list. Trial accounts get a prefix, and Twilio may count media after it accepts
 * a message.
 */
function isSameMessage({ text, media }: Part, message: ListedMessage, claimedAt: number): boolean {
  const sameText = text === "" ? message.text === "" : message.text.trimEnd().endsWith(text);
  return sameText && message.mediaCount <= media.length && message.createdAt >= claimedAt - CLOCK_SKEW_MILLISECONDS;
}

/** An operator's decision on a part with status `unknown`. */
export type PartResolution = "sent" | "resend" | "drop";

/** @returns the same object unless the part is `unknown`: a part that was certainly sent must not be sent again */
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

/** Applies a status callback. The status only moves forward, and a callback for another SID changes nothing. */
export function applyStatusReport(delivery: Delivery, report: StatusReport, now: number): Delivery {
  const { sid, progress, errorCode } = report;
  if (!("sid" in delivery) || delivery.sid === null)
    return toAcceptedDelivery({ sid, status: progress, errorCode }, now);
  const isForward = delivery.sid === sid && isLaterStatus(delivery.status, progress);
  return isForward ? toAcceptedDelivery({ sid, status: progress, errorCode }, now) : delivery;
}

function toAcceptedDelivery({ sid, status, errorCode }: AcceptedMessage, at: number): Delivery {
  const error = errorCode === null ? null : describeErrorCode(errorCode);
  const progress = toDeliveryStatus(status) ?? "queued";
  if (progress !== "failed") return { status: progress, sid, at, error };
  return { status: progress, sid, at, error: error ?? { code: null, message: "Twilio gave no reason" } };
}

function describeErrorCode(code: number): DeliveryError {
  const explanation = explainError(code);
  if (explanation === null) return { code, message: `Twilio error ${code}` };
  return { code, message: `${explanation.meaning} ${explanation.advice}` };
}
