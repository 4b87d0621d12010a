import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { EmulatorContext } from "../context.ts";
import { JSON_BYTES, PHONE_MESSAGE_BYTES } from "../limits.ts";
import { createMediaResponse } from "../media.ts";
import { createFaultRoutes } from "./faults.ts";
import { refuseRequest } from "./json-documents.ts";
import { createPhoneRoutes } from "./phones.ts";
import { createSettingRoutes } from "./settings.ts";

/** The emulator's own interface (contract.ts): every address on one screen. */
export function createControlApp(context: EmulatorContext): Hono {
  const app = new Hono();
  const phones = createPhoneRoutes(context);
  const settings = createSettingRoutes(context);
  const faults = createFaultRoutes(context);
  const small = limitBody(JSON_BYTES);
  const large = limitBody(PHONE_MESSAGE_BYTES);

  app.get("/state", (c) => c.json(context.store.toEmulatorState()));
  app.get("/events", (c) => openEventStream(context, c.req.header("last-event-id")));
  app.post("/phones", small, phones.add);
  app.delete("/phones/:number", phones.remove);
  app.get("/phones/:number/messages", phones.transcript);
  app.post("/phones/:number/messages", large, phones.send);
  app.put("/accounts/:sid", small, settings.putAccount);
  app.put("/numbers/:number", small, settings.putNumber);
  app.put("/faults", small, faults.put);
  app.get("/faults", faults.get);
  app.delete("/faults", faults.remove);
  app.get("/webhooks", (c) => c.json({ items: context.store.listAttempts(c.req.query("messageSid") ?? null) }));
  app.get("/media/:sid", (c) => {
    const file = context.store.findMedia(c.req.param("sid"));
    return file === undefined ? refuseRequest(404, "There is no such file.") : createMediaResponse(file);
  });
  app.post("/reset", (c) => {
    context.resetState(c.req.query("all") === "true");
    return c.body(null, 204);
  });
  app.all("*", (c) => refuseRequest(404, `The emulator has nothing for ${c.req.method} ${c.req.path}.`));
  return app;
}

function limitBody(maxSize: number) {
  const sentence = `The request is larger than ${Math.round(maxSize / 1024)} KiB.`;
  return bodyLimit({ maxSize, onError: () => refuseRequest(413, sentence) });
}

function openEventStream(context: EmulatorContext, lastEventId: string | undefined): Response {
  const seen = /^\d{1,16}$/u.test(lastEventId ?? "") ? Number(lastEventId) : null;
  const headers = { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" };
  return new Response(context.events.openStream(seen), { headers });
}
