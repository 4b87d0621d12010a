import type { Handler } from "hono";
import * as z from "zod";
import { isShortCode, parsePhone } from "../../core/phone.ts";
import type { EmulatorContext } from "../context.ts";
import { isCallbackUrl } from "../rest/urls.ts";
import { toEmulatedAccount, toEmulatedNumber } from "../state/emulated-views.ts";
import { parseDocument, refuseRequest } from "./json-documents.ts";

const TOKEN = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/u, "a token must have 1 to 128 printable ASCII characters without spaces");

const ACCOUNT = z.strictObject({
  friendlyName: z.string().max(64),
  authToken: TOKEN,
  secondaryAuthToken: TOKEN.nullable().default(null),
  mediaAuth: z.boolean().default(true),
  status: z.enum(["active", "suspended", "closed"]).default("active"),
  type: z.enum(["Trial", "Full"]).default("Full"),
});

const METHOD = z.enum(["GET", "POST"]).default("POST");

const ADDRESS = z
  .string()
  .refine((url) => url === "" || isCallbackUrl(url), "it must be an http or https URL")
  .default("");

const NUMBER = z.strictObject({
  accountSid: z.string(),
  friendlyName: z.string().max(64).optional(),
  smsUrl: ADDRESS,
  smsMethod: METHOD,
  smsFallbackUrl: ADDRESS,
  smsFallbackMethod: METHOD,
  optOut: z.boolean().default(true),
});

/** Routes of `/accounts` and `/numbers`, which replace Twilio's console. PUT resets absent fields to their defaults. */
export function createSettingRoutes(context: EmulatorContext): Readonly<Record<"putAccount" | "putNumber", Handler>> {
  return {
    putAccount: async (c) => {
      const sid = c.req.param("sid") ?? "";
      if (!/^AC[0-9a-f]{32}$/iu.test(sid))
        return refuseRequest(400, `"${sid}" is not an account SID. Use AC and 32 hexadecimal digits.`);
      const settings = parseDocument(ACCOUNT, await c.req.text());
      if (!settings.ok) return refuseRequest(400, settings.failure);
      const previous = context.store.findAccount(sid);
      const now = context.now();
      const account = { sid, ...settings.value, createdAt: previous?.createdAt ?? now, updatedAt: now };
      context.store.saveAccount(account);
      return c.json(toEmulatedAccount(account), previous === undefined ? 201 : 200);
    },

    putNumber: async (c) => {
      const phoneNumber = parsePhone(c.req.param("number") ?? "");
      if (phoneNumber === null)
        return refuseRequest(
          400,
          "The number is invalid. Use E.164 format, for example +12025550100, or a short code.",
        );
      if (context.store.hasPhone(phoneNumber))
        return refuseRequest(409, `${phoneNumber} is already the number of a phone.`);
      const settings = parseDocument(NUMBER, await c.req.text());
      if (!settings.ok) return refuseRequest(400, settings.failure);
      const { accountSid, friendlyName } = settings.value;
      if (context.store.findAccount(accountSid) === undefined)
        return refuseRequest(400, `Account ${accountSid} does not exist. Create it first.`);
      const previous = context.store.findNumber(phoneNumber);
      const now = context.now();
      const number = {
        ...settings.value,
        phoneNumber,
        sid: previous?.sid ?? context.createSid(isShortCode(phoneNumber) ? "SC" : "PN"),
        friendlyName: friendlyName ?? phoneNumber,
        statusCallback: previous?.statusCallback ?? "",
        statusCallbackMethod: previous?.statusCallbackMethod ?? "POST",
        createdAt: previous?.createdAt ?? now,
        updatedAt: now,
      };
      context.store.saveNumber(number);
      return c.json(toEmulatedNumber(number), previous === undefined ? 201 : 200);
    },
  };
}
