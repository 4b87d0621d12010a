import { listed } from "../../schema/explain.ts";
import { Guesses } from "../../schema/nearest.ts";
import type { NamedTopic } from "../definition.ts";
import { type DraftStep, type Finding, readDraft, warningAt } from "./draft.ts";
import { circles, reachedFrom } from "./graph.ts";
import { checkSharedKeywords } from "./keywords.ts";
import { type Ways, waysOf } from "./ways.ts";

/** What the topics of an application do to one another. */
export function checkTogether(topics: readonly NamedTopic[]): readonly Finding[] {
  return [...checkSharedKeywords(topics), ...checkRounds(topics)];
}

/** A topic among others: its steps are counted on from those of the topics before it. */
interface Part {
  readonly id: string;
  readonly begin: number;
  readonly steps: readonly DraftStep[];
  readonly ways: Ways;
}

/** Circles that lead through several topics, or through one that begins itself, and ask nothing on the way. */
function checkRounds(topics: readonly NamedTopic[]): readonly Finding[] {
  const parts = partsOf(topics);
  const begins = new Map(parts.map(({ id, begin }) => [id, begin]));
  const over = overAtOnce(parts);
  const nodes = parts.flatMap((part) => part.steps.map((step) => ({ part, target: targetOf(step) })));
  const edges = nodes.map(({ part, target }, node) => [
    ...hasty(part, node - part.begin, over).flatMap((index) => (index < part.steps.length ? part.begin + index : [])),
    ...(target === undefined ? [] : [begins.get(target) ?? []].flat()),
  ]);
  return circles(nodes.length, (node) => edges[node] ?? [])
    .filter((circle) => circle.some((node) => nodes[node]?.target !== undefined))
    .map((circle) => {
      const ids = [...new Set(circle.map((node) => nodes[node]?.part.id ?? ""))];
      const detail = `The conversation may go round through ${listed(ids, 5)} without waiting for the person, until it fails. Let one of the steps there ask something.`;
      return warningAt("/assistant/topics", detail);
    });
}

function partsOf(topics: readonly NamedTopic[]): readonly Part[] {
  let begin = 0;
  return topics.map(({ id, ...document }) => {
    const draft = readDraft(document);
    const part = { id, begin, steps: draft.steps, ways: waysOf(draft, new Guesses([])) };
    begin += draft.steps.length;
    return part;
  });
}

/** @returns the topics that may be over without having asked anything */
function overAtOnce(parts: readonly Part[]): ReadonlySet<string> {
  const over = new Set<string>();
  for (let before = -1; before < over.size; ) {
    before = over.size;
    for (const part of parts) {
      const reached = reachedFrom([0], (index) => hasty(part, index, over));
      if (reached.has(part.steps.length)) over.add(part.id);
    }
  }
  return over;
}

/** @returns where a step may lead to within its topic before anybody has been asked anything */
function hasty({ steps, ways }: Part, index: number, over: ReadonlySet<string>): readonly number[] {
  const step = steps[index];
  const target = targetOf(step);
  if (target !== undefined) return step?.read?.references.fallsThrough === true && over.has(target) ? [index + 1] : [];
  const waits = step?.read?.references.waits;
  return (waits === "nothing" || waits === "system" ? ways.onward[index] : ways.unasked[index]) ?? [];
}

function targetOf(step: DraftStep | undefined): string | undefined {
  return step?.read?.references.topics?.[0]?.value;
}
