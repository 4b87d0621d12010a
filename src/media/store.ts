import { MEDIA_BYTES } from "../core/limits/media.ts";
import { hasMagicBytes, MAGIC_BYTES_LENGTH, removeTypeParameters, toStoredType } from "./media-types.ts";

/** What became of a file that was to be kept. */
export type MediaStoreResult =
  | { readonly kind: "kept"; readonly contentType: string; readonly size: number }
  /** It is not one to be kept. */
  | { readonly kind: "refused"; readonly because: "size" | "type"; readonly reason: string }
  /** It could not be put away now. */
  | { readonly kind: "failed"; readonly reason: string };

/**
 * Keeps a file as it comes in, where it is small enough and of a type that Parley keeps. The same key twice is the same file.
 * @throws where the file breaks off
 */
export async function storeMediaFile(bucket: R2Bucket, key: string, response: Response): Promise<MediaStoreResult> {
  const file = new IncomingFile(response);
  try {
    const contentType = toStoredType(file.label);
    if (contentType === null) return refuseFile("type", `its type is not supported: ${file.label || "it has none"}`);
    if (file.declared !== null && file.declared > MEDIA_BYTES) return refuseFile("size", TOO_LARGE);
    if (!hasMagicBytes(contentType, await file.readHead()))
      return refuseFile("type", `it is not what its label says: ${contentType}`);
    return await saveFile(bucket, key, contentType, file);
  } finally {
    await file.cancelReader();
  }
}

async function saveFile(
  bucket: R2Bucket,
  key: string,
  contentType: string,
  file: IncomingFile,
): Promise<MediaStoreResult> {
  const content = file.declared === null ? await file.readWhole() : file.toStream(file.declared);
  if (content === null) return refuseFile("size", TOO_LARGE);
  try {
    const { size } = await bucket.put(key, content, { httpMetadata: { contentType } });
    return { kind: "kept", contentType, size };
  } catch (error) {
    if (file.isBroken) throw error;
    return { kind: "failed", reason: "R2 did not take it" };
  }
}

const TOO_LARGE = `it is larger than ${MEDIA_BYTES / 1024 / 1024} MiB`;

function refuseFile(because: "size" | "type", reason: string): MediaStoreResult {
  return { kind: "refused", because, reason };
}

/** A file that comes in: its first bytes can be looked at before the rest is read. */
class IncomingFile {
  /** What the sender says of its type, without parameters. */
  readonly label: string;
  /** What the sender says of its length in bytes; null where it does not, or counts them packed. */
  readonly declared: number | null;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | null;
  #head = new Uint8Array();
  #isBroken = false;

  constructor({ headers, body }: Response) {
    this.label = removeTypeParameters(headers.get("content-type") ?? "");
    const length = headers.has("content-encoding") ? "" : (headers.get("content-length") ?? "");
    this.declared = /^\d{1,15}$/u.test(length) ? Number(length) : null;
    this.#reader = (body?.getReader() as ReadableStreamDefaultReader<Uint8Array> | undefined) ?? null;
  }

  /** It broke off: whatever failed, failed because of that. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** @returns enough bytes to tell its type by, or all there are */
  async readHead(): Promise<Uint8Array> {
    while (this.#head.length < MAGIC_BYTES_LENGTH) {
      const chunk = await this.#readChunk();
      if (chunk === null) break;
      this.#head = joinChunks([this.#head, chunk]);
    }
    return this.#head;
  }

  /** @returns all of it, or null where it is larger than Parley keeps */
  async readWhole(): Promise<Uint8Array<ArrayBuffer> | null> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of this.#readChunks()) {
      size += chunk.length;
      if (size > MEDIA_BYTES) return null;
      chunks.push(chunk);
    }
    return joinChunks(chunks);
  }

  /** @returns all of it as it comes; R2 wants to know the length beforehand */
  toStream(length: number): ReadableStream<Uint8Array> {
    const chunks = this.#readChunks();
    const source = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        const { done = false, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
    });
    return source.pipeThrough(new FixedLengthStream(length));
  }

  /** Lets go of what was not read. */
  async cancelReader(): Promise<void> {
    await this.#reader?.cancel().catch(() => undefined);
  }

  async *#readChunks(): AsyncGenerator<Uint8Array> {
    yield this.#head;
    for (let chunk = await this.#readChunk(); chunk !== null; chunk = await this.#readChunk()) yield chunk;
  }

  async #readChunk(): Promise<Uint8Array | null> {
    try {
      return (await this.#reader?.read())?.value ?? null;
    } catch (error) {
      this.#isBroken = true;
      throw error;
    }
  }
}

function joinChunks(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(chunks.reduce((size, { length }) => size + length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}
