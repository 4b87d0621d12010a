import * as z from "zod/mini";
import { resolvePublicOrigin } from "../../configuration/public-origin.ts";
import { createProblem } from "../../core/problem-document.ts";
import { createMediaSigner, type MediaUrlSigner } from "../../media/links.ts";
import { phoneNumber } from "../../schema/ids.ts";
import { type Message, parseTurnNumber, type TranscriptMedium } from "../../sender/records/transcript.ts";
import { parsePartId } from "../../twilio/status-callback.ts";
import { answer, empty, json, NO_CONTENT, respondNotFound } from "../http/answer.ts";
import { type AdminContext, jsonBody } from "../http/body.ts";
import { type Route, route } from "../http/route.ts";
import { pageQueryWith, pageSchema } from "../http/schema.ts";
import { messageResource, resolutionBody } from "./schema.ts";

const messageCursor = z.string().check(z.refine((id) => parseTurnNumber(id) !== null, "must be the id of a message"));

const transcriptQuery = z.extend(pageQueryWith(messageCursor), {
  order: z._default(
    z.enum(["asc", "desc"]).check(z.describe("`asc`: oldest first; `desc`: newest first. Default: asc")),
    "asc",
  ),
});

const outboundMessageId = z
  .string()
  .check(z.refine((id) => parsePartId(id) !== null, "must be the id of an outbound message, such as 12.0"));

export const senderRoutes: readonly Route[] = [
  route({
    tag: "Contacts",
    method: "get",
    path: "/v1/senders/{phone}/conversations/{number}/messages",
    operationId: "listMessages",
    summary: "Get the transcript of a contact on a number",
    parameters: { phone: phoneNumber, number: phoneNumber },
    query: transcriptQuery,
    responses: {
      200: json("One page of messages with their delivery.", pageSchema(messageResource)),
      404: "The contact and the number have not exchanged any message.",
    },
    handle: async ({ parameters: { phone, number }, query: { limit, order, after = null } }, c) => {
      const messages = await c.env.SENDER.getByName(phone).transcript({ number, order, after, limit: limit + 1 });
      if (messages === null) return respondNotFound(`conversation of ${phone} with ${number}`);
      const shown = messages.slice(0, limit);
      const items = await showMessages(c, shown);
      return answer(200, { items, next: messages.length > limit ? (shown.at(-1)?.id ?? null) : null });
    },
  }),
  route({
    tag: "Contacts",
    method: "post",
    path: "/v1/senders/{phone}/conversations/{number}/messages/{message}/resolution",
    operationId: "resolveMessage",
    summary: "Decide about a message whose status is unknown",
    parameters: { phone: phoneNumber, number: phoneNumber, message: outboundMessageId },
    body: jsonBody(resolutionBody, { as: "resend" }),
    responses: {
      204: empty("The decision was stored."),
      409: "The message does not exist, or its status is not `unknown`.",
    },
    handle: async ({ parameters: { phone, number, message }, body }, c) => {
      const part = parsePartId(message) ?? { turn: 0, index: 0 };
      const isResolved = await c.env.SENDER.getByName(phone).resolve(number, part, body.as);
      return isResolved
        ? NO_CONTENT
        : createProblem(409, `Message ${message} does not exist, or its status is not \`unknown\`.`);
    },
  }),
];

/** Shows messages, with a signed URL for each medium that Parley keeps. */
async function showMessages(c: AdminContext, messages: readonly Message[]) {
  const links = await createMediaSigner(c.env.MASTER_KEY, resolvePublicOrigin(c.env, c.req.url));
  return await Promise.all(
    messages.map(async (message) => ({
      ...message,
      media: await Promise.all(message.media.map(async (medium) => await showMedia(medium, links))),
    })),
  );
}

async function showMedia({ source, key, ...medium }: TranscriptMedium, links: MediaUrlSigner) {
  return { ...medium, url: key === null ? source : await links.link(key, Date.now()) };
}
