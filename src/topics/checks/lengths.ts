import { PARTS_PER_TURN } from "../../core/limits/sender.ts";
import { STEPS_PER_TURN } from "../../core/limits/topics.ts";
import { type GraphEdges, sumHeaviestPaths } from "./graph.ts";
import { type CheckFinding, createStepWarning, type ParsedStep, type ParsedTopic } from "./topic-document.ts";
import type { StepTransitions } from "./transitions.ts";

/** More steps, or messages, on one way than a turn may have. */
export function checkLengths({ steps }: ParsedTopic, { onward, unasked }: StepTransitions): readonly CheckFinding[] {
  const createEdges =
    (passes: readonly string[]): GraphEdges =>
    (node) =>
      (passes.includes(steps[node]?.read?.references.waits ?? "person") ? onward[node] : unasked[node]) ?? [];
  const walked = sumHeaviestPaths(steps.length, createEdges(["nothing"]), () => 1);
  const said = sumHeaviestPaths(steps.length, createEdges(["nothing", "system"]), (node) => countMessages(steps[node]));
  return [
    ...warnOverLimit(
      steps,
      walked,
      STEPS_PER_TURN,
      (count) =>
        `${count} steps may follow one another without waiting, and after ${STEPS_PER_TURN} the conversation fails. Put a question between them.`,
    ),
    ...warnOverLimit(
      steps,
      said,
      PARTS_PER_TURN,
      (count) =>
        `${count} messages may follow one another without waiting, and after ${PARTS_PER_TURN} the rest is not sent. Put a question between them, or say more in each.`,
    ),
  ];
}

/** The step with the longest way; of several the first. */
function warnOverLimit(
  steps: readonly ParsedStep[],
  counts: readonly number[],
  limit: number,
  say: (count: number) => string,
): readonly CheckFinding[] {
  const most = counts.reduce((greatest, each) => Math.max(greatest, each), 0);
  const step = most > limit ? steps[counts.indexOf(most)] : undefined;
  return step === undefined ? [] : [createStepWarning(step, "", `from here on ${say(most)}`)];
}

/** A picture goes with its text or its card; a link, a card and a list of links are messages by themselves. */
function countMessages(step: ParsedStep | undefined): number {
  const { templates = [], urls = [] } = step?.read?.references ?? {};
  const hasCard = hasPointer(templates, /^\/card\//u);
  const hasText = hasPointer(templates, /^\/(?:text|result)(?:\/|$)/u) || (hasPointer(urls, /^\/image$/u) && !hasCard);
  return [hasText, hasCard, hasPointer(urls, /^\/link\/url$/u), hasPointer(urls, /^\/links\//u)].filter(Boolean).length;
}

function hasPointer(all: readonly { readonly pointer: string }[], pattern: RegExp): boolean {
  return all.some(({ pointer }) => pattern.test(pointer));
}
