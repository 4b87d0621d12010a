/** Bytes that a file of a type has at an offset. */
type MagicBytes = readonly [offset: number, bytes: string];

/**
 * The types that Parley stores, out of those that Twilio accepts: what phones show, play and save. HTML and SVG are
 * excluded, because a browser would run them. Null means that the type has no magic bytes to check.
 */
const STORED_TYPES: Readonly<Record<string, readonly MagicBytes[] | null>> = {
  "image/jpeg": [[0, "\xff\xd8\xff"]],
  "image/png": [[0, "\x89PNG\r\n\x1a\n"]],
  "image/gif": [[0, "GIF8"]],
  "image/webp": [[8, "WEBP"]],
  "image/bmp": [[0, "BM"]],
  "image/heic": [[4, "ftyp"]],
  "image/heif": [[4, "ftyp"]],
  "image/tiff": [
    [0, "II*\0"],
    [0, "MM\0*"],
  ],
  "application/pdf": [[0, "%PDF-"]],
  "audio/3gpp": null,
  "audio/3gpp2": null,
  "audio/aac": null,
  "audio/ac3": null,
  "audio/amr": null,
  "audio/amr-nb": null,
  "audio/basic": null,
  "audio/l24": null,
  "audio/mp4": null,
  "audio/mpeg": null,
  "audio/ogg": null,
  "audio/vnd.rn-realaudio": null,
  "audio/vnd.wave": null,
  "audio/wav": null,
  "audio/webm": null,
  "audio/x-m4a": null,
  "audio/x-wav": null,
  "video/3gpp": null,
  "video/3gpp-tt": null,
  "video/3gpp2": null,
  "video/h261": null,
  "video/h263": null,
  "video/h263-1998": null,
  "video/h263-2000": null,
  "video/h264": null,
  "video/mp4": null,
  "video/mpeg": null,
  "video/quicktime": null,
  "video/webm": null,
  "text/calendar": null,
  "text/csv": null,
  "text/directory": null,
  "text/plain": null,
  "text/vcard": null,
  "text/x-vcard": null,
  "application/vcard": null,
};

/** Other names of stored types. */
const ALIASES: Readonly<Record<string, string>> = { "image/jpg": "image/jpeg", "audio/mp3": "audio/mpeg" };

/** How many bytes `hasMagicBytes` needs. */
export const MAGIC_BYTES_LENGTH = 16;

/**
 * Normalizes a `Content-Type` to a stored type.
 * @returns null if Parley does not store the type
 */
export function toStoredType(header: string): string | null {
  const bareType = removeTypeParameters(header);
  const type = ALIASES[bareType] ?? bareType;
  return Object.hasOwn(STORED_TYPES, type) ? type : null;
}

export function removeTypeParameters(header: string): string {
  return header.split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

/**
 * Whether the file looks like its type.
 * @param head the first `MAGIC_BYTES_LENGTH` bytes, or the whole file
 */
export function hasMagicBytes(type: string, head: Uint8Array): boolean {
  const beginnings = STORED_TYPES[type] ?? null;
  return beginnings === null || beginnings.some((beginning) => matchesBytes(head, beginning));
}

function matchesBytes(head: Uint8Array, [offset, bytes]: MagicBytes): boolean {
  return String.fromCharCode(...head.subarray(offset, offset + bytes.length)) === bytes;
}

/** Whether a browser shows the file instead of saving it. */
export function isShownInline(type: string): boolean {
  return /^(?:image|audio|video)\//u.test(type);
}
