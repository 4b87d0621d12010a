import { Hono } from "hono";
import * as z from "zod/mini";
import { phoneNumber } from "../configuration/nouns.ts";
import { PAGE_ITEMS_DEFAULT, PAGE_ITEMS_MAXIMUM } from "../core/limits.ts";
import { problemResponse } from "../core/problem.ts";
import { turnOf } from "../sender/transcript.ts";
import { check, notFound } from "./http.ts";

export const senderRoutes = new Hono<{ Bindings: Env }>();

const transcriptQuery = z.strictObject({
  phone: phoneNumber,
  number: phoneNumber,
  limit: z._default(z.coerce.number().check(z.int(), z.gte(1), z.lte(PAGE_ITEMS_MAXIMUM)), PAGE_ITEMS_DEFAULT),
  after: z.optional(z.string().check(z.refine((id) => turnOf(id) !== null, "must be the id of a message"))),
  order: z._default(z.enum(["asc", "desc"]), "asc"),
});

/** The transcript: what was said between a phone and one of our numbers, with how its delivery stands. */
senderRoutes.get("/:phone/conversations/:number/messages", async (c) => {
  const query = check(
    transcriptQuery,
    { ...c.req.query(), ...c.req.param() },
    400,
    "The transcript asked for cannot be given.",
  );
  if (!query.ok) return problemResponse(query.failure);
  const { phone, number, limit, order, after = null } = query.value;
  const messages = await c.env.SENDER.getByName(phone).transcript({ number, order, after, limit: limit + 1 });
  if (messages === null) return notFound(`conversation of ${phone} with ${number}`);
  const items = messages.slice(0, limit);
  return c.json({ items, next: messages.length > limit ? (items.at(-1)?.id ?? null) : null });
});
