import type { DeadLetter } from "../../broadcasts/dead-letters.ts";
import { openDatabase } from "../../db/database.ts";
import { letterFirstSlug } from "../../schema/ids.ts";
import { answer, json, respondNotFound } from "../http/answer.ts";
import { createListPage } from "../http/page.ts";
import { lookup, type Route, route } from "../http/route.ts";
import { pageQuery } from "../http/schema.ts";
import { broadcastResource, deadLettersResource } from "./schema.ts";

import { answerOrder, findBroadcast, markLive } from "./views.ts";

const TAG = "Broadcasts";
const ABSENT = "The broadcast does not exist.";
const id = lookup(letterFirstSlug);

export const deadLetterRoutes: readonly Route[] = [
  route({
    tag: TAG,
    method: "get",
    path: "/v1/broadcasts/{id}/dead-letters",
    operationId: "listDeadLetters",
    summary: "List recipients not texted because of a failure",
    parameters: { id },
    query: pageQuery,
    responses: { 200: json("One page of dead letters.", deadLettersResource), 404: ABSENT },
    handle: async ({ parameters, query: { limit, after } }, c) => {
      const row = await findBroadcast(openDatabase(c.env.DB), parameters.id);
      const object = row === undefined ? null : c.env.BROADCASTS.getByName(row.number);
      const letters = (await object?.deadLetters(parameters.id, Number(after) || 0, limit + 1)) ?? null;
      if (letters === null) return respondNotFound(`broadcast "${parameters.id}"`);
      return answer(
        200,
        createListPage(letters, limit, ({ lot }) => String(lot), showDeadLetter),
      );
    },
  }),
  route({
    tag: TAG,
    method: "post",
    path: "/v1/broadcasts/{id}/dead-letters/retry",
    operationId: "retryDeadLetters",
    summary: "Retry all dead letters of a broadcast",
    parameters: { id },
    responses: {
      200: json("The dead letters are being retried.", broadcastResource),
      404: ABSENT,
      409: "The broadcast has no dead letters that can be retried.",
    },
    handle: async ({ parameters }, c) => {
      const db = openDatabase(c.env.DB);
      const row = await findBroadcast(db, parameters.id);
      if (row === undefined) return respondNotFound(`broadcast "${parameters.id}"`);
      await markLive(db, row.id);
      return answerOrder(row, await c.env.BROADCASTS.getByName(row.number).retry(row.id));
    },
  }),
];

function showDeadLetter({ phones, reason, at }: DeadLetter) {
  return { phones, reason, at: new Date(at).toISOString() };
}
