import type { MediaFile } from "../model.ts";
import type { World } from "../world.ts";
import type { RestHandler } from "./access.ts";
import { mediaDocument } from "./documents.ts";
import { notFound, restErrorResponse } from "./errors.ts";
import { pageOf } from "./paging.ts";

/** `Messages/{Sid}/Media.json` and `Messages/{Sid}/Media/{Sid}`, with `.json` for the resource and without for the file. */
export function mediaRoutes(world: World): Readonly<Record<"list" | "fetch" | "remove", RestHandler>> {
  return {
    list: (c) => {
      const message = world.store.message(c.req.param("message") ?? "");
      if (message?.accountSid !== c.var.account.sid) return restErrorResponse(notFound(c.req.path));
      const files = world.store.mediaOf(message);
      const placed = files.map((file, index) => ({ file, order: files.length - index }));
      const { items, fields } = pageOf(new URL(c.req.url), placed);
      return c.json({ ...fields, media_list: items.map(({ file }) => mediaDocument(file)) });
    },

    fetch: (c) => {
      const file = find(world, c.var.account.sid, c.req.param("message"), c.req.param("media"));
      if (file === null) return restErrorResponse(notFound(c.req.path));
      if (c.req.path.endsWith(".json")) return c.json(mediaDocument(file));
      return c.redirect(`${world.mediaOrigin}${world.links.create(file.sid, world.now())}`, 307);
    },

    remove: (c) => {
      const file = find(world, c.var.account.sid, c.req.param("message"), c.req.param("media"));
      if (file === null) return restErrorResponse(notFound(c.req.path));
      world.store.removeMedia(file.sid);
      return c.body(null, 204);
    },
  };
}

function find(
  world: World,
  accountSid: string,
  message: string | undefined,
  name: string | undefined,
): MediaFile | null {
  const file = world.store.media(name?.replace(/\.json$/u, "") ?? "");
  return file?.accountSid === accountSid && file.messageSid === message ? file : null;
}
