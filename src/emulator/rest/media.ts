import type { EmulatorContext } from "../context.ts";
import type { MediaFile } from "../state/records.ts";
import type { RestHandler } from "./authentication.ts";
import { toMediaDocument } from "./documents.ts";
import { createNotFound, toErrorResponse } from "./errors.ts";
import { createPage } from "./pages.ts";

/** Routes of `Messages/{Sid}/Media.json` and `Messages/{Sid}/Media/{Sid}`; the latter plus `.json` is the resource. */
export function createMediaRoutes(
  context: EmulatorContext,
): Readonly<Record<"list" | "fetch" | "remove", RestHandler>> {
  return {
    list: (c) => {
      const message = context.store.findMessage(c.req.param("message") ?? "");
      if (message?.accountSid !== c.var.account.sid) return toErrorResponse(createNotFound(c.req.path));
      const files = context.store.listMedia(message);
      const orderedFiles = files.map((file, index) => ({ file, order: files.length - index }));
      const { items, fields } = createPage(new URL(c.req.url), orderedFiles);
      return c.json({ ...fields, media_list: items.map(({ file }) => toMediaDocument(file)) });
    },

    fetch: (c) => {
      const file = findMediaFile(context, c.var.account.sid, c.req.param("message"), c.req.param("media"));
      if (file === null) return toErrorResponse(createNotFound(c.req.path));
      if (c.req.path.endsWith(".json")) return c.json(toMediaDocument(file));
      return c.redirect(`${context.mediaOrigin}${context.links.createLink(file.sid, context.now())}`, 307);
    },

    remove: (c) => {
      const file = findMediaFile(context, c.var.account.sid, c.req.param("message"), c.req.param("media"));
      if (file === null) return toErrorResponse(createNotFound(c.req.path));
      context.store.removeMedia(file.sid);
      return c.body(null, 204);
    },
  };
}

function findMediaFile(
  context: EmulatorContext,
  accountSid: string,
  message: string | undefined,
  fileName: string | undefined,
): MediaFile | null {
  const file = context.store.findMedia(fileName?.replace(/\.json$/u, "") ?? "");
  return file?.accountSid === accountSid && file.messageSid === message ? file : null;
}
