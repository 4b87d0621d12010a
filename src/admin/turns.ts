import { type Context, Hono } from "hono";
import { answersSchema } from "../assistants/webhook/answers.ts";
import { loadConfiguration } from "../configuration/store.ts";
import { parseJson } from "../core/json.ts";
import { parsePhone } from "../core/phone.ts";
import { createProblem, toProblemResponse } from "../core/problem-document.ts";
import { isMessageSigned } from "../outbound/standard-webhooks.ts";
import { toFieldProblems } from "./http.ts";
import { isAdmin } from "./key.ts";

type Bound = Context<{ Bindings: Env }>;

/** Where assistants bring answers that they have promised. */
export const turnRoutes = new Hono<{ Bindings: Env }>();

const TURN_ID = /^(\d{3,15})-([A-Z]{2}[0-9a-f]{32})$/u;

turnRoutes.post("/:id/answers", async (c) => {
  const [, phone = "", sid = ""] = TURN_ID.exec(c.req.param("id")) ?? [];
  const sender = parsePhone(phone);
  const byAdmin = await isAdmin(c);
  // Nobody's Sender is asked for somebody who brings nothing.
  if (!byAdmin && c.req.header("webhook-signature") === undefined)
    return toProblemResponse(createProblem(401, UNSIGNED));
  const turn = sender === null ? null : c.env.SENDER.getByName(sender);
  const bringing = turn === null ? null : await turn.bringing(sid);
  const body = await c.req.text();
  if (!byAdmin && !(await isFromAssistant(c, bringing?.signature ?? null, body)))
    return toProblemResponse(createProblem(401, UNSIGNED));
  if (turn === null || bringing?.isAwaited !== true) return toProblemResponse(createProblem(409, OVER));
  const json = parseJson(body);
  const parsed = answersSchema.safeParse(json);
  if (!parsed.success) {
    const problems = toFieldProblems(parsed.error.issues, answersSchema, json);
    return toProblemResponse(createProblem(422, "These answers do not fit.", problems));
  }
  return (await turn.bring(sid, body)) ? c.body(null, 202) : toProblemResponse(createProblem(409, OVER));
});

const UNSIGNED =
  "Sign the answers as Standard Webhooks does, with the secret that the application's assistant names, or bring the admin key.";

const OVER = "This turn waits for no answers: it has them, or nobody waits any more, or it never promised any.";

/** @param name of the secret */
async function isFromAssistant(c: Bound, name: string | null, body: string): Promise<boolean> {
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
