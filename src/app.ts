import { Hono } from "hono";
import { admin } from "./admin/routes.ts";
import { log } from "./core/log.ts";
import { problem, problemResponse } from "./core/problem.ts";
import { health } from "./health/routes.ts";
import { enrolmentPages, linkPages } from "./identity/routes.ts";
import { media } from "./media/routes.ts";
import { twilio } from "./twilio/routes.ts";

/** Every URL that Parley answers. */
export const app = new Hono<{ Bindings: Env }>();

app.get("/health", async (c) => {
  const report = await health(c.env, (work) => c.executionCtx.waitUntil(work));
  return c.json(report, report.status === "ok" ? 200 : 503);
});
app.route("/twilio", twilio);
app.route("/v1", admin);
app.route("/media", media);
app.route("/link", linkPages);
app.route("/enrol", enrolmentPages);

app.notFound((c) => problemResponse(problem(404, `Nothing is at ${new URL(c.req.url).pathname}.`)));
app.onError((error, c) => {
  log("error", "request-failed", { path: c.req.routePath, error: error.name });
  return problemResponse(problem(500, "Parley could not do this; try again."));
});
