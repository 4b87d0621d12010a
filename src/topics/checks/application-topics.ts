import { joinQuotedNames } from "../../schema/issue-texts.ts";
import { NameGuesses } from "../../schema/name-guesses.ts";
import type { NamedTopic } from "../definition.ts";
import { findCycles, findReachableNodes } from "./graph.ts";
import { checkSharedKeywords } from "./keywords.ts";
import { type CheckFinding, createWarning, type ParsedStep, parseTopicDocument } from "./topic-document.ts";
import { findTransitions, type StepTransitions } from "./transitions.ts";

/** Checks how the topics of an application affect each other. */
export function checkApplicationTopics(topics: readonly NamedTopic[]): readonly CheckFinding[] {
  return [...checkSharedKeywords(topics), ...checkTopicCycles(topics)];
}

/** A topic in the graph of all topics. Its steps are numbered from `begin` on, after those of the topics before it. */
interface TopicGraph {
  readonly id: string;
  readonly begin: number;
  readonly steps: readonly ParsedStep[];
  readonly transitions: StepTransitions;
}

/** Warns of cycles through several topics, or through one that begins itself, without a question on the way. */
function checkTopicCycles(topics: readonly NamedTopic[]): readonly CheckFinding[] {
  const graphs = createTopicGraphs(topics);
  const begins = new Map(graphs.map(({ id, begin }) => [id, begin]));
  const unasking = findUnaskingTopics(graphs);
  const nodes = graphs.flatMap((graph) => graph.steps.map((step) => ({ graph, target: findTargetTopic(step) })));
  const edges = nodes.map(({ graph, target }, node) => [
    ...listHastySteps(graph, node - graph.begin, unasking).flatMap((index) =>
      index < graph.steps.length ? graph.begin + index : [],
    ),
    ...(target === undefined ? [] : [begins.get(target) ?? []].flat()),
  ]);
  return findCycles(nodes.length, (node) => edges[node] ?? [])
    .filter((cycle) => cycle.some((node) => nodes[node]?.target !== undefined))
    .map((cycle) => {
      const ids = [...new Set(cycle.map((node) => nodes[node]?.graph.id ?? ""))];
      const detail = `The conversation may repeat ${joinQuotedNames(ids, 5)} without waiting for the contact, until it fails. Add a question to one of these topics.`;
      return createWarning("/assistant/topics", detail);
    });
}

function createTopicGraphs(topics: readonly NamedTopic[]): readonly TopicGraph[] {
  let begin = 0;
  return topics.map(({ id, ...document }) => {
    const topic = parseTopicDocument(document);
    const graph = { id, begin, steps: topic.steps, transitions: findTransitions(topic, new NameGuesses([])) };
    begin += topic.steps.length;
    return graph;
  });
}

/** @returns the topics that may end without asking the contact anything */
function findUnaskingTopics(graphs: readonly TopicGraph[]): ReadonlySet<string> {
  const unasking = new Set<string>();
  for (let before = -1; before < unasking.size; ) {
    before = unasking.size;
    for (const graph of graphs) {
      const reached = findReachableNodes([0], (index) => listHastySteps(graph, index, unasking));
      if (reached.has(graph.steps.length)) unasking.add(graph.id);
    }
  }
  return unasking;
}

/** @returns the steps of the same topic that may follow a step before the contact is asked anything */
function listHastySteps(
  { steps, transitions }: TopicGraph,
  index: number,
  unasking: ReadonlySet<string>,
): readonly number[] {
  const step = steps[index];
  const target = findTargetTopic(step);
  if (target !== undefined)
    return step?.parsed?.references.fallsThrough === true && unasking.has(target) ? [index + 1] : [];
  const waits = step?.parsed?.references.waits;
  return (waits === "nothing" || waits === "system" ? transitions.onward[index] : transitions.unasked[index]) ?? [];
}

function findTargetTopic(step: ParsedStep | undefined): string | undefined {
  return step?.parsed?.references.topics?.[0]?.value;
}
