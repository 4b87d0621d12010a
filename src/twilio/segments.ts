/** A text's size: its encoding, its SMS segments, and its length in units of the encoding. */
export interface SegmentCount {
  readonly encoding: "GSM-7" | "UCS-2";
  readonly segments: number;
  /** Septets in GSM-7 (two for an extension character) or UTF-16 units in UCS-2, without headers. */
  readonly units: number;
}

/** The basic character set of GSM 03.38 without ESC, and the extension characters, which are written with ESC. */
const BASIC_CHARACTERS = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const EXTENSION_CHARACTERS = new Set("\f^{}\\[~]|€");

/** Units in 140 octets. Each of several segments loses 6 octets to a header with its number. */
const SEGMENT_UNITS = { "GSM-7": { single: 160, several: 153 }, "UCS-2": { single: 70, several: 67 } } as const;

/**
 * Counts the SMS segments of a text. A single character outside GSM-7 makes the whole text UCS-2. Segments do not split
 * an extension character from its ESC, or a grapheme (an emoji of several code points, a letter with accents), so a
 * segment may not be full. An empty text is one segment.
 */
export function measureSegments(text: string): SegmentCount {
  const { encoding, segments: count, units } = fillSegments(text);
  return { encoding, segments: count, units };
}

/** Like `measureSegments`, and also returns how many units still fit into the last segment. */
export function fillSegments(text: string): SegmentCount & { readonly left: number } {
  const encoding = isGsmText(text) ? "GSM-7" : "UCS-2";
  const units = encoding === "GSM-7" ? countSeptets(text) : text.length;
  const room = SEGMENT_UNITS[encoding];
  if (units <= room.single) return { encoding, segments: 1, units, left: room.single - units };
  const pieces = encoding === "GSM-7" ? Array.from(text, countSeptets) : listGraphemeLengths(text, room.several);
  return { encoding, units, ...packPieces(pieces, room.several) };
}

function isGsmText(text: string): boolean {
  for (const char of text) if (!BASIC_CHARACTERS.has(char) && !EXTENSION_CHARACTERS.has(char)) return false;
  return true;
}

function countSeptets(text: string): number {
  let count = text.length;
  for (const char of text) if (EXTENSION_CHARACTERS.has(char)) count += 1;
  return count;
}

/** Lists the lengths of what a segment must not split. Graphemes longer than a segment are split anyway. */
function listGraphemeLengths(text: string, room: number): readonly number[] {
  const lengths: number[] = [];
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text)) {
    if (segment === "\r\n") lengths.push(1, 1);
    else if (segment.length <= room) lengths.push(segment.length);
    else for (const char of segment) lengths.push(char.length);
  }
  return lengths;
}

function packPieces(pieces: readonly number[], room: number): { readonly segments: number; readonly left: number } {
  let count = 1;
  let used = 0;
  for (const piece of pieces) {
    if (used + piece > room) {
      count += 1;
      used = 0;
    }
    used += piece;
  }
  return { segments: count, left: room - used };
}
