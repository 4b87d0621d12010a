import { Hono } from "hono";
import { resolvePublicOrigin } from "../configuration/public-origin.ts";
import { loadLatestConfiguration } from "../configuration/store.ts";
import { toProblemResponse } from "../core/problem-document.ts";
import { parseBody, respondNotFound } from "./http.ts";
import { dryRunSchema } from "./resources.ts";
import { DryRunPlayer } from "./trying.ts";

/** What a person would get from an application: its assistant is asked for real, nothing is sent to anybody and nothing stored. */
export const dryRunRoutes = new Hono<{ Bindings: Env }>();

dryRunRoutes.post("/:id/trials", async (c) => {
  const body = await parseBody(c, dryRunSchema);
  if (!body.ok) return toProblemResponse(body.failure);
  const { texts, phone, number } = body.value;
  const id = c.req.param("id");
  const snapshot = await loadLatestConfiguration(c.env, (work) => c.executionCtx.waitUntil(work));
  const answering = snapshot.findTesterApplication(id, phone, Date.now()) ?? snapshot.findApplication(id);
  if (answering === null) return respondNotFound(`application "${id}"`);
  const trial = new DryRunPlayer({
    answering,
    secrets: snapshot.secrets,
    origin: resolvePublicOrigin(c.env, c.req.url),
    phone,
    number,
  });
  return c.json({
    turns: await trial.playTexts(texts.map((text) => (typeof text === "string" ? { text, media: [] } : text))),
  });
});
