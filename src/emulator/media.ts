import { fail, type Result, succeed } from "../core/result.ts";
import { MEDIA_BYTES, MEDIA_FETCH_MILLISECONDS } from "./limits.ts";
import type { TwilioError } from "./state/records.ts";

/** A file, wherever it came from. */
export interface MediaContent {
  readonly contentType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Types that a browser shows without running anything in them. All others, SVG and HTML among them, are downloads. */
const PASSIVE_TYPE = /^(?:image\/(?:jpeg|png|gif|webp|bmp|heic)|video\/(?:mp4|webm|3gpp|quicktime)|audio\/[\w.+-]+)$/u;

const CONTENT_TYPE = /^[\w.+-]{1,60}\/[\w.+-]{1,60}$/u;

/** @returns the type without parameters, or that of unknown bytes where it is none */
export function cleanContentType(written: string | null): string {
  const type = written?.split(";")[0]?.trim().toLowerCase() ?? "";
  return CONTENT_TYPE.test(type) ? type : "application/octet-stream";
}

/** Fetches media in order, each 5 MB at most. The first that cannot be had fails them all, as Twilio fails the message. */
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
    const written = response.headers.get("content-type");
    if (written === null) return fail({ code: 12300, message: `Invalid Content-Type: ${url} has none` });
    const bytes = await collectBytes(response, MEDIA_BYTES);
    if (bytes === null) return fail({ code: 11751, message: "Media exceeds messaging provider size limit" });
    return succeed({ contentType: cleanContentType(written), bytes });
  } catch (error) {
    return failRetrieval(`${url}: ${error instanceof Error ? error.message : "no answer"}`);
  }
}

function failRetrieval(detail: string): Result<never, TwilioError> {
  return fail({ code: 11200, message: `HTTP retrieval failure: ${detail}` });
}

async function collectBytes(response: Response, most: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > most) return null;
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/** A file as a response that no browser runs: never sniffed, sandboxed, and a download unless it is plainly passive. */
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
