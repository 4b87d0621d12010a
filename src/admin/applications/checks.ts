import { listTopicIds } from "../../assistants/catalog.ts";
import { parseTopic } from "../../configuration/saved-documents.ts";
import { type Application, applicationSchema } from "../../configuration/schemas.ts";
import { isRecord } from "../../core/json.ts";
import type { FieldProblem } from "../../core/problem-document.ts";
import { type DrizzleDatabase, openDatabase } from "../../db/database.ts";
import { findPublishedTopics } from "../../db/publications.ts";
import { checkHours } from "../../hours/hours-checks.ts";
import { hoursSchema } from "../../hours/schema.ts";
import { NameGuesses } from "../../schema/name-guesses.ts";
import { checkApplicationTopics } from "../../topics/checks/application-topics.ts";
import { sortProblems } from "../../topics/checks/problem-order.ts";
import { findMissingTargets } from "../../topics/targets.ts";
import type { AdminContext } from "../http/body.ts";
import { toFieldProblems } from "../http/check.ts";
import { checkAssistant } from "./assistant-checks.ts";

interface CheckedApplication {
  /** Null if there are errors. */
  readonly application: Application | null;
  readonly errors: readonly FieldProblem[];
  readonly warnings: readonly FieldProblem[];
}

type Assistant = Application["assistant"];

/** Checks any JSON value as an application: each part that can be read, so that all problems come at once. */
export async function checkApplication(c: AdminContext, json: unknown): Promise<CheckedApplication> {
  const parsed = applicationSchema.safeParse(json);
  const misfits = parsed.success ? [] : toFieldProblems(parsed.error.issues, applicationSchema, json);
  const written = isRecord(json) ? json : {};
  const assistant = applicationSchema.shape.assistant.safeParse(written["assistant"]);
  const topics = assistant.success
    ? await checkTopics(openDatabase(c.env.DB), assistant.data)
    : { errors: [], warnings: [] };
  const errors = sortProblems([...misfits, ...checkApplicationHours(written["hours"]), ...topics.errors], json);
  if (errors.length > 0 || !parsed.success)
    return { application: null, errors, warnings: sortProblems(topics.warnings, json) };
  const reached = await checkAssistant(c, parsed.data);
  return {
    application: reached.errors.length === 0 ? parsed.data : null,
    errors: sortProblems(reached.errors, json),
    warnings: sortProblems([...topics.warnings, ...reached.warnings], json),
  };
}

function checkApplicationHours(written: unknown): readonly FieldProblem[] {
  const hours = hoursSchema.safeParse(written);
  if (!hours.success) return [];
  return checkHours(hours.data).map(({ pointer, detail }) => ({ pointer: `/hours${pointer}`, detail }));
}

/** Checks that the topics exist and, as published, go only to one another. */
async function checkTopics(
  db: DrizzleDatabase,
  assistant: Assistant,
): Promise<{ readonly errors: readonly FieldProblem[]; readonly warnings: readonly FieldProblem[] }> {
  const named = listTopicIds(assistant);
  const published = await findPublishedTopics(db, named);
  const missing = named.flatMap((id, index) =>
    published.has(id) ? [] : [{ pointer: `/assistant/topics/${index}`, detail: `Topic "${id}" does not exist.` }],
  );
  const own = new Set(named);
  const topics = [...published].flatMap(([id, document]) => parseTopic(id, document) ?? []);
  const strayTargets = topics.flatMap((topic) => findMissingTargets(topic, own));
  return {
    errors: [
      ...missing,
      ...checkStarters(assistant),
      ...strayTargets.map(({ detail }) => ({ pointer: "/assistant/topics", detail })),
    ],
    warnings: checkApplicationTopics(topics),
  };
}

/** Checks that the topics that MENU and AGENT start are among the application's topics. */
function checkStarters(assistant: Assistant): readonly FieldProblem[] {
  if (assistant.kind !== "topics") return [];
  const guesses = new NameGuesses(assistant.topics);
  return (["menu", "agent"] as const).flatMap((word) => {
    const topic = assistant[word];
    if (topic === undefined || assistant.topics.includes(topic)) return [];
    const detail = `"${topic}" is not one of the application's topics.${guesses.formatHint(topic)}`;
    return [{ pointer: `/assistant/${word}`, detail }];
  });
}
