/** No mark or joiner may follow: it would belong to the white space, as one character. */
const NO_MARK_FOLLOWS = "(?![\\p{M}\\u200d])";

/**
 * Where a text is best cut, best first: after a paragraph, a line, a sentence, a word. Chinese and Japanese have no spaces; there
 * the punctuation says where.
 */
const CUT_PATTERNS = [/\n\n/u, /\n/u, /[.!?…]["'”’)\]]?\s|[。！？][」』）]?/u, /\s|[，、；：]/u].map(
  ({ source }) => new RegExp(`(?:${source})${NO_MARK_FOLLOWS}`, "gu"),
);

const SPACE_BEFORE = new RegExp(`^(?:\\s${NO_MARK_FOLLOWS})+`, "u");

/** A cut before this share of the room would make more parts than are needed. */
const EARLIEST_CUT = 0.5;

/** What is of no use in two halves, best reason first: links, words. */
const UNBREAKABLE_PATTERNS = [/https?:\/\/[^\s<>"。！？」』），、；：]+/giu, /(?:\S|\s(?=[\p{M}\u200d]))+/gu];

const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * Cuts a long text at the most natural place into pieces of at most `room` UTF-16 units (as Twilio counts them). A link or a
 * word is cut only where it alone is longer than the room, what a reader sees as one character only where that alone is, and
 * a surrogate pair never. Of the text only white space is lost, where it is cut and at its ends.
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
  // What follows the white space decides whether it is free.
  const window = text.slice(0, room + 3);
  for (const pattern of CUT_PATTERNS) {
    const ends = [...window.matchAll(pattern)].map((match) => match.index + match[0].trimEnd().length);
    const last = ends.findLast((end) => end <= room && end >= room * EARLIEST_CUT);
    if (last !== undefined) return last;
  }
  return undefined;
}

/** Before the link, or the word, that the room ends in; not where it would have to be cut all the same. */
function findCutBeforeWhole(text: string, room: number): number | undefined {
  // Whatever begins within the room and does not end within twice the room is longer than the room.
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
  // Two more units hold the next character whole, which decides whether one ends here.
  const start = GRAPHEMES.segment(text.slice(0, room + 2)).containing(room)?.index ?? room;
  if (start > 0) return start;
  return isHighSurrogate(text.charCodeAt(room - 1)) ? room - 1 : room;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
