import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { EmulatorContext } from "../context.ts";
import { JSON_BYTES, PHONE_MESSAGE_BYTES } from "../limits.ts";
import { createMediaResponse } from "../media.ts";
import { createFaultRoutes } from "./faults.ts";
import { refuseRequest } from "./json-documents.ts";
import { createPhoneRoutes } from "./phones.ts";
import { createSettingRoutes } from "./settings.ts";

/** Mounts all routes of the emulator's control API (types in contract.ts). */
export function createControlApp(context: EmulatorContext): Hono {
  const app = new Hono();
  const phones = createPhoneRoutes(context);
  const settings = createSettingRoutes(context);
  const faults = createFaultRoutes(context);
  const jsonLimit = limitBody(JSON_BYTES);
  const messageLimit = limitBody(PHONE_MESSAGE_BYTES);

  app.get("/state", (c) => c.json(context.store.toEmulatorState()));
  app.get("/events", (c) => openEventStream(context, c.req.header("last-event-id")));
  app.post("/phones", jsonLimit, phones.add);
  app.delete("/phones/:number", phones.remove);
  app.get("/phones/:number/messages", phones.transcript);
  app.post("/phones/:number/messages", messageLimit, phones.send);
  app.put("/accounts/:sid", jsonLimit, settings.putAccount);
  app.put("/numbers/:number", jsonLimit, settings.putNumber);
  app.put("/faults", jsonLimit, faults.put);
  app.get("/faults", faults.get);
  app.delete("/faults", faults.remove);
  app.get("/webhooks", (c) => c.json({ items: context.store.listAttempts(c.req.query("messageSid") ?? null) }));
  app.get("/media/:sid", (c) => {
    const file = context.store.findMedia(c.req.param("sid"));
    return file === undefined ? refuseRequest(404, "This file does not exist.") : createMediaResponse(file);
  });
  app.post("/reset", (c) => {
    context.resetState(c.req.query("all") === "true");
    return c.body(null, 204);
  });
  app.all("*", (c) => refuseRequest(404, `The emulator has no route ${c.req.method} ${c.req.path}.`));
  return app;
}

function limitBody(maxSize: number) {
  const sentence = `The request body is larger than ${Math.round(maxSize / 1024)} KiB.`;
  return bodyLimit({ maxSize, onError: () => refuseRequest(413, sentence) });
}

function openEventStream(context: EmulatorContext, lastEventId: string | undefined): Response {
  const lastSeenId = /^\d{1,16}$/u.test(lastEventId ?? "") ? Number(lastEventId) : null;
  const headers = { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" };
  return new Response(context.events.openStream(lastSeenId), { headers });
}
