import { PARTS_PER_TURN } from "../../core/limits/sender.ts";
import { STEPS_PER_TURN } from "../../core/limits/topics.ts";
import { type GraphEdges, sumHeaviestPaths } from "./graph.ts";
import { type CheckFinding, createStepWarning, type ParsedStep, type ParsedTopic } from "./topic-document.ts";
import type { StepTransitions } from "./transitions.ts";

/** Warns of paths with more steps or messages than a turn can have. */
export function checkLengths({ steps }: ParsedTopic, { onward, unasked }: StepTransitions): readonly CheckFinding[] {
  const createEdges =
    (passes: readonly string[]): GraphEdges =>
    (node) =>
      (passes.includes(steps[node]?.parsed?.references.waits ?? "contact") ? onward[node] : unasked[node]) ?? [];
  const stepCounts = sumHeaviestPaths(steps.length, createEdges(["nothing"]), () => 1);
  const messageCounts = sumHeaviestPaths(steps.length, createEdges(["nothing", "system"]), (node) =>
    countMessages(steps[node]),
  );
  return [
    ...warnOverLimit(
      steps,
      stepCounts,
      STEPS_PER_TURN,
      (count) =>
        `${count} steps may follow each other without waiting, and after ${STEPS_PER_TURN} the conversation fails. Put a question between them.`,
    ),
    ...warnOverLimit(
      steps,
      messageCounts,
      PARTS_PER_TURN,
      (count) =>
        `${count} messages may follow each other without waiting, and only the first ${PARTS_PER_TURN} are sent. Put a question between them, or combine messages.`,
    ),
  ];
}

/** Warns at the first step with the longest path, if that is over the limit. */
function warnOverLimit(
  steps: readonly ParsedStep[],
  counts: readonly number[],
  limit: number,
  describe: (count: number) => string,
): readonly CheckFinding[] {
  const most = counts.reduce((greatest, each) => Math.max(greatest, each), 0);
  const step = most > limit ? steps[counts.indexOf(most)] : undefined;
  return step === undefined ? [] : [createStepWarning(step, "", `from here on ${describe(most)}`)];
}

/**
 * Counts the messages of a step. A picture is part of the text or card; a link, a card and a list of links are separate
 * messages.
 */
function countMessages(step: ParsedStep | undefined): number {
  const { templates = [], urls = [] } = step?.parsed?.references ?? {};
  const hasCard = hasPointer(templates, /^\/card\//u);
  const hasText = hasPointer(templates, /^\/(?:text|result)(?:\/|$)/u) || (hasPointer(urls, /^\/image$/u) && !hasCard);
  return [hasText, hasCard, hasPointer(urls, /^\/link\/url$/u), hasPointer(urls, /^\/links\//u)].filter(Boolean).length;
}

function hasPointer(all: readonly { readonly pointer: string }[], pattern: RegExp): boolean {
  return all.some(({ pointer }) => pattern.test(pointer));
}
