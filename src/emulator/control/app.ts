import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { JSON_BYTES, PHONE_MESSAGE_BYTES } from "../limits.ts";
import { mediaResponse } from "../media.ts";
import type { World } from "../world.ts";
import { refuse } from "./answers.ts";
import { faultRoutes } from "./faults.ts";
import { phoneRoutes } from "./phones.ts";
import { settingRoutes } from "./settings.ts";

/** The emulator's own interface (contract.ts): every address on one screen. */
export function controlApp(world: World): Hono {
  const app = new Hono();
  const phones = phoneRoutes(world);
  const settings = settingRoutes(world);
  const faults = faultRoutes(world);
  const small = limitedTo(JSON_BYTES);
  const large = limitedTo(PHONE_MESSAGE_BYTES);

  app.get("/state", (c) => c.json(world.store.state()));
  app.get("/events", (c) => events(world, c.req.header("last-event-id")));
  app.post("/phones", small, phones.add);
  app.delete("/phones/:number", phones.remove);
  app.get("/phones/:number/messages", phones.transcript);
  app.post("/phones/:number/messages", large, phones.send);
  app.put("/accounts/:sid", small, settings.putAccount);
  app.put("/numbers/:number", small, settings.putNumber);
  app.put("/faults", small, faults.put);
  app.get("/faults", faults.get);
  app.delete("/faults", faults.remove);
  app.get("/webhooks", (c) => c.json({ items: world.store.attempts(c.req.query("messageSid") ?? null) }));
  app.get("/media/:sid", (c) => {
    const file = world.store.media(c.req.param("sid"));
    return file === undefined ? refuse(404, "There is no such file.") : mediaResponse(file);
  });
  app.post("/reset", (c) => {
    world.reset(c.req.query("all") === "true");
    return c.body(null, 204);
  });
  app.all("*", (c) => refuse(404, `The emulator has nothing for ${c.req.method} ${c.req.path}.`));
  return app;
}

function limitedTo(maxSize: number) {
  const sentence = `The request is larger than ${Math.round(maxSize / 1024)} KiB.`;
  return bodyLimit({ maxSize, onError: () => refuse(413, sentence) });
}

function events(world: World, lastEventId: string | undefined): Response {
  const seen = /^\d{1,16}$/u.test(lastEventId ?? "") ? Number(lastEventId) : null;
  const headers = { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" };
  return new Response(world.events.stream(seen), { headers });
}
