import * as z from "zod";
import { fail, type Result, succeed } from "../../core/result.ts";
import { BODY_CHARACTERS, MEDIA_BYTES, MEDIA_PER_MESSAGE } from "../limits.ts";
import { cleanContentType, fetchMedia, type Media } from "../media.ts";
import { read } from "./answers.ts";

/** What a phone is to send. */
export interface WrittenText {
  readonly to: string;
  readonly body: string;
  readonly media: readonly Media[];
}

export interface Objection {
  readonly status: 400 | 413;
  readonly sentence: string;
}

const JSON_TEXT = z.strictObject({
  to: z.string(),
  body: z.string().default(""),
  mediaUrls: z.array(z.string()).default([]),
});

/** Reads a text to send: a JSON document with addresses of media (http, https or data), or a form with files. */
export async function readPhoneText(request: Request, signal: AbortSignal): Promise<Result<WrittenText, Objection>> {
  const isForm = request.headers.get("content-type")?.startsWith("multipart/form-data") ?? false;
  const text = isForm ? await readForm(request) : await readJson(request, signal);
  if (!text.ok) return text;
  const { body, media } = text.value;
  if (body === "" && media.length === 0) return object(400, "A text needs a body or a file.");
  if (body.length > BODY_CHARACTERS) return object(400, `A text has at most ${BODY_CHARACTERS} characters.`);
  return text;
}

async function readJson(request: Request, signal: AbortSignal): Promise<Result<WrittenText, Objection>> {
  const document = read(JSON_TEXT, await request.text());
  if (!document.ok) return object(400, document.failure);
  const { to, body, mediaUrls } = document.value;
  if (mediaUrls.length > MEDIA_PER_MESSAGE) return tooMany();
  const media = await fetchMedia(mediaUrls, signal);
  return media.ok ? succeed({ to, body, media: media.value }) : object(400, `${media.failure.message}.`);
}

async function readForm(request: Request): Promise<Result<WrittenText, Objection>> {
  const form = await request.formData().catch(() => null);
  if (form === null) return object(400, "The form cannot be read.");
  const [to, body] = [form.get("to"), form.get("body") ?? ""];
  if (typeof to !== "string" || typeof body !== "string") return object(400, "The fields to and body must be texts.");
  const files = form.getAll("media").filter((file) => typeof file !== "string");
  if (files.length !== form.getAll("media").length) return object(400, "The fields named media must be files.");
  if (files.length > MEDIA_PER_MESSAGE) return tooMany();
  const large = files.find(({ size }) => size > MEDIA_BYTES);
  if (large !== undefined) return object(413, `The file ${large.name} is larger than 5 MB.`);
  const media = files.map(async (file) => ({
    contentType: cleanContentType(file.type),
    bytes: new Uint8Array(await file.arrayBuffer()),
  }));
  // A browser writes the line ends of a form's field as CR LF; a phone does not.
  return succeed({ to, body: body.replaceAll("\r\n", "\n"), media: await Promise.all(media) });
}

function tooMany(): Result<never, Objection> {
  return object(400, `A text carries at most ${MEDIA_PER_MESSAGE} files.`);
}

function object(status: Objection["status"], sentence: string): Result<never, Objection> {
  return fail({ status, sentence });
}
