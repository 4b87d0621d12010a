import { isShortCode } from "../../core/phone.ts";
import { fail, type Result, succeed } from "../../core/result.ts";
import type { OwnedNumber } from "../model.ts";
import type { World } from "../world.ts";
import type { RestHandler } from "./access.ts";
import { numberDocument } from "./documents.ts";
import { bad, NOT_ACTIVE, notFound, type RestError, restErrorResponse } from "./errors.ts";
import { pageOf } from "./paging.ts";
import { isCallbackUrl } from "./urls.ts";

/** `IncomingPhoneNumbers.json` and `IncomingPhoneNumbers/{Sid}.json`. Short codes are another resource at Twilio. */
export function numberRoutes(world: World): Readonly<Record<"list" | "fetch" | "update", RestHandler>> {
  return {
    list: (c) => {
      const request = new URL(c.req.url);
      const matches = numberFilter(request.searchParams);
      const mine = longNumbers(world, c.var.account.sid);
      const placed = mine.map((number, index) => ({ number, order: mine.length - index }));
      const { items, fields } = pageOf(
        request,
        placed.filter(({ number }) => matches(number)),
      );
      return c.json({ ...fields, incoming_phone_numbers: items.map(({ number }) => numberDocument(number)) });
    },

    fetch: (c) => {
      const number = find(world, c.var.account.sid, c.req.param("number"));
      return number === null ? restErrorResponse(notFound(c.req.path)) : c.json(numberDocument(number));
    },

    update: (c) => {
      if (c.var.account.status !== "active") return restErrorResponse(NOT_ACTIVE);
      const number = find(world, c.var.account.sid, c.req.param("number"));
      if (number === null) return restErrorResponse(notFound(c.req.path));
      const next = update(number, c.var.form, world.now());
      if (!next.ok) return restErrorResponse(next.failure);
      world.store.putNumber(next.value);
      return c.json(numberDocument(next.value));
    },
  };
}

function longNumbers(world: World, accountSid: string): readonly OwnedNumber[] {
  return world.store.numbersOf(accountSid).filter(({ phoneNumber }) => !isShortCode(phoneNumber));
}

function find(world: World, accountSid: string, file: string | undefined): OwnedNumber | null {
  return longNumbers(world, accountSid).find(({ sid }) => file === `${sid}.json`) ?? null;
}

/** `PhoneNumber` may be a part of the number, with `*` for any digit; `FriendlyName` is the whole name. */
function numberFilter(query: URLSearchParams): (number: OwnedNumber) => boolean {
  const [digits, name] = [query.get("PhoneNumber") ?? "", query.get("FriendlyName") ?? ""];
  const pattern = new RegExp(digits.replaceAll(/[^\d*]/gu, "").replaceAll("*", "\\d"), "u");
  return ({ phoneNumber, friendlyName }) => pattern.test(phoneNumber) && (name === "" || friendlyName === name);
}

/** Changes what the form names, and refuses what Twilio refuses. Voice and the rest of a number are not emulated. */
function update(number: OwnedNumber, form: URLSearchParams, now: number): Result<OwnedNumber, RestError> {
  const text = (name: string, old: string): string => form.get(name) ?? old;
  const method = (name: string, old: "GET" | "POST"): string => form.get(name)?.toUpperCase() || old;
  const next = {
    ...number,
    friendlyName: text("FriendlyName", number.friendlyName),
    smsUrl: text("SmsUrl", number.smsUrl),
    smsFallbackUrl: text("SmsFallbackUrl", number.smsFallbackUrl),
    statusCallback: text("StatusCallback", number.statusCallback),
    smsMethod: method("SmsMethod", number.smsMethod),
    smsFallbackMethod: method("SmsFallbackMethod", number.smsFallbackMethod),
    statusCallbackMethod: method("StatusCallbackMethod", number.statusCallbackMethod),
    updatedAt: now,
  };
  for (const url of [next.smsUrl, next.smsFallbackUrl, next.statusCallback]) {
    if (url !== "" && !isCallbackUrl(url)) return fail(bad(21402, `Invalid URL: ${url}`));
  }
  if (!hasMethods(next)) return fail(bad(21403, "Invalid Method: it must be GET or POST"));
  if (next.smsFallbackUrl !== "" && next.smsUrl === "") {
    return fail(bad(21406, "Cannot set SmsFallbackUrl without setting SmsUrl"));
  }
  return succeed(next);
}

type Methods = Pick<OwnedNumber, "smsMethod" | "smsFallbackMethod" | "statusCallbackMethod">;

function hasMethods<Number extends Record<keyof Methods, string>>(number: Number): number is Number & Methods {
  return [number.smsMethod, number.smsFallbackMethod, number.statusCallbackMethod].every(
    (method) => method === "GET" || method === "POST",
  );
}
