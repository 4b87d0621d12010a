import { isShortCode } from "../../core/phone.ts";
import { fail, type Result, succeed } from "../../core/result.ts";
import type { EmulatorContext } from "../context.ts";
import type { OwnedNumber } from "../state/records.ts";
import type { RestHandler } from "./authentication.ts";
import { toNumberDocument } from "./documents.ts";
import { ACCOUNT_NOT_ACTIVE, createBadRequest, createNotFound, type RestError, toErrorResponse } from "./errors.ts";
import { createPage } from "./pages.ts";
import { isCallbackUrl } from "./urls.ts";

/**
 * Routes of `IncomingPhoneNumbers.json` and `IncomingPhoneNumbers/{Sid}.json`, without short codes, which are another
 * resource at Twilio.
 */
export function createNumberRoutes(
  context: EmulatorContext,
): Readonly<Record<"list" | "fetch" | "update", RestHandler>> {
  return {
    list: (c) => {
      const request = new URL(c.req.url);
      const matches = createNumberFilter(request.searchParams);
      const numbers = listLongNumbers(context, c.var.account.sid);
      const orderedNumbers = numbers.map((number, index) => ({ number, order: numbers.length - index }));
      const { items, fields } = createPage(
        request,
        orderedNumbers.filter(({ number }) => matches(number)),
      );
      return c.json({ ...fields, incoming_phone_numbers: items.map(({ number }) => toNumberDocument(number)) });
    },

    fetch: (c) => {
      const number = findNumber(context, c.var.account.sid, c.req.param("number"));
      return number === null ? toErrorResponse(createNotFound(c.req.path)) : c.json(toNumberDocument(number));
    },

    update: (c) => {
      if (c.var.account.status !== "active") return toErrorResponse(ACCOUNT_NOT_ACTIVE);
      const number = findNumber(context, c.var.account.sid, c.req.param("number"));
      if (number === null) return toErrorResponse(createNotFound(c.req.path));
      const next = updateNumber(number, c.var.form, context.now());
      if (!next.ok) return toErrorResponse(next.failure);
      context.store.saveNumber(next.value);
      return c.json(toNumberDocument(next.value));
    },
  };
}

function listLongNumbers(context: EmulatorContext, accountSid: string): readonly OwnedNumber[] {
  return context.store.listNumbers(accountSid).filter(({ phoneNumber }) => !isShortCode(phoneNumber));
}

function findNumber(context: EmulatorContext, accountSid: string, fileName: string | undefined): OwnedNumber | null {
  return listLongNumbers(context, accountSid).find(({ sid }) => fileName === `${sid}.json`) ?? null;
}

/** Creates a filter by `PhoneNumber` (part of a number, `*` for any digit) and `FriendlyName` (the whole name). */
function createNumberFilter(query: URLSearchParams): (number: OwnedNumber) => boolean {
  const [digits, name] = [query.get("PhoneNumber") ?? "", query.get("FriendlyName") ?? ""];
  const pattern = new RegExp(digits.replaceAll(/[^\d*]/gu, "").replaceAll("*", "\\d"), "u");
  return ({ phoneNumber, friendlyName }) => pattern.test(phoneNumber) && (name === "" || friendlyName === name);
}

/** Applies the fields in the form, with Twilio's validation. Voice and other settings are not emulated. */
function updateNumber(number: OwnedNumber, form: URLSearchParams, now: number): Result<OwnedNumber, RestError> {
  const getText = (name: string, present: string): string => form.get(name) ?? present;
  const getMethod = (name: string, present: "GET" | "POST"): string => form.get(name)?.toUpperCase() || present;
  const next = {
    ...number,
    friendlyName: getText("FriendlyName", number.friendlyName),
    smsUrl: getText("SmsUrl", number.smsUrl),
    smsFallbackUrl: getText("SmsFallbackUrl", number.smsFallbackUrl),
    statusCallback: getText("StatusCallback", number.statusCallback),
    smsMethod: getMethod("SmsMethod", number.smsMethod),
    smsFallbackMethod: getMethod("SmsFallbackMethod", number.smsFallbackMethod),
    statusCallbackMethod: getMethod("StatusCallbackMethod", number.statusCallbackMethod),
    updatedAt: now,
  };
  for (const url of [next.smsUrl, next.smsFallbackUrl, next.statusCallback]) {
    if (url !== "" && !isCallbackUrl(url)) return fail(createBadRequest(21402, `Invalid URL: ${url}`));
  }
  if (!hasWebhookMethods(next)) return fail(createBadRequest(21403, "Invalid Method: it must be GET or POST"));
  if (next.smsFallbackUrl !== "" && next.smsUrl === "") {
    return fail(createBadRequest(21406, "Cannot set SmsFallbackUrl without setting SmsUrl"));
  }
  return succeed(next);
}

type WebhookMethods = Pick<OwnedNumber, "smsMethod" | "smsFallbackMethod" | "statusCallbackMethod">;

function hasWebhookMethods<Number extends Record<keyof WebhookMethods, string>>(
  number: Number,
): number is Number & WebhookMethods {
  return [number.smsMethod, number.smsFallbackMethod, number.statusCallbackMethod].every(
    (method) => method === "GET" || method === "POST",
  );
}
