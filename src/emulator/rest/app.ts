import { Hono } from "hono";
import type { World } from "../world.ts";
import { authenticate, type RestEnv, type RestHandler, readForm } from "./access.ts";
import { API, accountDocument } from "./documents.ts";
import { BROKEN, METHOD_NOT_ALLOWED, notFound, restErrorResponse } from "./errors.ts";
import { mediaRoutes } from "./media.ts";
import { messageRoutes } from "./messages.ts";
import { numberRoutes } from "./numbers.ts";

/** Twilio's REST API, as far as messages need it: every address on one screen. */
export function restApp(world: World): Hono<RestEnv> {
  const app = new Hono<RestEnv>().basePath(API);
  app.use("/Accounts/:sid", authenticate(world), readForm);
  app.use("/Accounts/:sid/*", authenticate(world), readForm);
  const messages = messageRoutes(world);
  const media = mediaRoutes(world);
  const numbers = numberRoutes(world);
  const routes: readonly Route[] = [
    ["/Accounts/:sid{AC[0-9a-fA-F]{32}\\.json}", { GET: (c) => c.json(accountDocument(c.var.account)) }],
    ["/Accounts/:sid/Messages.json", { GET: messages.list, POST: messages.create }],
    ["/Accounts/:sid/Messages/:message/Media.json", { GET: media.list }],
    ["/Accounts/:sid/Messages/:message/Media/:media", { GET: media.fetch, DELETE: media.remove }],
    ["/Accounts/:sid/Messages/:message", { GET: messages.fetch, POST: messages.update, DELETE: messages.remove }],
    ["/Accounts/:sid/IncomingPhoneNumbers.json", { GET: numbers.list }],
    ["/Accounts/:sid/IncomingPhoneNumbers/:number", { GET: numbers.fetch, POST: numbers.update }],
  ];
  for (const [path, handlers] of routes) {
    for (const [method, handler] of Object.entries(handlers)) app.on(method, path, handler);
    app.all(path, () => restErrorResponse(METHOD_NOT_ALLOWED));
  }
  app.all("*", (c) => restErrorResponse(notFound(c.req.path)));
  app.onError(() => restErrorResponse(BROKEN));
  return app;
}

type Route = readonly [string, Readonly<Partial<Record<"GET" | "POST" | "DELETE", RestHandler>>>];
