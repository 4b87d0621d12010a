/** No mark or joiner may follow: it would belong to the white space, as one character. */
const FREE = "(?![\\p{M}\\u200d])";

/**
 * Where a text is best cut, best first: after a paragraph, a line, a sentence, a word. Chinese and Japanese have no spaces; there
 * the punctuation says where.
 */
const PLACES = [/\n\n/u, /\n/u, /[.!?…]["'”’)\]]?\s|[。！？][」』）]?/u, /\s|[，、；：]/u].map(
  ({ source }) => new RegExp(`(?:${source})${FREE}`, "gu"),
);

const SPACE_BEFORE = new RegExp(`^(?:\\s${FREE})+`, "u");

/** A cut before this share of the room would make more parts than are needed. */
const EARLIEST = 0.5;

/** What is of no use in two halves, best reason first: links, words. */
const WHOLE = [/https?:\/\/[^\s<>"。！？」』），、；：]+/giu, /(?:\S|\s(?=[\p{M}\u200d]))+/gu];

const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * Cuts a long text at the most natural place into pieces of at most `room` UTF-16 units (as Twilio counts them). A link or a
 * word is cut only where it alone is longer than the room, what a reader sees as one character only where that alone is, and
 * a surrogate pair never. Of the text only white space is lost, where it is cut and at its ends.
 * @param room at least 2
 */
export function splitText(text: string, room: number): readonly string[] {
  const pieces: string[] = [];
  let rest = text.trim();
  while (rest.length > room) {
    const end = findCut(rest, room);
    pieces.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).replace(SPACE_BEFORE, "");
  }
  return rest === "" ? pieces : [...pieces, rest];
}

function findCut(text: string, room: number): number {
  return findNaturalCut(text, room) ?? findCutBeforeWhole(text, room) ?? findCutBeforeGrapheme(text, room);
}

function findNaturalCut(text: string, room: number): number | undefined {
  // What follows the white space decides whether it is free.
  const window = text.slice(0, room + 3);
  for (const place of PLACES) {
    const ends = [...window.matchAll(place)].map((match) => match.index + match[0].trimEnd().length);
    const last = ends.findLast((end) => end <= room && end >= room * EARLIEST);
    if (last !== undefined) return last;
  }
  return undefined;
}

/** Before the link, or the word, that the room ends in; not where it would have to be cut all the same. */
function findCutBeforeWhole(text: string, room: number): number | undefined {
  // Whatever begins within the room and does not end within twice the room is longer than the room.
  const window = text.slice(0, room * 2);
  for (const whole of WHOLE) {
    const across = [...window.matchAll(whole)].find(
      ({ index, 0: { length } }) => index < room && index + length > room,
    );
    if (across !== undefined && across.index > 0 && across[0].length <= room) return across.index;
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
