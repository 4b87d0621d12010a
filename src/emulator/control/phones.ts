import type { Handler } from "hono";
import * as z from "zod";
import { isShortCode, parsePhone } from "../../core/phone.ts";
import { fail, type Result, succeed } from "../../core/result.ts";
import { receive } from "../inbound.ts";
import type { World } from "../world.ts";
import { read, refuse } from "./answers.ts";
import { readPhoneText } from "./text.ts";

const NEW_PHONE = z.strictObject({ number: z.string().optional() });

/** `/phones`: the phones of people, and what they text. */
export function phoneRoutes(world: World): Readonly<Record<"add" | "remove" | "transcript" | "send", Handler>> {
  return {
    add: async (c) => {
      const body = await c.req.text();
      const request = body === "" ? succeed({ number: undefined }) : read(NEW_PHONE, body);
      if (!request.ok) return refuse(400, request.failure);
      const written = request.value.number ?? nextFree(world);
      if (written === null) return refuse(409, "All of the emulator's own phone numbers are taken; name one.");
      const number = readNewNumber(world, written);
      if (!number.ok) return refuse(400, number.failure);
      if (world.store.hasPhone(number.value)) return refuse(409, `There is a phone ${number.value} already.`);
      world.store.addPhone(number.value);
      return c.json({ number: number.value }, 201);
    },

    remove: (c) => {
      const phone = knownPhone(world, c.req.param("number"));
      if (!phone.ok) return refuse(404, phone.failure);
      world.store.removePhone(phone.value);
      return c.body(null, 204);
    },

    transcript: (c) => {
      const phone = knownPhone(world, c.req.param("number"));
      if (!phone.ok) return refuse(404, phone.failure);
      const other = c.req.query("with");
      const number = other === undefined ? null : (parsePhone(other) ?? other);
      return c.json({ items: world.store.transcript(phone.value, number) });
    },

    send: async (c) => {
      const phone = knownPhone(world, c.req.param("number"));
      if (!phone.ok) return refuse(404, phone.failure);
      const text = await readPhoneText(c.req.raw, world.ending);
      if (!text.ok) return refuse(text.failure.status, text.failure.sentence);
      const to = world.store.number(parsePhone(text.value.to) ?? "");
      if (to === undefined) return refuse(404, `${text.value.to} is not one of the operator's numbers.`);
      const { message, over } = receive(world, { ...text.value, from: phone.value, to });
      if (c.req.query("wait") === "webhook") await over;
      return c.json(message, 201);
    },
  };
}

function knownPhone(world: World, written: string | undefined): Result<string, string> {
  const number = parsePhone(written ?? "");
  return number !== null && world.store.hasPhone(number) ? succeed(number) : fail(`There is no phone ${written}.`);
}

function readNewNumber(world: World, written: string): Result<string, string> {
  const number = parsePhone(written);
  if (number === null || isShortCode(number)) {
    return fail(`"${written}" is not a phone number in E.164, as +12025550140.`);
  }
  return world.store.number(number) === undefined
    ? succeed(number)
    : fail(`${number} is one of the operator's numbers.`);
}

/** Numbers that no carrier gives to anybody: set aside for use in fiction. */
function nextFree(world: World): string | null {
  for (let line = 140; line <= 199; line += 1) {
    const number = `+12025550${line}`;
    if (!world.store.hasPhone(number) && world.store.number(number) === undefined) return number;
  }
  return null;
}
