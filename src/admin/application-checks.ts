import { listTopicIds } from "../assistants/catalog.ts";
import { parseTopic } from "../configuration/saved-documents.ts";
import { type Application, applicationSchema } from "../configuration/schemas.ts";
import { isRecord } from "../core/json.ts";
import type { FieldProblem } from "../core/problem-document.ts";
import { type DrizzleDatabase, openDatabase } from "../db/database.ts";
import { findPublishedTopics } from "../db/publications.ts";
import { checkHours } from "../hours/hours-checks.ts";
import { hoursSchema } from "../hours/schema.ts";
import { NameGuesses } from "../schema/name-guesses.ts";
import { checkApplicationTopics } from "../topics/checks/application-topics.ts";
import { sortProblems } from "../topics/checks/problem-order.ts";
import { findMissingTargets } from "../topics/targets.ts";
import { checkAssistant } from "./assistant-checks.ts";
import { type AdminContext, toFieldProblems } from "./http.ts";

interface CheckedApplication {
  /** Null where there is an error. */
  readonly application: Application | null;
  readonly errors: readonly FieldProblem[];
  readonly warnings: readonly FieldProblem[];
}

type Assistant = Application["assistant"];

/** Says everything that is wrong with what is to be an application, whatever JSON it is; of its parts each that can be read is looked into. */
export async function checkApplication(c: AdminContext, json: unknown): Promise<CheckedApplication> {
  const parsed = applicationSchema.safeParse(json);
  const misfits = parsed.success ? [] : toFieldProblems(parsed.error.issues, applicationSchema, json);
  const written = isRecord(json) ? json : {};
  const assistant = applicationSchema.shape.assistant.safeParse(written["assistant"]);
  const topics = assistant.success
    ? await checkTopics(openDatabase(c.env.DB), assistant.data)
    : { errors: [], warnings: [] };
  const errors = sortProblems([...misfits, ...hoursProblems(written["hours"]), ...topics.errors], json);
  if (errors.length > 0 || !parsed.success)
    return { application: null, errors, warnings: sortProblems(topics.warnings, json) };
  const asked = await checkAssistant(c, parsed.data);
  return {
    application: asked.errors.length === 0 ? parsed.data : null,
    errors: sortProblems(asked.errors, json),
    warnings: sortProblems([...topics.warnings, ...asked.warnings], json),
  };
}

function hoursProblems(written: unknown): readonly FieldProblem[] {
  const hours = hoursSchema.safeParse(written);
  if (!hours.success) return [];
  return checkHours(hours.data).map(({ pointer, detail }) => ({ pointer: `/hours${pointer}`, detail }));
}

/** Its topics must be there, and go only to one another, as they are published. */
async function checkTopics(
  db: DrizzleDatabase,
  assistant: Assistant,
): Promise<{ readonly errors: readonly FieldProblem[]; readonly warnings: readonly FieldProblem[] }> {
  const named = listTopicIds(assistant);
  const published = await findPublishedTopics(db, named);
  const absent = named.flatMap((id, index) =>
    published.has(id) ? [] : [{ pointer: `/assistant/topics/${index}`, detail: `There is no topic "${id}".` }],
  );
  const own = new Set(named);
  const topics = [...published].flatMap(([id, document]) => parseTopic(id, document) ?? []);
  const astray = topics.flatMap((topic) => findMissingTargets(topic, own));
  return {
    errors: [
      ...absent,
      ...startersAbsent(assistant),
      ...astray.map(({ detail }) => ({ pointer: "/assistant/topics", detail })),
    ],
    warnings: checkApplicationTopics(topics),
  };
}

/** What MENU and AGENT start must be among the topics. */
function startersAbsent(assistant: Assistant): readonly FieldProblem[] {
  if (assistant.kind !== "topics") return [];
  const guesses = new NameGuesses(assistant.topics);
  return (["menu", "agent"] as const).flatMap((word) => {
    const topic = assistant[word];
    if (topic === undefined || assistant.topics.includes(topic)) return [];
    const detail = `"${topic}" is not among the application's own topics.${guesses.formatHint(topic)}`;
    return [{ pointer: `/assistant/${word}`, detail }];
  });
}
