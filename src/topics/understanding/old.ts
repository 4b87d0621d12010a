/** Understands what people type: case, accents of punctuation and spacing do not matter, and nothing is ever guessed. */

const QUOTES = /[‘’`´]/gu;
const BEGINS = /[\p{L}\p{N}\p{Extended_Pictographic}]/u;
const ENDS = /[\p{L}\p{N}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Join_Control}]/u;
const KEYCAPS = /\uFE0F?\u20E3/gu;

/** @returns the text in lower case, without punctuation at its ends, with single spaces */
export function normalise(text: string): string {
  const plain = text.replace(KEYCAPS, "").normalize("NFKC").toLowerCase().replace(QUOTES, "'").replace(/\s+/gu, " ");
  // By hand, from both ends: a pattern for the end of a text would look at each of its characters again and again.
  const characters = Array.from(plain);
  const begin = characters.findIndex((character) => BEGINS.test(character));
  const end = characters.findLastIndex((character) => ENDS.test(character));
  return begin === -1
    ? ""
    : characters
        .slice(begin, end + 1)
        .join("")
        .trim();
}

export interface Choosable {
  readonly label: string;
  readonly value?: string | undefined;
}

const NUMBER = /^(?:no\.?|nr\.?|number|option)? ?#? ?(\d{1,2})$/u;

/**
 * Which option does the person mean? Its number ("2", "2.", "#2", "option 2"), its label or its value.
 * @returns the option's index, or null where the text is none of them
 */
export function chooseOption(text: string, options: readonly Choosable[]): number | null {
  const said = normalise(text);
  const named = options.findIndex(
    (option) => said !== "" && (normalise(option.label) === said || normalise(option.value ?? "") === said),
  );
  if (named !== -1) return named;
  const number = NUMBER.exec(said)?.[1];
  if (number === undefined) return null;
  const index = Number(number) - 1;
  return index >= 0 && index < options.length ? index : null;
}

const YES = new Set(
  "y|yes|yeah|yea|yep|yup|ya|sure|of course|ok|okay|k|kk|right|correct|that's right|true|please do|absolutely|definitely|certainly|affirmative|i do|i am|👍|👌|✅|✔|☑".split(
    "|",
  ),
);
const NO = new Set(
  "n|no|nope|nah|nay|not really|not now|wrong|incorrect|false|negative|never|don't|do not|i don't|i'm not|👎|❌|✖".split(
    "|",
  ),
);
/** Said beside a yes or a no without changing it. */
const COURTESY = new Set(["please", "thanks", "thx", "🙏", "🙂", "😊", "😀"]);
const DECORATION = /\p{Emoji_Modifier}|\uFE0F/gu;
const PICTOGRAPH = /\p{Extended_Pictographic}/gu;

/** @returns whether the person said yes or no, or null where it is neither, or both */
export function yesOrNo(text: string): boolean | null {
  const said = normalise(text.replace(DECORATION, "").replace(PICTOGRAPH, " $& "));
  const whole = polarity(said);
  if (whole !== null) return whole;
  const words = said.replaceAll("thank you", "thanks").split(/[ ,.!;]+/u);
  const rest = words.filter((word) => !COURTESY.has(word));
  const polarities = new Set(rest.map(polarity));
  const [only = null] = polarities;
  return polarities.size === 1 ? only : polarity(rest.join(" "));
}

function polarity(said: string): boolean | null {
  if (YES.has(said)) return true;
  return NO.has(said) ? false : null;
}

export interface Findable {
  readonly id: string;
  readonly keywords: readonly string[];
}

/** Topics by their keywords, made ready once for many texts. */
export interface Finder {
  /** @returns the topic that has the whole text as a keyword, or null */
  readonly exact: (text: string) => string | null;
  /**
   * Which topic do the person's words ask for? A text that is a keyword beats one that contains it as whole words; of several contained
   * the longest wins, then the topic that stands first.
   */
  readonly find: (text: string) => string | null;
}

export function createFinder(topics: readonly Findable[]): Finder {
  const entries = topics.flatMap(({ id, keywords }) =>
    keywords.map((keyword) => ({ id, whole: normalise(keyword), words: wordsOf(keyword) })),
  );
  // The first topic that has a keyword has it.
  const whole = new Map(entries.toReversed().map((entry) => [entry.whole, entry.id]));
  const longestFirst = entries
    .filter((entry) => entry.words !== "")
    .toSorted((a, b) => b.words.length - a.words.length);
  const exact = (text: string): string | null => {
    const said = normalise(text);
    return said === "" ? null : (whole.get(said) ?? null);
  };
  return {
    exact,
    find: (text) => {
      const said = ` ${wordsOf(text)} `;
      return exact(text) ?? longestFirst.find(({ words }) => said.includes(` ${words} `))?.id ?? null;
    },
  };
}

/** Letters, digits and pictographs, with one space where anything else stood. */
function wordsOf(text: string): string {
  return normalise(text)
    .replace(/[^\p{L}\p{N}\p{M}\p{Extended_Pictographic}']+/gu, " ")
    .trim();
}
