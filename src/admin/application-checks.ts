import { topicsOf } from "../assistants/catalog.ts";
import { parseTopic } from "../configuration/documents.ts";
import { type Application, applicationSchema } from "../configuration/nouns.ts";
import { isRecord } from "../core/json.ts";
import type { FieldProblem } from "../core/problem.ts";
import { type Database, openDatabase } from "../db/change.ts";
import { publishedTopics } from "../db/publications.ts";
import { checkHours } from "../hours/check.ts";
import { hoursSchema } from "../hours/schema.ts";
import { Guesses } from "../schema/nearest.ts";
import { inOrder } from "../topics/checks/order.ts";
import { checkTogether } from "../topics/checks/together.ts";
import { missingTargets } from "../topics/targets.ts";
import { checkAssistant } from "./assistant-checks.ts";
import { type Admin, problemsIn } from "./http.ts";

interface CheckedApplication {
  /** Null where there is an error. */
  readonly application: Application | null;
  readonly errors: readonly FieldProblem[];
  readonly warnings: readonly FieldProblem[];
}

type Assistant = Application["assistant"];

/** Says everything that is wrong with what is to be an application, whatever JSON it is; of its parts each that can be read is looked into. */
export async function checkApplication(c: Admin, json: unknown): Promise<CheckedApplication> {
  const parsed = applicationSchema.safeParse(json);
  const misfits = parsed.success ? [] : problemsIn(parsed.error.issues, applicationSchema, json);
  const written = isRecord(json) ? json : {};
  const assistant = applicationSchema.shape.assistant.safeParse(written["assistant"]);
  const topics = assistant.success
    ? await checkTopics(openDatabase(c.env.DB), assistant.data)
    : { errors: [], warnings: [] };
  const errors = inOrder([...misfits, ...hoursProblems(written["hours"]), ...topics.errors], json);
  if (errors.length > 0 || !parsed.success)
    return { application: null, errors, warnings: inOrder(topics.warnings, json) };
  const asked = await checkAssistant(c, parsed.data);
  return {
    application: asked.errors.length === 0 ? parsed.data : null,
    errors: inOrder(asked.errors, json),
    warnings: inOrder([...topics.warnings, ...asked.warnings], json),
  };
}

function hoursProblems(written: unknown): readonly FieldProblem[] {
  const hours = hoursSchema.safeParse(written);
  if (!hours.success) return [];
  return checkHours(hours.data).map(({ pointer, detail }) => ({ pointer: `/hours${pointer}`, detail }));
}

/** Its topics must be there, and go only to one another, as they are published. */
async function checkTopics(
  db: Database,
  assistant: Assistant,
): Promise<{ readonly errors: readonly FieldProblem[]; readonly warnings: readonly FieldProblem[] }> {
  const named = topicsOf(assistant);
  const published = await publishedTopics(db, named);
  const absent = named.flatMap((id, index) =>
    published.has(id) ? [] : [{ pointer: `/assistant/topics/${index}`, detail: `There is no topic "${id}".` }],
  );
  const own = new Set(named);
  const topics = [...published].flatMap(([id, document]) => parseTopic(id, document) ?? []);
  const astray = topics.flatMap((topic) => missingTargets(topic, own));
  return {
    errors: [
      ...absent,
      ...startersAbsent(assistant),
      ...astray.map(({ detail }) => ({ pointer: "/assistant/topics", detail })),
    ],
    warnings: checkTogether(topics),
  };
}

/** What MENU and AGENT start must be among the topics. */
function startersAbsent(assistant: Assistant): readonly FieldProblem[] {
  if (assistant.kind !== "topics") return [];
  const guesses = new Guesses(assistant.topics);
  return (["menu", "agent"] as const).flatMap((word) => {
    const topic = assistant[word];
    if (topic === undefined || assistant.topics.includes(topic)) return [];
    const detail = `"${topic}" is not among the application's own topics.${guesses.hint(topic)}`;
    return [{ pointer: `/assistant/${word}`, detail }];
  });
}
