import { Hono } from "hono";
import type { EmulatorContext } from "../context.ts";
import { parseForm, type RestEnv, type RestHandler, requireAccount } from "./authentication.ts";
import { API_PATH, toAccountDocument } from "./documents.ts";
import { createNotFound, INTERNAL_ERROR, METHOD_NOT_ALLOWED, toErrorResponse } from "./errors.ts";
import { createMediaRoutes } from "./media.ts";
import { createMessageRoutes } from "./messages.ts";
import { createNumberRoutes } from "./numbers.ts";

/** Mounts all routes of Twilio's REST API that messages need. */
export function createRestApp(context: EmulatorContext): Hono<RestEnv> {
  const app = new Hono<RestEnv>().basePath(API_PATH);
  app.use("/Accounts/:sid", requireAccount(context), parseForm);
  app.use("/Accounts/:sid/*", requireAccount(context), parseForm);
  const messages = createMessageRoutes(context);
  const media = createMediaRoutes(context);
  const numbers = createNumberRoutes(context);
  const routes: readonly RestRoute[] = [
    ["/Accounts/:sid{AC[0-9a-fA-F]{32}\\.json}", { GET: (c) => c.json(toAccountDocument(c.var.account)) }],
    ["/Accounts/:sid/Messages.json", { GET: messages.list, POST: messages.create }],
    ["/Accounts/:sid/Messages/:message/Media.json", { GET: media.list }],
    ["/Accounts/:sid/Messages/:message/Media/:media", { GET: media.fetch, DELETE: media.remove }],
    ["/Accounts/:sid/Messages/:message", { GET: messages.fetch, POST: messages.update, DELETE: messages.remove }],
    ["/Accounts/:sid/IncomingPhoneNumbers.json", { GET: numbers.list }],
    ["/Accounts/:sid/IncomingPhoneNumbers/:number", { GET: numbers.fetch, POST: numbers.update }],
  ];
  for (const [path, handlers] of routes) {
    for (const [method, handler] of Object.entries(handlers)) app.on(method, path, handler);
    app.all(path, () => toErrorResponse(METHOD_NOT_ALLOWED));
  }
  app.all("*", (c) => toErrorResponse(createNotFound(c.req.path)));
  app.onError(() => toErrorResponse(INTERNAL_ERROR));
  return app;
}

type RestRoute = readonly [string, Readonly<Partial<Record<"GET" | "POST" | "DELETE", RestHandler>>>];
