import { MEDIA_BYTES } from "../core/limits/media.ts";
import { keptType, looksLike, TELLING_BYTES, typeWithoutParameters } from "./types.ts";

/** What became of a file that was to be kept. */
export type Keeping =
  | { readonly kind: "kept"; readonly contentType: string; readonly size: number }
  /** It is not one to be kept. */
  | { readonly kind: "refused"; readonly because: "size" | "type"; readonly reason: string }
  /** It could not be put away now. */
  | { readonly kind: "failed"; readonly reason: string };

/**
 * Keeps a file as it comes in, where it is small enough and of a type that Parley keeps. The same key twice is the same file.
 * @throws where the file breaks off
 */
export async function keepMedium(bucket: R2Bucket, key: string, response: Response): Promise<Keeping> {
  const file = new Incoming(response);
  try {
    const contentType = keptType(file.label);
    if (contentType === null) return refused("type", `its type is not supported: ${file.label || "it has none"}`);
    if (file.declared !== null && file.declared > MEDIA_BYTES) return refused("size", TOO_LARGE);
    if (!looksLike(contentType, await file.head()))
      return refused("type", `it is not what its label says: ${contentType}`);
    return await put(bucket, key, contentType, file);
  } finally {
    await file.end();
  }
}

async function put(bucket: R2Bucket, key: string, contentType: string, file: Incoming): Promise<Keeping> {
  const content = file.declared === null ? await file.whole() : file.stream(file.declared);
  if (content === null) return refused("size", TOO_LARGE);
  try {
    const { size } = await bucket.put(key, content, { httpMetadata: { contentType } });
    return { kind: "kept", contentType, size };
  } catch (error) {
    if (file.isBroken) throw error;
    return { kind: "failed", reason: "R2 did not take it" };
  }
}

const TOO_LARGE = `it is larger than ${MEDIA_BYTES / 1024 / 1024} MiB`;

function refused(because: "size" | "type", reason: string): Keeping {
  return { kind: "refused", because, reason };
}

/** A file that comes in: its first bytes can be looked at before the rest is read. */
class Incoming {
  /** What the sender says of its type, without parameters. */
  readonly label: string;
  /** What the sender says of its length in bytes; null where it does not, or counts them packed. */
  readonly declared: number | null;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | null;
  #head = new Uint8Array();
  #isBroken = false;

  constructor({ headers, body }: Response) {
    this.label = typeWithoutParameters(headers.get("content-type") ?? "");
    const length = headers.has("content-encoding") ? "" : (headers.get("content-length") ?? "");
    this.declared = /^\d{1,15}$/u.test(length) ? Number(length) : null;
    this.#reader = (body?.getReader() as ReadableStreamDefaultReader<Uint8Array> | undefined) ?? null;
  }

  /** It broke off: whatever failed, failed because of that. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** @returns enough bytes to tell its type by, or all there are */
  async head(): Promise<Uint8Array> {
    while (this.#head.length < TELLING_BYTES) {
      const chunk = await this.#read();
      if (chunk === null) break;
      this.#head = join([this.#head, chunk]);
    }
    return this.#head;
  }

  /** @returns all of it, or null where it is larger than Parley keeps */
  async whole(): Promise<Uint8Array<ArrayBuffer> | null> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of this.#chunks()) {
      size += chunk.length;
      if (size > MEDIA_BYTES) return null;
      chunks.push(chunk);
    }
    return join(chunks);
  }

  /** @returns all of it as it comes; R2 wants to know the length beforehand */
  stream(length: number): ReadableStream<Uint8Array> {
    const chunks = this.#chunks();
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
  async end(): Promise<void> {
    await this.#reader?.cancel().catch(() => undefined);
  }

  async *#chunks(): AsyncGenerator<Uint8Array> {
    yield this.#head;
    for (let chunk = await this.#read(); chunk !== null; chunk = await this.#read()) yield chunk;
  }

  async #read(): Promise<Uint8Array | null> {
    try {
      return (await this.#reader?.read())?.value ?? null;
    } catch (error) {
      this.#isBroken = true;
      throw error;
    }
  }
}

function join(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(chunks.reduce((size, { length }) => size + length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}
