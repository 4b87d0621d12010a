import { quoteText } from "../schema/issue-texts.ts";
import { NameGuesses } from "../schema/name-guesses.ts";
import { FILTER_NAMES, TAG_NAMES } from "./template.ts";

/** What Liquid says, and what that means. */
const ERROR_SENTENCES: readonly (readonly [said: RegExp, meant: (...found: readonly string[]) => string])[] = [
  [
    /^undefined filter: (.+)$/su,
    (name = "") => `there is no filter ${quoteText(name)}.${new NameGuesses(FILTER_NAMES).formatHint(name)}`,
  ],
  [
    /^tag "(end\w*|else|elsif|elseif|when)" not found$/u,
    (name = "") => `{% ${name} %} stands where nothing was opened for it.`,
  ],
  [
    /^tag "(.+)" not found$/su,
    (name = "") => `there is no tag ${quoteText(name)}.${new NameGuesses(TAG_NAMES).formatHint(name)}`,
  ],
  [/^tag \{%-?\s*(\w+).*not closed$/su, (name = "") => `{% ${name} … %} needs an {% end${name} %}.`],
  [/^output ".*" not closed$/su, () => "{{ needs a }} after it."],
  [/^tag ".*" not closed$/su, () => "{% needs a %} after it."],
  [/^(?:invalid value expression|unexpected token .*value expected)/su, () => "a value is missing."],
  [
    /^expected "\|" before filter$/u,
    () => "values are compared by ==, !=, <, > or contains, and filters begin with |.",
  ],
  [/^expected "=".*$/su, () => "an = is missing."],
  [/^illegal tag: (.+)$/su, (tag = "") => `${quoteText(tag)} cannot be read.`],
  [/^illegal tag syntax/u, () => "this tag cannot be read."],
  [/^.*memory alloc limit exceeded.*$/su, () => "it says, or walks through, too much."],
];

/** @param said Liquid's own message, which ends with a place @param shift how many characters stand before the template on its first line */
export function explainLiquidError(said: string, shift = 0): string {
  const [, what = said, line, column] = /^(.*), line:(\d+), col:(\d+)$/su.exec(said) ?? [];
  const place =
    line === undefined ? "" : ` at ${describePlace(Number(line), Number(column) - countLateCharacters(what), shift)}`;
  for (const [pattern, meant] of ERROR_SENTENCES) {
    const found = pattern.exec(what);
    if (found !== null) return `${place}: ${meant(...found.slice(1))}`;
  }
  return `${place}: ${what.slice(0, 200)}.`;
}

/** Where filters begin Liquid has read a sign already when it says that it is the wrong one. */
function countLateCharacters(what: string): number {
  return what.startsWith('expected "|"') ? 1 : 0;
}

function describePlace(line: number, column: number, shift: number): string {
  return line === 1 ? `character ${Math.max(1, column - shift)}` : `line ${line}, character ${column}`;
}
