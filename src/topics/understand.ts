/** Understands what people type: case, accents of punctuation and spacing do not matter, and nothing is ever guessed. */

const QUOTES = /[‘’`´]/gu;
const EDGES =
  /^[^\p{L}\p{N}\p{Extended_Pictographic}]+|[^\p{L}\p{N}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Join_Control}]+$/gu;

/** @returns the text in lower case, without punctuation at its ends, with single spaces */
export function normalise(text: string): string {
  return text.normalize("NFKC").toLowerCase().replace(QUOTES, "'").replace(/\s+/gu, " ").replace(EDGES, "").trim();
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
const COURTESY = /^(?:please|thanks|thank you|thx|🙏|🙂|😊|😀)$/u;
const DECORATION = /\p{Emoji_Modifier}|\uFE0F/gu;
const PICTOGRAPH = /\p{Extended_Pictographic}/gu;

/** @returns whether the person said yes or no, or null where it is neither, or both */
export function yesOrNo(text: string): boolean | null {
  const said = normalise(text.replace(DECORATION, "").replace(PICTOGRAPH, " $& "));
  const whole = polarity(said);
  if (whole !== null) return whole;
  const rest = said
    .split(/[ ,.!;]+/u)
    .filter((word) => word !== "you" && !COURTESY.test(word === "thank" ? "thanks" : word));
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

/**
 * Which topic do the person's words ask for? A text that is a keyword beats one that contains it as whole words; of several contained
 * the longest wins, then the topic that stands first.
 */
export function findTopic(text: string, topics: readonly Findable[]): string | null {
  const exact = findExactTopic(text, topics);
  if (exact !== null) return exact;
  const said = ` ${words(text)} `;
  let best: { readonly id: string; readonly length: number } | null = null;
  for (const { id, keywords } of topics) {
    for (const keyword of keywords.map(words)) {
      const contained = keyword !== "" && said.includes(` ${keyword} `);
      if (contained && keyword.length > (best?.length ?? 0)) best = { id, length: keyword.length };
    }
  }
  return best?.id ?? null;
}

/** @returns the topic that has the whole text as a keyword, or null */
export function findExactTopic(text: string, topics: readonly Findable[]): string | null {
  const said = normalise(text);
  if (said === "") return null;
  return topics.find(({ keywords }) => keywords.some((keyword) => normalise(keyword) === said))?.id ?? null;
}

/** Letters, digits and pictographs, with one space where anything else stood. */
function words(text: string): string {
  return normalise(text)
    .replace(/[^\p{L}\p{N}\p{M}\p{Extended_Pictographic}']+/gu, " ")
    .trim();
}
