import { Hono } from "hono";
import { admin } from "./admin/routes.ts";
import { logEvent } from "./core/log.ts";
import { createProblem, toProblemResponse } from "./core/problem-document.ts";
import { checkHealth } from "./health/routes.ts";
import { enrolmentPageRoutes, identityPageRoutes } from "./identity/routes.ts";
import { media } from "./media/routes.ts";
import { twilio } from "./twilio/routes.ts";

/** The routes of the Worker. */
export const app = new Hono<{ Bindings: Env }>();

app.get("/health", async (c) => {
  const report = await checkHealth(c.env, (work) => c.executionCtx.waitUntil(work));
  return c.json(report, report.status === "ok" ? 200 : 503);
});
app.route("/twilio", twilio);
app.route("/v1", admin);
app.route("/media", media);
app.route("/link", identityPageRoutes);
app.route("/enrol", enrolmentPageRoutes);

app.notFound((c) => toProblemResponse(createProblem(404, `No resource exists at ${new URL(c.req.url).pathname}.`)));
app.onError((error, c) => {
  logEvent("error", "http-request-failed", { path: c.req.routePath, error: error.name });
  return toProblemResponse(createProblem(500, "An unexpected error occurred. Retry the request."));
});
