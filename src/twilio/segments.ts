/** How a text travels: in which alphabet, in how many SMS segments, and how many units of the alphabet it takes. */
export interface SegmentCount {
  readonly encoding: "GSM-7" | "UCS-2";
  readonly segments: number;
  /** Septets in GSM-7 (extension characters take two), UTF-16 units in UCS-2; headers not counted. */
  readonly units: number;
}

/** GSM 03.38's basic character set without ESC, and the extension characters that are written with ESC before them. */
const BASIC_CHARACTERS = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const EXTENSION_CHARACTERS = new Set("\f^{}\\[~]|€");

/** 140 octets hold this many units; a segment of several loses 6 octets to the header that numbers it. */
const SEGMENT_UNITS = { "GSM-7": { single: 160, several: 153 }, "UCS-2": { single: 70, several: 67 } } as const;

/**
 * Counts what a text costs. One character that GSM-7 lacks turns the whole text into UCS-2. An extension character is not
 * cut apart from its ESC, nor is what a reader sees as one character (an emoji of several, a letter with its accents), so
 * that a segment may stay a little short. An empty text is one segment.
 */
export function measureSegments(text: string): SegmentCount {
  const encoding = isGsmText(text) ? "GSM-7" : "UCS-2";
  const units = encoding === "GSM-7" ? countSeptets(text) : text.length;
  const room = SEGMENT_UNITS[encoding];
  if (units <= room.single) return { encoding, segments: 1, units };
  const pieces = encoding === "GSM-7" ? Array.from(text, countSeptets) : listGraphemeLengths(text, room.several);
  return { encoding, segments: countSegments(pieces, room.several), units };
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

/** The lengths of what must stay together. What is longer than a segment, as heaps of accents, cannot stay together. */
function listGraphemeLengths(text: string, room: number): readonly number[] {
  const lengths: number[] = [];
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text)) {
    if (segment === "\r\n") lengths.push(1, 1);
    else if (segment.length <= room) lengths.push(segment.length);
    else for (const char of segment) lengths.push(char.length);
  }
  return lengths;
}

function countSegments(pieces: readonly number[], room: number): number {
  let count = 1;
  let used = 0;
  for (const piece of pieces) {
    if (used + piece > room) {
      count += 1;
      used = 0;
    }
    used += piece;
  }
  return count;
}
