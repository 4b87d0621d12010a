import type { Handler } from "hono";
import * as z from "zod";
import { isShortCode, parsePhone } from "../../core/phone.ts";
import { fail, type Result, succeed } from "../../core/result.ts";
import type { EmulatorContext } from "../context.ts";
import { receivePhoneText } from "../messages/inbound-texts.ts";
import { parseDocument, refuseRequest } from "./json-documents.ts";
import { parsePhoneText } from "./phone-text.ts";

const NEW_PHONE = z.strictObject({ number: z.string().optional() });

/** `/phones`: the phones of people, and what they text. */
export function createPhoneRoutes(
  context: EmulatorContext,
): Readonly<Record<"add" | "remove" | "transcript" | "send", Handler>> {
  return {
    add: async (c) => {
      const body = await c.req.text();
      const request = body === "" ? succeed({ number: undefined }) : parseDocument(NEW_PHONE, body);
      if (!request.ok) return refuseRequest(400, request.failure);
      const written = request.value.number ?? findFreeNumber(context);
      if (written === null) return refuseRequest(409, "All of the emulator's own phone numbers are taken; name one.");
      const number = parseNewNumber(context, written);
      if (!number.ok) return refuseRequest(400, number.failure);
      if (context.store.hasPhone(number.value)) return refuseRequest(409, `There is a phone ${number.value} already.`);
      context.store.addPhone(number.value);
      return c.json({ number: number.value }, 201);
    },

    remove: (c) => {
      const phone = findPhone(context, c.req.param("number"));
      if (!phone.ok) return refuseRequest(404, phone.failure);
      context.store.removePhone(phone.value);
      return c.body(null, 204);
    },

    transcript: (c) => {
      const phone = findPhone(context, c.req.param("number"));
      if (!phone.ok) return refuseRequest(404, phone.failure);
      const other = c.req.query("with");
      const number = other === undefined ? null : (parsePhone(other) ?? other);
      return c.json({ items: context.store.listTranscript(phone.value, number) });
    },

    send: async (c) => {
      const phone = findPhone(context, c.req.param("number"));
      if (!phone.ok) return refuseRequest(404, phone.failure);
      const text = await parsePhoneText(c.req.raw, context.abortSignal);
      if (!text.ok) return refuseRequest(text.failure.status, text.failure.sentence);
      const to = context.store.findNumber(parsePhone(text.value.to) ?? "");
      if (to === undefined) return refuseRequest(404, `${text.value.to} is not one of the operator's numbers.`);
      const { message, webhookDone } = receivePhoneText(context, { ...text.value, from: phone.value, to });
      if (c.req.query("wait") === "webhook") await webhookDone;
      return c.json(message, 201);
    },
  };
}

function findPhone(context: EmulatorContext, written: string | undefined): Result<string, string> {
  const number = parsePhone(written ?? "");
  return number !== null && context.store.hasPhone(number) ? succeed(number) : fail(`There is no phone ${written}.`);
}

function parseNewNumber(context: EmulatorContext, written: string): Result<string, string> {
  const number = parsePhone(written);
  if (number === null || isShortCode(number)) {
    return fail(`"${written}" is not a phone number in E.164, as +12025550140.`);
  }
  return context.store.findNumber(number) === undefined
    ? succeed(number)
    : fail(`${number} is one of the operator's numbers.`);
}

/** Numbers that no carrier gives to anybody: set aside for use in fiction. */
function findFreeNumber(context: EmulatorContext): string | null {
  for (let line = 140; line <= 199; line += 1) {
    const number = `+12025550${line}`;
    if (!context.store.hasPhone(number) && context.store.findNumber(number) === undefined) return number;
  }
  return null;
}
