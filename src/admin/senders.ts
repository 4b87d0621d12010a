import { Hono } from "hono";
import * as z from "zod/mini";
import { resolvePublicOrigin } from "../configuration/public-origin.ts";
import { PAGE_ITEMS_DEFAULT, PAGE_ITEMS_MAXIMUM } from "../core/limits/admin.ts";
import { createProblem, toProblemResponse } from "../core/problem-document.ts";
import { createMediaSigner, type MediaUrlSigner } from "../media/links.ts";
import { phoneNumber } from "../schema/ids.ts";
import { type Message, parseTurnNumber, type TranscriptMedium } from "../sender/records/transcript.ts";
import { parsePartId } from "../twilio/status-callback.ts";
import { type AdminContext, checkValue, parseBody, respondNotFound } from "./http.ts";
import { resolutionSchema } from "./resources.ts";

export const senderRoutes = new Hono<{ Bindings: Env }>();

const transcriptQuery = z.strictObject({
  phone: phoneNumber,
  number: phoneNumber,
  limit: z._default(z.coerce.number().check(z.int(), z.gte(1), z.lte(PAGE_ITEMS_MAXIMUM)), PAGE_ITEMS_DEFAULT),
  after: z.optional(z.string().check(z.refine((id) => parseTurnNumber(id) !== null, "must be the id of a message"))),
  order: z._default(z.enum(["asc", "desc"]), "asc"),
});

/** The transcript: what was said between a phone and one of our numbers, with how its delivery stands. */
senderRoutes.get("/:phone/conversations/:number/messages", async (c) => {
  const query = checkValue(
    transcriptQuery,
    { ...c.req.query(), ...c.req.param() },
    400,
    "The transcript asked for cannot be given.",
  );
  if (!query.ok) return toProblemResponse(query.failure);
  const { phone, number, limit, order, after = null } = query.value;
  const messages = await c.env.SENDER.getByName(phone).transcript({ number, order, after, limit: limit + 1 });
  if (messages === null) return respondNotFound(`conversation of ${phone} with ${number}`);
  const shown = messages.slice(0, limit);
  const items = await Promise.all(shown.map(await showing(c)));
  return c.json({ items, next: messages.length > limit ? (shown.at(-1)?.id ?? null) : null });
});

/** Shows messages, with a signed URL for each medium that we keep. */
async function showing(c: AdminContext): Promise<(message: Message) => Promise<object>> {
  const links = await createMediaSigner(c.env.MASTER_KEY, resolvePublicOrigin(c.env, c.req.url));
  return async (message) => ({
    ...message,
    media: await Promise.all(message.media.map((one) => showMedium(one, links))),
  });
}

async function showMedium({ source, key, ...medium }: TranscriptMedium, links: MediaUrlSigner): Promise<object> {
  return { ...medium, url: key === null ? source : await links.link(key, Date.now()) };
}

const resolutionTarget = z.strictObject({
  phone: phoneNumber,
  number: phoneNumber,
  message: z
    .string()
    .check(z.refine((id) => parsePartId(id) !== null, "must be the id of a message that went out, as 12.0")),
});

/** An operator says what became of a message that is `unknown`: it was sent, it is to be sent again, or to be dropped. */
senderRoutes.post("/:phone/conversations/:number/messages/:message/resolution", async (c) => {
  const target = checkValue(resolutionTarget, c.req.param(), 400, "The URL names no message that went out.");
  if (!target.ok) return toProblemResponse(target.failure);
  const body = await parseBody(c, resolutionSchema);
  if (!body.ok) return toProblemResponse(body.failure);
  const { phone, number, message } = target.value;
  const part = parsePartId(message) ?? { turn: 0, index: 0 };
  const resolved = await c.env.SENDER.getByName(phone).resolve(number, part, body.value.as);
  return resolved
    ? c.body(null, 204)
    : toProblemResponse(createProblem(409, `Message ${message} is not unknown, or not there.`));
});
