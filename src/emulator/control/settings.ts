import type { Handler } from "hono";
import * as z from "zod";
import { isShortCode, parsePhone } from "../../core/phone.ts";
import type { EmulatorContext } from "../context.ts";
import { isCallbackUrl } from "../rest/urls.ts";
import { toEmulatedAccount, toEmulatedNumber } from "../state/emulated-views.ts";
import { parseDocument, refuseRequest } from "./json-documents.ts";

const TOKEN = z.string().regex(/^[\x21-\x7e]{1,128}$/u, "a token has 1 to 128 characters without spaces");

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

/** `/accounts` and `/numbers`: what would be set up in Twilio's console. PUT sets all; what is left out is the default. */
export function createSettingRoutes(context: EmulatorContext): Readonly<Record<"putAccount" | "putNumber", Handler>> {
  return {
    putAccount: async (c) => {
      const sid = c.req.param("sid") ?? "";
      if (!/^AC[0-9a-f]{32}$/iu.test(sid))
        return refuseRequest(400, "An account's SID is AC and 32 hexadecimal digits.");
      const settings = parseDocument(ACCOUNT, await c.req.text());
      if (!settings.ok) return refuseRequest(400, settings.failure);
      const old = context.store.findAccount(sid);
      const now = context.now();
      const account = { sid, ...settings.value, createdAt: old?.createdAt ?? now, updatedAt: now };
      context.store.saveAccount(account);
      return c.json(toEmulatedAccount(account), old === undefined ? 201 : 200);
    },

    putNumber: async (c) => {
      const phoneNumber = parsePhone(c.req.param("number") ?? "");
      if (phoneNumber === null) return refuseRequest(400, "A number is in E.164, as +12025550100, or a short code.");
      if (context.store.hasPhone(phoneNumber)) return refuseRequest(409, `${phoneNumber} is the phone of a person.`);
      const settings = parseDocument(NUMBER, await c.req.text());
      if (!settings.ok) return refuseRequest(400, settings.failure);
      const { accountSid, friendlyName } = settings.value;
      if (context.store.findAccount(accountSid) === undefined)
        return refuseRequest(400, `There is no account ${accountSid}.`);
      const old = context.store.findNumber(phoneNumber);
      const now = context.now();
      const number = {
        ...settings.value,
        phoneNumber,
        sid: old?.sid ?? context.createSid(isShortCode(phoneNumber) ? "SC" : "PN"),
        friendlyName: friendlyName ?? phoneNumber,
        statusCallback: old?.statusCallback ?? "",
        statusCallbackMethod: old?.statusCallbackMethod ?? "POST",
        createdAt: old?.createdAt ?? now,
        updatedAt: now,
      };
      context.store.saveNumber(number);
      return c.json(toEmulatedNumber(number), old === undefined ? 201 : 200);
    },
  };
}
