/** Where a text is best cut, best first: after a paragraph, a line, a sentence, a word. */
const PLACES = [/\n\n/gu, /\n/gu, /[.!?…。！？]["')\]]?\s/gu, /\s/gu];

/** A cut before this share of the room would make more parts than are needed. */
const EARLIEST = 0.5;

/**
 * Cuts a long text at the most natural place into pieces of at most `room` UTF-16 units (as Twilio counts them), never
 * inside a surrogate pair.
 */
export function splitText(text: string, room: number): readonly string[] {
  const pieces: string[] = [];
  let rest = text.trim();
  while (rest.length > room) {
    const end = cutAt(rest, room);
    pieces.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return rest === "" ? pieces : [...pieces, rest];
}

function cutAt(text: string, room: number): number {
  const window = text.slice(0, room + 1);
  for (const place of PLACES) {
    const ends = [...window.matchAll(place)].map((match) => match.index + match[0].trimEnd().length);
    const last = ends.findLast((end) => end <= room && end >= room * EARLIEST);
    if (last !== undefined) return last;
  }
  return isHighSurrogate(text.charCodeAt(room - 1)) ? room - 1 : room;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
