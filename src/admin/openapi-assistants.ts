import { answersSchema } from "../assistants/webhook/answers.ts";
import { content, jsonSchema, operation, problemAnswer, ref } from "./openapi-parts.ts";
import { ABSENT, ID } from "./openapi-versions.ts";
import { dryRunResource, dryRunSchema } from "./resources.ts";

/** What assistants bring, and how they are tried. */
export function assistantPaths(): object {
  return { ...trialPath(), ...answersPath() };
}

export function assistantSchemas(): object {
  return {
    ApplicationTrial: jsonSchema(dryRunResource, "output"),
    Answers: jsonSchema(answersSchema, "input"),
  };
}

function trialPath(): object {
  const tried = operation(
    "tryApplication",
    "Ask an application's assistant for real, and see what a person would get; nothing is sent or stored",
    [ID],
    { 200: content(ref("ApplicationTrial")), ...ABSENT, 422: problemAnswer("Fields that are wrong") },
  );
  const body = {
    required: true,
    content: { "application/json": { schema: jsonSchema(dryRunSchema, "input") } },
  };
  return { "/v1/applications/{id}/trials": { post: { ...tried, requestBody: body } } };
}

function answersPath(): object {
  const turn = {
    name: "id",
    in: "path",
    required: true,
    schema: { type: "string" },
    description: "The `turn.id` of the question that was answered with 202",
  };
  const brought = operation(
    "bringAnswers",
    "Bring what an assistant has promised; signed as Standard Webhooks has it, with the secret that the application names, or with the admin key",
    [turn],
    {
      202: { description: "Taken" },
      401: problemAnswer("Not signed"),
      409: problemAnswer("The turn waits for none (any more)"),
      422: problemAnswer("Fields that are wrong"),
    },
  );
  const body = { required: true, content: { "application/json": { schema: ref("Answers") } } };
  return { "/v1/turns/{id}/answers": { post: { ...brought, requestBody: body } } };
}
