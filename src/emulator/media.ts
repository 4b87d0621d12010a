import { fail, type Result, succeed } from "../core/result.ts";
import { MEDIA_BYTES, MEDIA_FETCH_MILLISECONDS } from "./limits.ts";
import type { TwilioError } from "./state/records.ts";

/** A file with its content type. */
export interface MediaContent {
  readonly contentType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Types that contain no scripts, so that browsers may show them. Others, such as SVG and HTML, are downloaded. */
const PASSIVE_TYPE = /^(?:image\/(?:jpeg|png|gif|webp|bmp|heic)|video\/(?:mp4|webm|3gpp|quicktime)|audio\/[\w.+-]+)$/u;

const CONTENT_TYPE = /^[\w.+-]{1,60}\/[\w.+-]{1,60}$/u;

/** @returns the type without parameters, or `application/octet-stream` if it is invalid */
export function cleanContentType(header: string | null): string {
  const type = header?.split(";")[0]?.trim().toLowerCase() ?? "";
  return CONTENT_TYPE.test(type) ? type : "application/octet-stream";
}

/** Fetches media in order, at most 5 MB each. The first error fails all of them, as Twilio then fails the message. */
export async function fetchMedia(
  urls: readonly string[],
  signal: AbortSignal,
): Promise<Result<readonly MediaContent[], TwilioError>> {
  const files: MediaContent[] = [];
  for (const url of urls) {
    const file = await fetchFile(url, signal);
    if (!file.ok) return file;
    files.push(file.value);
  }
  return succeed(files);
}

async function fetchFile(url: string, signal: AbortSignal): Promise<Result<MediaContent, TwilioError>> {
  try {
    const response = await fetch(url, {
      headers: { "user-agent": "TwilioProxy/1.1" },
      signal: AbortSignal.any([signal, AbortSignal.timeout(MEDIA_FETCH_MILLISECONDS)]),
    });
    if (!response.ok) return failRetrieval(`${url} answered HTTP ${response.status}`);
    const contentType = response.headers.get("content-type");
    if (contentType === null) return fail({ code: 12300, message: `Invalid Content-Type: ${url} has none` });
    const bytes = await collectBytes(response, MEDIA_BYTES);
    if (bytes === null) return fail({ code: 11751, message: "Media exceeds messaging provider size limit" });
    return succeed({ contentType: cleanContentType(contentType), bytes });
  } catch (error) {
    return failRetrieval(`${url}: ${error instanceof Error ? error.message : "no response"}`);
  }
}

function failRetrieval(detail: string): Result<never, TwilioError> {
  return fail({ code: 11200, message: `HTTP retrieval failure: ${detail}` });
}

async function collectBytes(response: Response, maximum: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > maximum) return null;
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/** Creates a response that no browser executes: not sniffed, sandboxed, and downloaded unless the type is passive. */
export function createMediaResponse({ contentType, bytes }: MediaContent): Response {
  const headers = new Headers({
    "content-type": contentType,
    "content-length": String(bytes.length),
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
    "cache-control": "private, max-age=3600",
  });
  if (!PASSIVE_TYPE.test(contentType)) headers.set("content-disposition", "attachment");
  return new Response(bytes, { headers });
}
