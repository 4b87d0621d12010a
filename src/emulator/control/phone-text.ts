import * as z from "zod";
import { fail, type Result, succeed } from "../../core/result.ts";
import { BODY_CHARACTERS, MEDIA_BYTES, MEDIA_PER_MESSAGE } from "../limits.ts";
import { cleanContentType, fetchMedia, type MediaContent } from "../media.ts";
import { parseDocument } from "./json-documents.ts";

/** A text that a request asks a phone to send. */
export interface RequestedText {
  readonly to: string;
  readonly body: string;
  readonly media: readonly MediaContent[];
}

export interface TextRefusal {
  readonly status: 400 | 413;
  readonly sentence: string;
}

const JSON_TEXT = z.strictObject({
  to: z.string(),
  body: z.string().default(""),
  mediaUrls: z.array(z.string()).default([]),
});

/** Parses a text to send: a JSON document with media URLs (http, https or data), or a form with files. */
export async function parsePhoneText(
  request: Request,
  signal: AbortSignal,
): Promise<Result<RequestedText, TextRefusal>> {
  const isForm = request.headers.get("content-type")?.startsWith("multipart/form-data") ?? false;
  const text = isForm ? await parseFormText(request) : await parseJsonText(request, signal);
  if (!text.ok) return text;
  const { body, media } = text.value;
  if (body === "" && media.length === 0) return refuseText(400, "The text is empty. Send a body or a file.");
  if (body.length > BODY_CHARACTERS)
    return refuseText(400, `The body has ${body.length} characters. Send at most ${BODY_CHARACTERS}.`);
  return text;
}

async function parseJsonText(request: Request, signal: AbortSignal): Promise<Result<RequestedText, TextRefusal>> {
  const document = parseDocument(JSON_TEXT, await request.text());
  if (!document.ok) return refuseText(400, document.failure);
  const { to, body, mediaUrls } = document.value;
  if (mediaUrls.length > MEDIA_PER_MESSAGE) return refuseTooManyFiles();
  const media = await fetchMedia(mediaUrls, signal);
  return media.ok ? succeed({ to, body, media: media.value }) : refuseText(400, `${media.failure.message}.`);
}

async function parseFormText(request: Request): Promise<Result<RequestedText, TextRefusal>> {
  const form = await request.formData().catch(() => null);
  if (form === null) return refuseText(400, "The form is invalid. Send multipart/form-data.");
  const [to, body] = [form.get("to"), form.get("body") ?? ""];
  if (typeof to !== "string" || typeof body !== "string")
    return refuseText(400, "The fields to and body must be strings.");
  const files = form.getAll("media").filter((file) => typeof file !== "string");
  if (files.length !== form.getAll("media").length) return refuseText(400, "The fields named media must be files.");
  if (files.length > MEDIA_PER_MESSAGE) return refuseTooManyFiles();
  const large = files.find(({ size }) => size > MEDIA_BYTES);
  if (large !== undefined) return refuseText(413, `The file ${large.name} is larger than 5 MB. Send smaller files.`);
  const media = files.map(async (file) => ({
    contentType: cleanContentType(file.type),
    bytes: new Uint8Array(await file.arrayBuffer()),
  }));
  // Browsers send CR LF for line breaks in form fields; phones send LF.
  return succeed({ to, body: body.replaceAll("\r\n", "\n"), media: await Promise.all(media) });
}

function refuseTooManyFiles(): Result<never, TextRefusal> {
  return refuseText(400, `The text has too many files. Send at most ${MEDIA_PER_MESSAGE} files.`);
}

function refuseText(status: TextRefusal["status"], sentence: string): Result<never, TextRefusal> {
  return fail({ status, sentence });
}
