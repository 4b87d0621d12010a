import * as z from "zod/mini";
import { answersSchema } from "../../assistants/webhook/answers.ts";
import { loadConfiguration } from "../../configuration/store.ts";
import { parseJson } from "../../core/json.ts";
import { parsePhone } from "../../core/phone.ts";
import { createProblem } from "../../core/problem-document.ts";
import { isMessageSigned } from "../../outbound/standard-webhooks.ts";
import { named } from "../../schema/named.ts";
import { hasAdminKey } from "../http/admin-key.ts";
import { answer, empty } from "../http/answer.ts";
import { type AdminContext, signedJsonBody } from "../http/body.ts";
import { toFieldProblems } from "../http/check.ts";
import { lookup, type Route, route } from "../http/route.ts";

const TURN_ID = /^(\d{3,15})-([A-Z]{2}[0-9a-f]{32})$/u;

const answersBody = named("Answers", answersSchema);

const ANSWERS_EXAMPLE = { answers: [{ kind: "text", text: "Your order is on its way." }] };

const turnId = z.string().check(z.describe("`turn.id` of the request that was answered with 202"));

/** Where assistants bring the answers that they have promised. */
export const turnRoutes: readonly Route[] = [
  route({
    tag: "Turns",
    method: "post",
    path: "/v1/turns/{id}/answers",
    operationId: "createAnswers",
    summary: "Send the answers that an assistant promised",
    access: "assistant",
    parameters: { id: lookup(turnId) },
    body: signedJsonBody(answersBody, ANSWERS_EXAMPLE),
    responses: {
      202: empty("The answers were accepted."),
      401: "The signature is missing or wrong, and so is the admin key.",
      409: "The turn does not wait for answers (any more).",
    },
    handle: async ({ parameters: { id }, body }, c) => {
      const [, phone = "", sid = ""] = TURN_ID.exec(id) ?? [];
      const sender = parsePhone(phone);
      const isByAdmin = await hasAdminKey(c);
      // A request without any credentials must not wake a Sender.
      if (!isByAdmin && c.req.header("webhook-signature") === undefined) return createProblem(401, UNSIGNED);
      const stub = sender === null ? null : c.env.SENDER.getByName(sender);
      const wait = stub === null ? null : await stub.bringing(sid);
      if (!isByAdmin && !(await isFromAssistant(c, wait?.signature ?? null, body))) return createProblem(401, UNSIGNED);
      if (stub === null || wait?.isAwaited !== true) return createProblem(409, NOT_AWAITED);
      const json = parseJson(body);
      const parsed = answersSchema.safeParse(json);
      if (!parsed.success) {
        const errors = toFieldProblems(parsed.error.issues, answersSchema, json);
        return createProblem(422, "The answers are invalid; see errors.", errors);
      }
      return (await stub.bring(sid, body)) ? answer(202, null) : createProblem(409, NOT_AWAITED);
    },
  }),
];

const UNSIGNED =
  "The signature is missing or wrong. Sign the answers as Standard Webhooks defines it, with the secret that the application's assistant names, or send the admin key.";

const NOT_AWAITED =
  "The turn does not wait for answers: they have arrived already, the wait has ended, or none were promised.";

/** @param name the name of the secret */
async function isFromAssistant(c: AdminContext, name: string | null, body: string): Promise<boolean> {
  const snapshot = await loadConfiguration(c.env, (work) => c.executionCtx.waitUntil(work));
  const secret = name === null ? undefined : snapshot.secrets.get(name)?.value;
  const header = (field: string) => c.req.header(field) ?? "";
  const signed = {
    "webhook-id": header("webhook-id"),
    "webhook-timestamp": header("webhook-timestamp"),
    "webhook-signature": header("webhook-signature"),
  };
  return secret !== undefined && (await isMessageSigned(signed, body, secret, Date.now()));
}
