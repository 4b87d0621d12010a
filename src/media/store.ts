import { MEDIA_BYTES } from "../core/limits/media.ts";
import { hasMagicBytes, MAGIC_BYTES_LENGTH, removeTypeParameters, toStoredType } from "./media-types.ts";

/** The outcome of storing a file. */
export type MediaStoreResult =
  | { readonly kind: "kept"; readonly contentType: string; readonly size: number }
  /** The file is too large or of a type that Parley does not store. */
  | { readonly kind: "refused"; readonly because: "size" | "type"; readonly reason: string }
  /** R2 did not accept the file; a retry may succeed. */
  | { readonly kind: "failed"; readonly reason: string };

/**
 * Stores a file while it arrives, if it is small enough and of a supported type. Idempotent: a key always means the
 * same file.
 * @throws if the connection breaks
 */
export async function storeMediaFile(bucket: R2Bucket, key: string, response: Response): Promise<MediaStoreResult> {
  const file = new IncomingFile(response);
  try {
    const contentType = toStoredType(file.label);
    if (contentType === null) return refuseFile("type", `its type is not supported: ${file.label || "it has none"}`);
    if (file.declared !== null && file.declared > MEDIA_BYTES) return refuseFile("size", TOO_LARGE);
    if (!hasMagicBytes(contentType, await file.readHead()))
      return refuseFile("type", `its content does not match its type: ${contentType}`);
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
    return { kind: "failed", reason: "R2 did not accept it" };
  }
}

const TOO_LARGE = `it is larger than ${MEDIA_BYTES / 1024 / 1024} MiB`;

function refuseFile(because: "size" | "type", reason: string): MediaStoreResult {
  return { kind: "refused", because, reason };
}

/** An incoming file. Its first bytes can be read before the remainder. */
class IncomingFile {
  /** The stated content type, without parameters. */
  readonly label: string;
  /** The stated length in bytes; null if it is absent or refers to compressed bytes. */
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

  /** Whether the connection broke, which then explains any other failure. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** @returns enough bytes to check the type, or the whole file */
  async readHead(): Promise<Uint8Array> {
    while (this.#head.length < MAGIC_BYTES_LENGTH) {
      const chunk = await this.#readChunk();
      if (chunk === null) break;
      this.#head = joinChunks([this.#head, chunk]);
    }
    return this.#head;
  }

  /** @returns the whole file; null if it exceeds the limit */
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

  /**
   * @param length the stated length, which R2 requires in advance
   * @returns the whole file as a stream
   */
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

  /** Cancels the remainder of the body. */
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
