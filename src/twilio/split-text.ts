/** Excludes white space that a mark or joiner follows, since both form one character. */
const NO_MARK_FOLLOWS = "(?![\\p{M}\\u200d])";

/**
 * Where to cut a text, best first: after a paragraph, a line, a sentence, a word. Chinese and Japanese have no spaces,
 * so their punctuation counts.
 */
const CUT_PATTERNS = [/\n\n/u, /\n/u, /[.!?…]["'”’)\]]?\s|[。！？][」』）]?/u, /\s|[，、；：]/u].map(
  ({ source }) => new RegExp(`(?:${source})${NO_MARK_FOLLOWS}`, "gu"),
);

const SPACE_BEFORE = new RegExp(`^(?:\\s${NO_MARK_FOLLOWS})+`, "u");

/** An earlier cut, as a share of the room, would make more parts than necessary. */
const EARLIEST_CUT = 0.5;

/** What should not be split, most important first: links, words. */
const UNBREAKABLE_PATTERNS = [/https?:\/\/[^\s<>"。！？」』），、；：]+/giu, /(?:\S|\s(?=[\p{M}\u200d]))+/gu];

const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * Splits a long text at the most natural places into pieces of at most `room` UTF-16 units, as Twilio counts them.
 * Links and words are split only if they alone exceed the room, graphemes only if they alone do, surrogate pairs never.
 * Only white space is lost, at the cuts and at both ends.
 * @param room at least 2
 */
export function splitText(text: string, room: number): readonly string[] {
  const pieces: string[] = [];
  let remaining = text.trim();
  while (remaining.length > room) {
    const end = findCut(remaining, room);
    pieces.push(remaining.slice(0, end).trimEnd());
    remaining = remaining.slice(end).replace(SPACE_BEFORE, "");
  }
  return remaining === "" ? pieces : [...pieces, remaining];
}

function findCut(text: string, room: number): number {
  return findNaturalCut(text, room) ?? findCutBeforeWhole(text, room) ?? findCutBeforeGrapheme(text, room);
}

function findNaturalCut(text: string, room: number): number | undefined {
  // The characters after the white space decide whether it is a valid place.
  const window = text.slice(0, room + 3);
  for (const pattern of CUT_PATTERNS) {
    const ends = [...window.matchAll(pattern)].map((match) => match.index + match[0].trimEnd().length);
    const last = ends.findLast((end) => end <= room && end >= room * EARLIEST_CUT);
    if (last !== undefined) return last;
  }
  return undefined;
}

/** Finds a cut before the link or word that crosses the limit, unless that must be split anyway. */
function findCutBeforeWhole(text: string, room: number): number | undefined {
  // A link or word that starts within the room and does not end within twice the room is longer than the room.
  const window = text.slice(0, room * 2);
  for (const pattern of UNBREAKABLE_PATTERNS) {
    const straddling = [...window.matchAll(pattern)].find(
      ({ index, 0: { length } }) => index < room && index + length > room,
    );
    if (straddling !== undefined && straddling.index > 0 && straddling[0].length <= room) return straddling.index;
  }
  return undefined;
}

function findCutBeforeGrapheme(text: string, room: number): number {
  // Two more units contain the whole next character, which decides whether a grapheme ends here.
  const start = GRAPHEMES.segment(text.slice(0, room + 2)).containing(room)?.index ?? room;
  if (start > 0) return start;
  return isHighSurrogate(text.charCodeAt(room - 1)) ? room - 1 : room;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
