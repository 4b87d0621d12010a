import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { ADMIN_BODY_BYTES } from "../../core/limits/admin.ts";
import { createProblem, toProblemResponse } from "../../core/problem-document.ts";
import { requireAdminKey } from "./admin-key.ts";
import type { Route } from "./route.ts";

/** The path that a Worker's `app` mounts the routes under. */
const BASE = "/v1";

/** Serves routes. Without the admin key a request learns nothing but what routes with other access answer. */
export function createRouter(routes: readonly Route[]): Hono<{ Bindings: Env }> {
  const router = new Hono<{ Bindings: Env }>();
  router.use(
    bodyLimit({
      maxSize: ADMIN_BODY_BYTES,
      onError: () =>
        toProblemResponse(createProblem(413, `The body is too large: the maximum is ${ADMIN_BODY_BYTES} bytes.`)),
    }),
  );
  const [open, closed] = [
    routes.filter(({ access }) => access !== "admin"),
    routes.filter(({ access }) => access === "admin"),
  ];
  serve(router, open);
  router.use(requireAdminKey);
  serve(router, closed);
  router.use(async (c, next) => {
    const allowed = methodsAt(c.req.path, routes);
    if (allowed.length === 0) return await next();
    const document = createProblem(405, `${c.req.path} does not support ${c.req.method}. Use ${allowed.join(" or ")}.`);
    return toProblemResponse(document, { allow: allowed.join(", ") });
  });
  return router;
}

function serve(router: Hono<{ Bindings: Env }>, routes: readonly Route[]): void {
  for (const { method, path, respond } of routes)
    router.on(method.toUpperCase(), path.slice(BASE.length).replaceAll(/\{(\w+)\}/gu, ":$1"), respond);
}

function methodsAt(path: string, routes: readonly Route[]): readonly string[] {
  const here = routes.filter((route) => patternOf(route.path).test(path));
  return [...new Set(here.flatMap(({ method }) => (method === "get" ? ["GET", "HEAD"] : [method.toUpperCase()])))];
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/gu, "[^/]+")}$`, "u");
}
