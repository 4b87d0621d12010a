import { MESSAGE_MEDIA } from "../core/limits/twilio.ts";
import { type PhoneNumber, parsePhone } from "../core/phone.ts";
import type { FieldProblem } from "../core/problem.ts";
import { fail, type Result, succeed } from "../core/result.ts";
import { type Form, field } from "./form.ts";

export interface InboundMedia {
  /** On Twilio's host; needs the account's credentials. */
  readonly url: string;
  readonly contentType: string;
}

/** A person's text, as Twilio's webhook delivers it (TWILIO.md 2.1). */
export interface InboundText {
  readonly sid: string;
  readonly accountSid: string;
  readonly from: PhoneNumber;
  /** The operator's number. */
  readonly to: PhoneNumber;
  /** Exactly as received; may be empty when there are media, and may hold any character at all. */
  readonly text: string;
  readonly media: readonly InboundMedia[];
  readonly segments: number;
  /** What Twilio's Advanced Opt-Out took it for, and has answered already. */
  readonly optOut: "stop" | "start" | "help" | null;
  /** The Messaging Service that the number is of; left out: none. */
  readonly service?: string;
}

const MESSAGE_SID = /^(?:SM|MM)[0-9a-f]{32}$/iu;
const ACCOUNT_SID = /^AC[0-9a-f]{32}$/iu;
const SERVICE_SID = /^MG[0-9a-f]{32}$/iu;
const MEDIA_URL = /^https?:\/\/\S+$/iu;
const COUNT = /^\d{1,4}$/u;

/** @returns the account that the form names, or null where it names none */
export function accountOf(form: Form): string | null {
  const sid = field(form, "AccountSid");
  return ACCOUNT_SID.test(sid) ? sid : null;
}

/**
 * Reads the form of a text that came in. Parameters that Parley does not know are left alone: Twilio adds them unasked.
 * @returns the text, or each field that is missing or malformed
 */
export function parseInbound(form: Form): Result<InboundText, readonly FieldProblem[]> {
  const problems: FieldProblem[] = [];
  const sid = field(form, "MessageSid") || field(form, "SmsMessageSid") || field(form, "SmsSid");
  if (!MESSAGE_SID.test(sid)) problems.push(wrong("MessageSid", "SM or MM and 32 hexadecimal digits"));
  const accountSid = accountOf(form);
  if (accountSid === null) problems.push(wrong("AccountSid", "AC and 32 hexadecimal digits"));
  const from = parsePhone(field(form, "From"));
  if (from === null) problems.push(wrong("From", "a phone number as +14255550100, or a short code"));
  const to = parsePhone(field(form, "To"));
  if (to === null) problems.push(wrong("To", "a phone number as +14255550100, or a short code"));
  const media = parseMedia(form, problems);
  const segments = parseCount(form, "NumSegments", problems) ?? 1;
  if (problems.length > 0 || accountSid === null || from === null || to === null) return fail(problems);
  const service = field(form, "MessagingServiceSid");
  const text = { sid, accountSid, from, to, text: field(form, "Body"), media, segments, optOut: parseOptOut(form) };
  return succeed(SERVICE_SID.test(service) ? { ...text, service } : text);
}

function parseMedia(form: Form, problems: FieldProblem[]): readonly InboundMedia[] {
  const count = parseCount(form, "NumMedia", problems) ?? 0;
  if (count > MESSAGE_MEDIA) problems.push(wrong("NumMedia", `at most ${MESSAGE_MEDIA}`));
  return Array.from({ length: Math.min(count, MESSAGE_MEDIA) }, (_, index) => {
    const url = field(form, `MediaUrl${index}`);
    if (!MEDIA_URL.test(url))
      problems.push(wrong(`MediaUrl${index}`, "an http or https URL, since NumMedia counts it"));
    return { url, contentType: field(form, `MediaContentType${index}`) || "application/octet-stream" };
  });
}

function parseCount(form: Form, name: string, problems: FieldProblem[]): number | null {
  const written = field(form, name);
  if (written === "") return null;
  if (COUNT.test(written)) return Number(written);
  problems.push(wrong(name, "a whole number"));
  return null;
}

function parseOptOut(form: Form): InboundText["optOut"] {
  switch (field(form, "OptOutType").toUpperCase()) {
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

function wrong(pointer: string, right: string): FieldProblem {
  return { pointer, detail: `${pointer} is missing or malformed; it must be ${right}.` };
}
