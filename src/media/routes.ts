import { Hono } from "hono";
import { MEDIA_LINK_SECONDS, MEDIA_RETRY_AFTER_SECONDS } from "../core/limits/media.ts";
import { createProblem, toProblemResponse } from "../core/problem-document.ts";
import { isSignedMediaUrl, mayBePending } from "./links.ts";
import { isShownInline } from "./media-types.ts";

/** The media that contacts have sent, for signed URLs. */
export const media = new Hono<{ Bindings: Env }>();

const NEW_URL_ADVICE = "Get a new one: GET /v1/senders/{phone}/conversations/{number}/messages.";

media.get("/:folder/:name", async (c) => {
  const key = `${c.req.param("folder")}/${c.req.param("name")}`;
  const { expires = "", signature = "" } = c.req.query();
  if (!(await isSignedMediaUrl(c.env.MASTER_KEY, { key, expires, signature })))
    return toProblemResponse(createProblem(403, `Parley has not signed this URL. ${NEW_URL_ADVICE}`));
  const now = Date.now();
  const remaining = Number(expires) - Math.floor(now / 1_000);
  if (remaining <= 0) return toProblemResponse(createProblem(410, `The URL has expired. ${NEW_URL_ADVICE}`));
  const file = await openFile(c.env.MEDIA, key, c.req.raw);
  if (file === null) return toMissingResponse(mayBePending(Number(expires), now));
  return file === "unsatisfiable"
    ? toProblemResponse(createProblem(416, "The range is beyond the end of the file."))
    : toFileResponse(file, remaining);
});

/** @param isAwaited whether the copy may still be made */
function toMissingResponse(isAwaited: boolean): Response {
  if (!isAwaited) return toProblemResponse(createProblem(404, "The file does not exist or was deleted."));
  const detail = "The file is not available yet. Parley may still be fetching it from Twilio.";
  return toProblemResponse(createProblem(503, detail), { "retry-after": String(MEDIA_RETRY_AFTER_SECONDS) });
}

/** A file, or the requested range of it. */
interface OpenedFile {
  readonly object: R2Object;
  readonly body: ReadableStream | null;
  readonly range: { readonly offset: number; readonly length: number } | null;
}

async function openFile(
  bucket: R2Bucket | undefined,
  key: string,
  request: Request,
): Promise<OpenedFile | "unsatisfiable" | null> {
  const object = (await bucket?.head(key)) ?? null;
  if (bucket === undefined || object === null) return null;
  if (request.method === "HEAD") return { object, body: null, range: null };
  const range = parseRange(request.headers.get("range"), object.size);
  if (range === "unsatisfiable") return range;
  const content = await bucket.get(key, range === null ? {} : { range });
  return content === null ? null : { object, body: content.body, range };
}

const RANGE = /^bytes=(\d{0,15})-(\d{0,15})$/u;

/** @returns null for the whole file, also if the header is not understood (RFC 9110 §14.2) */
function parseRange(header: string | null, size: number): OpenedFile["range"] | "unsatisfiable" {
  const [, first = "", last = ""] = RANGE.exec(header ?? "") ?? [];
  if (first === "" && last === "") return null;
  const offset = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size : Math.min(size, Number(last) + 1);
  if (first !== "" && last !== "" && Number(last) < Number(first)) return null;
  return offset < end ? { offset, length: end - offset } : "unsatisfiable";
}

/** Creates a response that no browser runs: not sniffed, sandboxed, and saved unless it is an image, audio or video. */
function toFileResponse({ object, body, range }: OpenedFile, remainingSeconds: number): Response {
  const contentType = object.httpMetadata?.contentType ?? "application/octet-stream";
  const { offset, length } = range ?? { offset: 0, length: object.size };
  const headers = new Headers({
    "content-type": contentType,
    "content-length": String(length),
    "content-disposition": isShownInline(contentType) ? "inline" : "attachment",
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": `private, max-age=${Math.min(remainingSeconds, MEDIA_LINK_SECONDS)}`,
    "accept-ranges": "bytes",
    etag: object.httpEtag,
  });
  if (range === null) return new Response(body, { headers });
  headers.set("content-range", `bytes ${offset}-${offset + length - 1}/${object.size}`);
  return new Response(body, { status: 206, headers });
}
