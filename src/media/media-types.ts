/** How a file of a type must begin; null: nothing to tell it by. */
type MagicBytes = readonly [offset: number, bytes: string];

/**
 * What Parley keeps, of all that Twilio accepts: what phones show, play and save. Nothing that a browser would run, so neither HTML nor SVG.
 * A picture must look like one, whatever its label says.
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

/** Other names of the same. */
const ALIASES: Readonly<Record<string, string>> = { "image/jpg": "image/jpeg", "audio/mp3": "audio/mpeg" };

/** So many bytes show whether a file is what its label says. */
export const MAGIC_BYTES_LENGTH = 16;

/** @param header a `Content-Type`; @returns the type in small letters and without parameters, or null where Parley does not keep such */
export function toStoredType(header: string): string | null {
  const bareType = removeTypeParameters(header);
  const type = ALIASES[bareType] ?? bareType;
  return Object.hasOwn(STORED_TYPES, type) ? type : null;
}

export function removeTypeParameters(header: string): string {
  return header.split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

/** @param head the first `TELLING_BYTES` of the file, or all of it */
export function hasMagicBytes(type: string, head: Uint8Array): boolean {
  const beginnings = STORED_TYPES[type] ?? null;
  return beginnings === null || beginnings.some((beginning) => matchesBytes(head, beginning));
}

function matchesBytes(head: Uint8Array, [offset, bytes]: MagicBytes): boolean {
  return String.fromCharCode(...head.subarray(offset, offset + bytes.length)) === bytes;
}

/** A browser shows it in its place; all else is saved. */
export function isShownInline(type: string): boolean {
  return /^(?:image|audio|video)\//u.test(type);
}
