import { type PhoneNumber, parsePhone } from "../core/phone.ts";
import type { FieldProblem } from "../core/problem-document.ts";
import { fail, type Result, succeed } from "../core/result.ts";
import { getField, type WebhookForm } from "./form.ts";

/** The delivery status of a part. `queued` is Twilio's response to the POST. */
export type DeliveryStatus = "queued" | "sent" | "delivered" | "undelivered" | "failed";

const RANK: Readonly<Record<DeliveryStatus, number>> = { queued: 0, sent: 1, delivered: 2, undelivered: 2, failed: 2 };

/**
 * Whether a status replaces another one. Callbacks arrive late, twice and in any order; the first final status stays.
 */
export function isLaterStatus(from: DeliveryStatus, to: DeliveryStatus): boolean {
  return RANK[to] > RANK[from];
}

/** @returns null if Twilio's status does not apply to outbound messages */
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

/** Twilio's status callback for a part. */
export interface StatusReport {
  readonly sid: string;
  readonly accountSid: string;
  /** The contact's phone number, which identifies the Sender. */
  readonly sender: PhoneNumber;
  /** Our id of the part, from the callback's URL. */
  readonly part: PartId;
  readonly progress: DeliveryStatus;
  readonly errorCode: number | null;
}

export interface PartId {
  readonly turn: number;
  readonly index: number;
}

const PART_ID = /^(\d{1,15})\.(\d{1,3})$/u;

/** Formats the id of a part for transcripts and callback URLs, such as `12.0`. */
export function formatPartId(part: PartId): string {
  return `${part.turn}.${part.index}`;
}

export function parsePartId(text: string): PartId | null {
  const match = PART_ID.exec(text);
  return match === null ? null : { turn: Number(match[1]), index: Number(match[2]) };
}

/**
 * Parses a status callback.
 * @param partId the parameter `part` of the callback's URL
 * @returns null if the status does not apply to outbound messages; otherwise the report, or a problem for each
 * malformed field
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
