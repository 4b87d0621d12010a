import { PARTS_PER_TURN } from "../../core/limits/sender.ts";
import { STEPS_PER_TURN } from "../../core/limits/topics.ts";
import { type Draft, type DraftStep, type Finding, warningIn } from "./draft.ts";
import { type Edges, heaviest } from "./graph.ts";
import type { Ways } from "./ways.ts";

/** More steps, or messages, on one way than a turn may have. */
export function checkLengths({ steps }: Draft, { onward, unasked }: Ways): readonly Finding[] {
  const edgesPast =
    (passes: readonly string[]): Edges =>
    (node) =>
      (passes.includes(steps[node]?.read?.references.waits ?? "person") ? onward[node] : unasked[node]) ?? [];
  const walked = heaviest(steps.length, edgesPast(["nothing"]), () => 1);
  const said = heaviest(steps.length, edgesPast(["nothing", "system"]), (node) => messagesOf(steps[node]));
  return [
    ...beyond(
      steps,
      walked,
      STEPS_PER_TURN,
      (count) =>
        `${count} steps may follow one another without waiting, and after ${STEPS_PER_TURN} the conversation fails. Put a question between them.`,
    ),
    ...beyond(
      steps,
      said,
      PARTS_PER_TURN,
      (count) =>
        `${count} messages may follow one another without waiting, and after ${PARTS_PER_TURN} the rest is not sent. Put a question between them, or say more in each.`,
    ),
  ];
}

/** The step with the longest way; of several the first. */
function beyond(
  steps: readonly DraftStep[],
  counts: readonly number[],
  limit: number,
  say: (count: number) => string,
): readonly Finding[] {
  const most = counts.reduce((greatest, each) => Math.max(greatest, each), 0);
  const step = most > limit ? steps[counts.indexOf(most)] : undefined;
  return step === undefined ? [] : [warningIn(step, "", `from here on ${say(most)}`)];
}

/** A picture goes with its text or its card; a link, a card and a list of links are messages by themselves. */
function messagesOf(step: DraftStep | undefined): number {
  const { templates = [], urls = [] } = step?.read?.references ?? {};
  const hasCard = has(templates, /^\/card\//u);
  const hasText = has(templates, /^\/(?:text|result)(?:\/|$)/u) || (has(urls, /^\/image$/u) && !hasCard);
  return [hasText, hasCard, has(urls, /^\/link\/url$/u), has(urls, /^\/links\//u)].filter(Boolean).length;
}

function has(all: readonly { readonly pointer: string }[], pattern: RegExp): boolean {
  return all.some(({ pointer }) => pattern.test(pointer));
}
