import type { Handler } from "hono";
import * as z from "zod";
import { isShortCode, parsePhone } from "../../core/phone.ts";
import { fail, type Result, succeed } from "../../core/result.ts";
import type { EmulatorContext } from "../context.ts";
import { receivePhoneText } from "../messages/inbound-texts.ts";
import { parseDocument, refuseRequest } from "./json-documents.ts";
import { parsePhoneText } from "./phone-text.ts";

const NEW_PHONE = z.strictObject({ number: z.string().optional() });

/** Routes of `/phones`: the contacts' phones and their texts. */
export function createPhoneRoutes(
  context: EmulatorContext,
): Readonly<Record<"add" | "remove" | "transcript" | "send", Handler>> {
  return {
    add: async (c) => {
      const body = await c.req.text();
      const request = body === "" ? succeed({ number: undefined }) : parseDocument(NEW_PHONE, body);
      if (!request.ok) return refuseRequest(400, request.failure);
      const chosen = request.value.number ?? findFreeNumber(context);
      if (chosen === null) return refuseRequest(409, "All default phone numbers are in use. Send a number.");
      const number = parseNewNumber(context, chosen);
      if (!number.ok) return refuseRequest(400, number.failure);
      if (context.store.hasPhone(number.value)) return refuseRequest(409, `Phone ${number.value} already exists.`);
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
      const peer = c.req.query("with");
      const number = peer === undefined ? null : (parsePhone(peer) ?? peer);
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

function findPhone(context: EmulatorContext, input: string | undefined): Result<string, string> {
  const number = parsePhone(input ?? "");
  return number !== null && context.store.hasPhone(number) ? succeed(number) : fail(`Phone ${input} does not exist.`);
}

function parseNewNumber(context: EmulatorContext, input: string): Result<string, string> {
  const number = parsePhone(input);
  if (number === null || isShortCode(number)) {
    return fail(`"${input}" is not a phone number. Use E.164 format, for example +12025550140.`);
  }
  return context.store.findNumber(number) === undefined
    ? succeed(number)
    : fail(`${number} is one of the operator's numbers. Choose another number for the phone.`);
}

/** Finds a free number between 555-0140 and 555-0199: carriers never assign these; they are reserved for fiction. */
function findFreeNumber(context: EmulatorContext): string | null {
  for (let line = 140; line <= 199; line += 1) {
    const number = `+12025550${line}`;
    if (!context.store.hasPhone(number) && context.store.findNumber(number) === undefined) return number;
  }
  return null;
}
