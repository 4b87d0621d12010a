import { quoteText } from "../schema/issue-texts.ts";
import { NameGuesses } from "../schema/name-guesses.ts";
import { FILTER_NAMES, TAG_NAMES } from "./template.ts";

/** Liquid's error messages, and the sentences that replace them. */
const ERROR_SENTENCES: readonly (readonly [pattern: RegExp, explain: (...groups: readonly string[]) => string])[] = [
  [
    /^undefined filter: (.+)$/su,
    (name = "") => `there is no filter ${quoteText(name)}.${new NameGuesses(FILTER_NAMES).formatHint(name)}`,
  ],
  [/^tag "(end\w*|else|elsif|elseif|when)" not found$/u, (name = "") => `{% ${name} %} has no opening tag.`],
  [
    /^tag "(.+)" not found$/su,
    (name = "") => `there is no tag ${quoteText(name)}.${new NameGuesses(TAG_NAMES).formatHint(name)}`,
  ],
  [/^tag \{%-?\s*(\w+).*not closed$/su, (name = "") => `{% ${name} … %} must be closed by {% end${name} %}.`],
  [/^output ".*" not closed$/su, () => "{{ must be closed by }}."],
  [/^tag ".*" not closed$/su, () => "{% must be closed by %}."],
  [/^(?:invalid value expression|unexpected token .*value expected)/su, () => "a value is missing."],
  [/^expected "\|" before filter$/u, () => "compare values by ==, !=, <, > or contains, and begin a filter with |."],
  [/^expected "=".*$/su, () => "an = is missing."],
  [/^illegal tag: (.+)$/su, (tag = "") => `${quoteText(tag)} cannot be read.`],
  [/^illegal tag syntax/u, () => "this tag cannot be read."],
  [/^.*memory alloc limit exceeded.*$/su, () => "the template produces too much text, or loops too often."],
];

/**
 * Explains an error of Liquid.
 * @param message Liquid's message, which ends with a position
 * @param shift the number of characters that were put before the template on its first line
 */
export function explainLiquidError(message: string, shift = 0): string {
  const [, cause = message, line, column] = /^(.*), line:(\d+), col:(\d+)$/su.exec(message) ?? [];
  const place =
    line === undefined ? "" : ` at ${describePlace(Number(line), Number(column) - countLateCharacters(cause), shift)}`;
  for (const [pattern, explain] of ERROR_SENTENCES) {
    const found = pattern.exec(cause);
    if (found !== null) return `${place}: ${explain(...found.slice(1))}`;
  }
  return `${place}: ${cause.slice(0, 200)}.`;
}

/** @returns how far behind the error Liquid's position is: at a filter, Liquid has read the wrong character already */
function countLateCharacters(cause: string): number {
  return cause.startsWith('expected "|"') ? 1 : 0;
}

function describePlace(line: number, column: number, shift: number): string {
  return line === 1 ? `character ${Math.max(1, column - shift)}` : `line ${line}, character ${column}`;
}
