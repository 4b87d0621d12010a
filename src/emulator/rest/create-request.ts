import { isShortCode, parsePhone } from "../../core/phone.ts";
import { fail, type Result, succeed } from "../../core/result.ts";
import { BODY_CHARACTERS, MEDIA_PER_MESSAGE, VALIDITY_SECONDS } from "../limits.ts";
import type { OutboundMessage } from "../messages/outbound-messages.ts";
import type { AccountRecord } from "../state/records.ts";
import type { EmulatorStore } from "../state/store.ts";
import { ACCOUNT_NOT_ACTIVE, createBadRequest, type RestError } from "./errors.ts";
import { isCallbackUrl, isWebUrl } from "./urls.ts";

/**
 * Decides whether Twilio accepts a message (`POST Messages.json`).
 * @param form the request's parameters, with Twilio's names
 */
export function decideCreateRequest(
  store: EmulatorStore,
  account: AccountRecord,
  form: URLSearchParams,
): Result<OutboundMessage, RestError> {
  if (account.status !== "active") return fail(ACCOUNT_NOT_ACTIVE);
  const content = parseContent(form);
  const to = parseToNumber(form.get("To"));
  const from = to.ok ? parseFromNumber(store, account, form, to.value) : to;
  for (const part of [to, from, content]) if (!part.ok) return part;
  if (!to.ok || !from.ok || !content.ok) throw new Error("unreachable: every part was read");
  if (store.isBlocked(from.value, to.value))
    return fail(createBadRequest(21610, "Attempt to send to unsubscribed recipient"));
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

/** Twilio's magic numbers, each of which always causes the same error (Twilio's page "Test Credentials"). */
const MAGIC_TO: Readonly<Record<string, (from: string) => RestError>> = {
  "+15005550001": () => createInvalidToError("+15005550001"),
  "+15005550002": (from) =>
    createBadRequest(
      21612,
      `The 'To' phone number: +15005550002, is not currently reachable using the 'From' phone number: ${from} via SMS.`,
    ),
  "+15005550003": () =>
    createBadRequest(
      21408,
      "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: +15005550003.",
    ),
  "+15005550004": () => createBadRequest(21610, "Attempt to send to unsubscribed recipient"),
  "+15005550009": () => createBadRequest(21614, "'To' number +15005550009 is not a valid mobile number"),
};

const MAGIC_FROM: Readonly<Record<string, RestError>> = {
  "+15005550001": createBadRequest(
    21212,
    "The 'From' number +15005550001 is not a valid phone number, shortcode, or alphanumeric sender ID.",
  ),
  "+15005550007": createNotCapableError("+15005550007"),
  "+15005550008": createBadRequest(21611, "This 'From' number has exceeded the maximum number of queued messages"),
};

function parseToNumber(input: string | null): Result<string, RestError> {
  if (input === null || input === "") return fail(createBadRequest(21604, "A 'To' phone number is required."));
  const to = parsePhone(input);
  return to === null || isShortCode(to) ? fail(createInvalidToError(input)) : succeed(to);
}

function parseFromNumber(
  store: EmulatorStore,
  account: AccountRecord,
  form: URLSearchParams,
  to: string,
): Result<string, RestError> {
  const service = form.get("MessagingServiceSid");
  if (service !== null) return fail(refuseService(service));
  const input = form.get("From") ?? "";
  if (input === "") return fail(createBadRequest(21603, "A 'From' phone number is required."));
  const from = parsePhone(input);
  if (from === null) return fail(createForeignFromError(input));
  const refusal = MAGIC_FROM[from] ?? MAGIC_TO[to]?.(from) ?? refuseFromNumber(store, account, from);
  if (refusal !== null) return fail(refusal);
  return from === to ? fail(createBadRequest(21266, "'To' and 'From' number cannot be the same")) : succeed(from);
}

/** The emulator has no messaging services, so every one is refused. */
function refuseService(sid: string): RestError {
  return sid === ""
    ? createBadRequest(21704, "The Messaging Service Sid must not be null or empty")
    : createBadRequest(21705, `The Messaging Service Sid ${sid} is invalid`);
}

function refuseFromNumber(store: EmulatorStore, account: AccountRecord, from: string): RestError | null {
  const number = store.findNumber(from);
  if (number === undefined) return createForeignFromError(from);
  return number.accountSid === account.sid ? null : createNotCapableError(from);
}

function parseContent(form: URLSearchParams): Result<Pick<OutboundMessage, "body" | "media">, RestError> {
  const body = form.get("Body") ?? "";
  const media = form.getAll("MediaUrl").filter((url) => url !== "");
  if (body === "" && media.length === 0) return fail(createBadRequest(21602, "Message body is required."));
  if (body.length > BODY_CHARACTERS) {
    return fail(createBadRequest(21617, "The concatenated message body exceeds the 1600 character limit"));
  }
  if (media.length > MEDIA_PER_MESSAGE)
    return fail(createBadRequest(21623, "Number of media files exceeds allowed limit"));
  if (!media.every(isWebUrl)) return fail(createBadRequest(21620, "Invalid media URL(s)"));
  const callback = form.get("StatusCallback") ?? "";
  if (callback !== "" && !isCallbackUrl(callback)) {
    return fail(createBadRequest(21609, `The 'StatusCallback' URL ${callback} is not a valid URL.`));
  }
  const validity = form.get("ValidityPeriod");
  if (validity !== null && !isValidityPeriod(validity))
    return fail(createBadRequest(21624, "Invalid validity period value"));
  return succeed({ body, media });
}

function isValidityPeriod(input: string): boolean {
  return /^\d{1,6}$/u.test(input) && Number(input) >= 1 && Number(input) <= VALIDITY_SECONDS;
}

function createInvalidToError(input: string): RestError {
  return createBadRequest(21211, `The 'To' number ${input} is not a valid phone number.`);
}

function createForeignFromError(from: string): RestError {
  return createBadRequest(21659, `'From' ${from} is not a Twilio phone number or Short Code country mismatch`);
}

function createNotCapableError(from: string): RestError {
  return createBadRequest(
    21606,
    `The 'From' phone number provided (${from}) is not a valid message-capable Twilio phone number for this destination/account`,
  );
}
