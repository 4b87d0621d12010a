import { MEDIA_PER_MESSAGE } from "../core/limits/twilio.ts";
import { type PhoneNumber, parsePhone } from "../core/phone.ts";
import type { FieldProblem } from "../core/problem-document.ts";
import { fail, type Result, succeed } from "../core/result.ts";
import { getField, type WebhookForm } from "./form.ts";

export interface InboundMedia {
  /** On Twilio's host; requires the account's credentials. */
  readonly url: string;
  readonly contentType: string;
}

/** A contact's text, as Twilio's webhook delivers it. */
export interface InboundText {
  readonly sid: string;
  readonly accountSid: string;
  readonly from: PhoneNumber;
  /** The operator's number. */
  readonly to: PhoneNumber;
  /** Exactly as received. Empty if only media came; may contain any character. */
  readonly text: string;
  readonly media: readonly InboundMedia[];
  readonly segments: number;
  /** The keyword that Twilio's Advanced Opt-Out recognized and has answered already. */
  readonly optOut: "stop" | "start" | "help" | null;
  /** The number's Messaging Service; absent if it has none. */
  readonly service?: string;
}

const MESSAGE_SID = /^(?:SM|MM)[0-9a-f]{32}$/iu;
const ACCOUNT_SID = /^AC[0-9a-f]{32}$/iu;
const SERVICE_SID = /^MG[0-9a-f]{32}$/iu;
const MEDIA_URL = /^https?:\/\/\S+$/iu;
const COUNT = /^\d{1,4}$/u;

/** @returns null if the form names no account */
export function findAccountSid(form: WebhookForm): string | null {
  const sid = getField(form, "AccountSid");
  return ACCOUNT_SID.test(sid) ? sid : null;
}

/**
 * Parses an inbound text. Ignores unknown parameters, because Twilio adds new ones.
 * @returns the text, or a problem for each missing or malformed field
 */
export function parseInboundText(form: WebhookForm): Result<InboundText, readonly FieldProblem[]> {
  const problems: FieldProblem[] = [];
  const sid = getField(form, "MessageSid") || getField(form, "SmsMessageSid") || getField(form, "SmsSid");
  if (!MESSAGE_SID.test(sid)) problems.push(toFieldProblem("MessageSid", "SM or MM and 32 hexadecimal digits"));
  const accountSid = findAccountSid(form);
  if (accountSid === null) problems.push(toFieldProblem("AccountSid", "AC and 32 hexadecimal digits"));
  const from = parsePhone(getField(form, "From"));
  if (from === null) problems.push(toFieldProblem("From", "a phone number as +14255550100, or a short code"));
  const to = parsePhone(getField(form, "To"));
  if (to === null) problems.push(toFieldProblem("To", "a phone number as +14255550100, or a short code"));
  const media = parseMedia(form, problems);
  const segments = parseCount(form, "NumSegments", problems) ?? 1;
  if (problems.length > 0 || accountSid === null || from === null || to === null) return fail(problems);
  const service = getField(form, "MessagingServiceSid");
  const text = { sid, accountSid, from, to, text: getField(form, "Body"), media, segments, optOut: parseOptOut(form) };
  return succeed(SERVICE_SID.test(service) ? { ...text, service } : text);
}

function parseMedia(form: WebhookForm, problems: FieldProblem[]): readonly InboundMedia[] {
  const count = parseCount(form, "NumMedia", problems) ?? 0;
  if (count > MEDIA_PER_MESSAGE) problems.push(toFieldProblem("NumMedia", `at most ${MEDIA_PER_MESSAGE}`));
  return Array.from({ length: Math.min(count, MEDIA_PER_MESSAGE) }, (_, index) => {
    const url = getField(form, `MediaUrl${index}`);
    if (!MEDIA_URL.test(url))
      problems.push(toFieldProblem(`MediaUrl${index}`, "an http or https URL, since NumMedia counts it"));
    return { url, contentType: getField(form, `MediaContentType${index}`) || "application/octet-stream" };
  });
}

function parseCount(form: WebhookForm, name: string, problems: FieldProblem[]): number | null {
  const value = getField(form, name);
  if (value === "") return null;
  if (COUNT.test(value)) return Number(value);
  problems.push(toFieldProblem(name, "a whole number"));
  return null;
}

function parseOptOut(form: WebhookForm): InboundText["optOut"] {
  switch (getField(form, "OptOutType").toUpperCase()) {
    case "STOP":
      return "stop";
    case "START":
      return "start";
    case "HELP":
      return "help";
    default:
      return null;
  }
}

function toFieldProblem(pointer: string, expected: string): FieldProblem {
  return { pointer, detail: `${pointer} is missing or malformed; it must be ${expected}.` };
}
