import { listed } from "../../schema/explain.ts";
import { Guesses } from "../../schema/nearest.ts";
import type { NamedTopic } from "../definition.ts";
import { type Draft, type Finding, readDraft, warningAt } from "./draft.ts";
import { circles, reachedFrom } from "./graph.ts";
import { checkSharedKeywords } from "./keywords.ts";
import { waysOf } from "./ways.ts";

/** What the topics of an application do to one another. */
export function checkTogether(topics: readonly NamedTopic[]): readonly Finding[] {
  return [...checkSharedKeywords(topics), ...checkRounds(topics)];
}

/** Topics that begin one another without asking anything on the way. */
function checkRounds(topics: readonly NamedTopic[]): readonly Finding[] {
  const indexes = new Map(topics.map(({ id }, index) => [id, index]));
  const begun = topics.map((topic) =>
    begunAtOnce(readDraft({ ...topic, id: undefined })).flatMap((id) => indexes.get(id) ?? []),
  );
  return circles(topics.length, (index) => begun[index] ?? []).map((circle) => {
    const ids = circle.flatMap((index) => topics[index]?.id ?? []);
    const detail = `The conversation may go round through the topics ${listed(ids, 5)} without waiting for the person, until it fails. Let one of them ask something first.`;
    return warningAt("/assistant/topics", detail);
  });
}

/** @returns the topics that may begin before the topic has asked anything */
function begunAtOnce(draft: Draft): readonly string[] {
  const { steps } = draft;
  const ways = waysOf(draft, new Guesses([]));
  const reached = reachedFrom([0], (index) => {
    const waits = steps[index]?.read?.references.waits;
    return (waits === "nothing" || waits === "system" ? ways.onward[index] : ways.unasked[index]) ?? [];
  });
  return [...reached].flatMap((index) => (steps[index]?.read?.references.topics ?? []).map(({ value }) => value));
}
