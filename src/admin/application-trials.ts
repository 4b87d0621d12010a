import { Hono } from "hono";
import { publicOrigin } from "../configuration/origin.ts";
import { latestConfiguration } from "../configuration/store.ts";
import { problemResponse } from "../core/problem.ts";
import { notFound, readBody } from "./http.ts";
import { applicationTrialSchema } from "./resources.ts";
import { Trial } from "./trying.ts";

/** What a person would get from an application: its assistant is asked for real, nothing is sent to anybody and nothing stored. */
export const applicationTrialRoutes = new Hono<{ Bindings: Env }>();

applicationTrialRoutes.post("/:id/trials", async (c) => {
  const body = await readBody(c, applicationTrialSchema);
  if (!body.ok) return problemResponse(body.failure);
  const { texts, phone, number } = body.value;
  const id = c.req.param("id");
  const snapshot = await latestConfiguration(c.env, (work) => c.executionCtx.waitUntil(work));
  const answering = snapshot.trying(id, phone, Date.now()) ?? snapshot.answering(id);
  if (answering === null) return notFound(`application "${id}"`);
  const trial = new Trial({
    answering,
    secrets: snapshot.secrets,
    origin: publicOrigin(c.env, c.req.url),
    phone,
    number,
  });
  return c.json({
    turns: await trial.run(texts.map((text) => (typeof text === "string" ? { text, media: [] } : text))),
  });
});
