import { isShortCode, parsePhone } from "../../core/phone.ts";
import { fail, type Result, succeed } from "../../core/result.ts";
import type { Draft } from "../delivery.ts";
import { BODY_CHARACTERS, MEDIA_PER_MESSAGE, VALIDITY_SECONDS } from "../limits.ts";
import type { Account } from "../model.ts";
import type { Store } from "../store.ts";
import { bad, NOT_ACTIVE, type RestError } from "./errors.ts";
import { isCallbackUrl, isWebUrl } from "./urls.ts";

/**
 * Decides whether Twilio takes a message (`POST Messages.json`): the one place that says yes or no.
 * @param form the request's parameters, as Twilio names them
 */
export function decideCreate(store: Store, account: Account, form: URLSearchParams): Result<Draft, RestError> {
  if (account.status !== "active") return fail(NOT_ACTIVE);
  const content = readContent(form);
  const to = readTo(form.get("To"));
  const from = to.ok ? readFrom(store, account, form, to.value) : to;
  for (const part of [to, from, content]) if (!part.ok) return part;
  if (!to.ok || !from.ok || !content.ok) throw new Error("unreachable: every part was read");
  if (store.isBlocked(from.value, to.value)) return fail(bad(21610, "Attempt to send to unsubscribed recipient"));
  const statusCallback = form.get("StatusCallback") || null;
  return succeed({
    accountSid: account.sid,
    direction: "outbound-api",
    from: from.value,
    to: to.value,
    ...content.value,
    listeners: { statusCallback, action: null },
  });
}

/** Twilio's test numbers, which always fail in the same way (its page "Test Credentials"). */
const MAGIC_TO: Readonly<Record<string, (from: string) => RestError>> = {
  "+15005550001": () => invalidTo("+15005550001"),
  "+15005550002": (from) =>
    bad(
      21612,
      `The 'To' phone number: +15005550002, is not currently reachable using the 'From' phone number: ${from} via SMS.`,
    ),
  "+15005550003": () =>
    bad(
      21408,
      "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: +15005550003.",
    ),
  "+15005550004": () => bad(21610, "Attempt to send to unsubscribed recipient"),
  "+15005550009": () => bad(21614, "'To' number +15005550009 is not a valid mobile number"),
};

const MAGIC_FROM: Readonly<Record<string, RestError>> = {
  "+15005550001": bad(
    21212,
    "The 'From' number +15005550001 is not a valid phone number, shortcode, or alphanumeric sender ID.",
  ),
  "+15005550007": notCapable("+15005550007"),
  "+15005550008": bad(21611, "This 'From' number has exceeded the maximum number of queued messages"),
};

function readTo(written: string | null): Result<string, RestError> {
  if (written === null || written === "") return fail(bad(21604, "A 'To' phone number is required."));
  const to = parsePhone(written);
  return to === null || isShortCode(to) ? fail(invalidTo(written)) : succeed(to);
}

function readFrom(store: Store, account: Account, form: URLSearchParams, to: string): Result<string, RestError> {
  const service = form.get("MessagingServiceSid");
  if (service !== null) return fail(refuseService(service));
  const written = form.get("From") ?? "";
  if (written === "") return fail(bad(21603, "A 'From' phone number is required."));
  const from = parsePhone(written);
  if (from === null) return fail(foreign(written));
  const refusal = MAGIC_FROM[from] ?? MAGIC_TO[to]?.(from) ?? refuseSender(store, account, from);
  if (refusal !== null) return fail(refusal);
  return from === to ? fail(bad(21266, "'To' and 'From' number cannot be the same")) : succeed(from);
}

/** The emulator knows no messaging services. */
function refuseService(sid: string): RestError {
  return sid === ""
    ? bad(21704, "The Messaging Service Sid must not be null or empty")
    : bad(21705, `The Messaging Service Sid ${sid} is invalid`);
}

function refuseSender(store: Store, account: Account, from: string): RestError | null {
  const number = store.number(from);
  if (number === undefined) return foreign(from);
  return number.accountSid === account.sid ? null : notCapable(from);
}

function readContent(form: URLSearchParams): Result<Pick<Draft, "body" | "media">, RestError> {
  const body = form.get("Body") ?? "";
  const media = form.getAll("MediaUrl").filter((url) => url !== "");
  if (body === "" && media.length === 0) return fail(bad(21602, "Message body is required."));
  if (body.length > BODY_CHARACTERS) {
    return fail(bad(21617, "The concatenated message body exceeds the 1600 character limit"));
  }
  if (media.length > MEDIA_PER_MESSAGE) return fail(bad(21623, "Number of media files exceeds allowed limit"));
  if (!media.every(isWebUrl)) return fail(bad(21620, "Invalid media URL(s)"));
  const callback = form.get("StatusCallback") ?? "";
  if (callback !== "" && !isCallbackUrl(callback)) {
    return fail(bad(21609, `The 'StatusCallback' URL ${callback} is not a valid URL.`));
  }
  const validity = form.get("ValidityPeriod");
  if (validity !== null && !isValidity(validity)) return fail(bad(21624, "Invalid validity period value"));
  return succeed({ body, media });
}

function isValidity(written: string): boolean {
  return /^\d{1,6}$/u.test(written) && Number(written) >= 1 && Number(written) <= VALIDITY_SECONDS;
}

function invalidTo(written: string): RestError {
  return bad(21211, `The 'To' number ${written} is not a valid phone number.`);
}

function foreign(from: string): RestError {
  return bad(21659, `'From' ${from} is not a Twilio phone number or Short Code country mismatch`);
}

function notCapable(from: string): RestError {
  return bad(
    21606,
    `The 'From' phone number provided (${from}) is not a valid message-capable Twilio phone number for this destination/account`,
  );
}
