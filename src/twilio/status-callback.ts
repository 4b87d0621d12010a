import { type PhoneNumber, parsePhone } from "../core/phone.ts";
import type { FieldProblem } from "../core/problem-document.ts";
import { fail, type Result, succeed } from "../core/result.ts";
import { getField, type WebhookForm } from "./form.ts";

/** How far Twilio has come with a part. `queued` is what it answers to the POST. */
export type DeliveryStatus = "queued" | "sent" | "delivered" | "undelivered" | "failed";

const RANK: Readonly<Record<DeliveryStatus, number>> = { queued: 0, sent: 1, delivered: 2, undelivered: 2, failed: 2 };

/** A status only ever moves forward: callbacks come late, twice and in any order, and the first final one stays. */
export function isLaterStatus(from: DeliveryStatus, to: DeliveryStatus): boolean {
  return RANK[to] > RANK[from];
}

/** @returns what Twilio's word means to us, or null where it says nothing of a part that goes out */
export function toDeliveryStatus(twilioStatus: string): DeliveryStatus | null {
  switch (twilioStatus.toLowerCase()) {
    case "accepted":
    case "scheduled":
    case "queued":
    case "sending":
      return "queued";
    case "sent":
      return "sent";
    case "delivered":
    case "read":
      return "delivered";
    case "undelivered":
    case "partially_delivered":
      return "undelivered";
    case "failed":
    case "canceled":
      return "failed";
    default:
      return null;
  }
}

/** Twilio's report on a part of ours (TWILIO.md 2.5). */
export interface StatusReport {
  readonly sid: string;
  readonly accountSid: string;
  /** The person's phone: which Sender the part belongs to. */
  readonly sender: PhoneNumber;
  /** Our own id of the part, from the URL that we gave with it. */
  readonly part: PartId;
  readonly progress: DeliveryStatus;
  readonly errorCode: number | null;
}

export interface PartId {
  readonly turn: number;
  readonly index: number;
}

const PART_ID = /^(\d{1,15})\.(\d{1,3})$/u;

/** The id of a part as transcripts and callback URLs carry it: `12.0`. */
export function formatPartId(part: PartId): string {
  return `${part.turn}.${part.index}`;
}

export function parsePartId(text: string): PartId | null {
  const match = PART_ID.exec(text);
  return match === null ? null : { turn: Number(match[1]), index: Number(match[2]) };
}

/**
 * @param partId the `part` parameter of the callback's URL
 * @returns the report, or null where Twilio's status is none that a part can have, or each field that is malformed
 */
export function parseStatusReport(
  form: WebhookForm,
  partId: string,
): Result<StatusReport | null, readonly FieldProblem[]> {
  const problems: FieldProblem[] = [];
  const sid = getField(form, "MessageSid") || getField(form, "SmsSid");
  if (sid === "") problems.push({ pointer: "MessageSid", detail: "MessageSid is missing." });
  const sender = parsePhone(getField(form, "To"));
  if (sender === null)
    problems.push({ pointer: "To", detail: "To must be the phone number that the message went to." });
  const part = parsePartId(partId);
  if (part === null)
    problems.push({ pointer: "part", detail: "The URL must carry part=TURN.INDEX, as Parley gave it." });
  const status = getField(form, "MessageStatus") || getField(form, "SmsStatus");
  if (status === "") problems.push({ pointer: "MessageStatus", detail: "MessageStatus is missing." });
  if (problems.length > 0 || sender === null || part === null) return fail(problems);
  const progress = toDeliveryStatus(status);
  if (progress === null) return succeed(null);
  const errorCode = /^\d{4,6}$/u.test(getField(form, "ErrorCode")) ? Number(getField(form, "ErrorCode")) : null;
  return succeed({ sid, accountSid: getField(form, "AccountSid"), sender, part, progress, errorCode });
}
