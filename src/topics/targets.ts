import type { FieldProblem } from "../core/problem-document.ts";
import { listTopicTargets, type NamedTopic } from "./definition.ts";

/** @returns a problem for each step that goes to a topic which the application does not have */
export function findMissingTargets(topic: NamedTopic, present: ReadonlySet<string>): readonly FieldProblem[] {
  return listTopicTargets(topic)
    .filter(({ value }) => !present.has(value))
    .map(({ pointer, value }) => ({
      pointer,
      detail: `Topic "${topic.id}" goes to "${value}" (${pointer}), which the application does not have.`,
    }));
}
