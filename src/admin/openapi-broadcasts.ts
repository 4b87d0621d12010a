import { broadcastSchema } from "../broadcasts/broadcast.ts";
import { letterFirstSlug } from "../schema/ids.ts";
import { content, jsonSchema, operation, pageParameters, problemAnswer, ref } from "./openapi-parts.ts";
import { broadcastResource, deadLettersResource, estimateResource, startSchema } from "./resources-broadcasts.ts";

const ID = { name: "id", in: "path", required: true, schema: jsonSchema(letterFirstSlug, "input") };
const ABSENT = { 404: problemAnswer("There is none") };

/** A broadcast is a noun of the API like others; its life has these beside. */
export const broadcastNoun = {
  collection: "broadcasts",
  singular: "Broadcast",
  parameter: "id",
  id: letterFirstSlug,
  body: broadcastSchema,
  resource: broadcastResource,
  put: "Create a broadcast as a draft, or replace one that has not begun",
};

export function broadcastPaths(): object {
  const orders = {
    pause: "Text nobody else for now",
    resume: "Go on with a paused broadcast",
    cancel: "Text nobody else; who is left is counted as skipped",
  };
  return {
    "/v1/broadcasts/{id}/estimate": {
      get: operation("estimateBroadcast", "What it would be, were it started now", [ID], {
        200: content(jsonSchema(estimateResource, "output")),
        ...ABSENT,
      }),
    },
    "/v1/broadcasts/{id}/start": {
      post: {
        ...changing("startBroadcast", "Start a broadcast, now or at a moment"),
        requestBody: {
          required: false,
          content: { "application/json": { schema: jsonSchema(startSchema, "input") } },
        },
      },
    },
    ...Object.fromEntries(
      Object.entries(orders).map(([order, summary]) => [
        `/v1/broadcasts/{id}/${order}`,
        { post: changing(`${order}Broadcast`, summary) },
      ]),
    ),
    "/v1/broadcasts/{id}/dead-letters": {
      get: operation(
        "listDeadLetters",
        "Who could not be texted for a failure of Parley's",
        [ID, ...pageParameters()],
        {
          200: content(jsonSchema(deadLettersResource, "output")),
          ...ABSENT,
        },
      ),
    },
    "/v1/broadcasts/{id}/dead-letters/retry": { post: changing("retryDeadLetters", "Try them once more") },
  };
}

function changing(operationId: string, summary: string): object {
  return operation(operationId, summary, [ID], {
    200: content(ref("Broadcast")),
    ...ABSENT,
    409: problemAnswer("It cannot, as it stands"),
  });
}
