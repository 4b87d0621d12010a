import { joinQuotedNames } from "../../schema/issue-texts.ts";
import { NameGuesses } from "../../schema/name-guesses.ts";
import type { NamedTopic } from "../definition.ts";
import { findCycles, findReachableNodes } from "./graph.ts";
import { checkSharedKeywords } from "./keywords.ts";
import { type CheckFinding, createWarning, type ParsedStep, parseTopicDocument } from "./topic-document.ts";
import { findTransitions, type StepTransitions } from "./transitions.ts";

/** What the topics of an application do to one another. */
export function checkApplicationTopics(topics: readonly NamedTopic[]): readonly CheckFinding[] {
  return [...checkSharedKeywords(topics), ...checkTopicCycles(topics)];
}

/** A topic among others: its steps are counted on from those of the topics before it. */
interface TopicGraph {
  readonly id: string;
  readonly begin: number;
  readonly steps: readonly ParsedStep[];
  readonly ways: StepTransitions;
}

/** Circles that lead through several topics, or through one that begins itself, and ask nothing on the way. */
function checkTopicCycles(topics: readonly NamedTopic[]): readonly CheckFinding[] {
  const parts = createTopicGraphs(topics);
  const begins = new Map(parts.map(({ id, begin }) => [id, begin]));
  const over = findUnaskingTopics(parts);
  const nodes = parts.flatMap((part) => part.steps.map((step) => ({ part, target: findTargetTopic(step) })));
  const edges = nodes.map(({ part, target }, node) => [
    ...listHastySteps(part, node - part.begin, over).flatMap((index) =>
      index < part.steps.length ? part.begin + index : [],
    ),
    ...(target === undefined ? [] : [begins.get(target) ?? []].flat()),
  ]);
  return findCycles(nodes.length, (node) => edges[node] ?? [])
    .filter((circle) => circle.some((node) => nodes[node]?.target !== undefined))
    .map((circle) => {
      const ids = [...new Set(circle.map((node) => nodes[node]?.part.id ?? ""))];
      const detail = `The conversation may go round through ${joinQuotedNames(ids, 5)} without waiting for the person, until it fails. Let one of the steps there ask something.`;
      return createWarning("/assistant/topics", detail);
    });
}

function createTopicGraphs(topics: readonly NamedTopic[]): readonly TopicGraph[] {
  let begin = 0;
  return topics.map(({ id, ...document }) => {
    const draft = parseTopicDocument(document);
    const part = { id, begin, steps: draft.steps, ways: findTransitions(draft, new NameGuesses([])) };
    begin += draft.steps.length;
    return part;
  });
}

/** @returns the topics that may be over without having asked anything */
function findUnaskingTopics(parts: readonly TopicGraph[]): ReadonlySet<string> {
  const over = new Set<string>();
  for (let before = -1; before < over.size; ) {
    before = over.size;
    for (const part of parts) {
      const reached = findReachableNodes([0], (index) => listHastySteps(part, index, over));
      if (reached.has(part.steps.length)) over.add(part.id);
    }
  }
  return over;
}

/** @returns where a step may lead to within its topic before anybody has been asked anything */
function listHastySteps({ steps, ways }: TopicGraph, index: number, over: ReadonlySet<string>): readonly number[] {
  const step = steps[index];
  const target = findTargetTopic(step);
  if (target !== undefined) return step?.read?.references.fallsThrough === true && over.has(target) ? [index + 1] : [];
  const waits = step?.read?.references.waits;
  return (waits === "nothing" || waits === "system" ? ways.onward[index] : ways.unasked[index]) ?? [];
}

function findTargetTopic(step: ParsedStep | undefined): string | undefined {
  return step?.read?.references.topics?.[0]?.value;
}
