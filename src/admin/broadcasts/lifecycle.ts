import type { BroadcastBody } from "../../broadcasts/broadcast.ts";
import { estimateBroadcast, estimateSegments } from "../../broadcasts/estimate.ts";
import type { ConfigurationSnapshot } from "../../configuration/snapshot.ts";
import { createProblem, type ProblemDocument } from "../../core/problem-document.ts";
import { fail, type Result, succeed } from "../../core/result.ts";
import { openDatabase } from "../../db/database.ts";
import type { ReadyList } from "../../notify/list.ts";
import { NOTICE_REFUSALS } from "../../notify/notice.ts";
import { listSubscriberGroups } from "../../notify/store.ts";
import { letterFirstSlug } from "../../schema/ids.ts";
import { answer, json, respondNotFound } from "../http/answer.ts";
import { type AdminContext, optionalJsonBody } from "../http/body.ts";
import { lookup, type Route, route } from "../http/route.ts";
import { broadcastResource, estimateResource, startBody } from "./schema.ts";

import { applyOrder, type BroadcastRow, findBroadcast, loadSnapshot, markLive, parseBody } from "./views.ts";

const TAG = "Broadcasts";
const ABSENT = "The broadcast does not exist.";
const id = lookup(letterFirstSlug);

export const lifecycleRoutes: readonly Route[] = [
  route({
    tag: TAG,
    method: "get",
    path: "/v1/broadcasts/{id}/estimate",
    operationId: "estimateBroadcast",
    summary: "Estimate recipients, segments, cost and duration of a start now",
    parameters: { id },
    responses: {
      200: json("The estimate.", estimateResource),
      404: ABSENT,
      409: "The broadcast cannot be sent now: its list is gone, or its text or topic is invalid.",
    },
    handle: async ({ parameters }, c) => {
      const found = await findDraft(c, parameters.id);
      if (!found.ok) return found.failure;
      const { body, list, snapshot } = found.value;
      const groups = await listSubscriberGroups(openDatabase(c.env.DB), list.id);
      const segments = estimateSegments(body, list, snapshot, Date.now());
      if (typeof segments === "string") return createProblem(409, NOTICE_REFUSALS[segments]);
      return answer(200, estimateBroadcast(segments, groups, body, list, snapshot));
    },
  }),
  route({
    tag: TAG,
    method: "post",
    path: "/v1/broadcasts/{id}/start",
    operationId: "startBroadcast",
    summary: "Start a broadcast now, or schedule its start",
    parameters: { id },
    body: optionalJsonBody(startBody, { at: "2030-11-27T18:00:00Z" }),
    responses: {
      200: json("The broadcast is running or scheduled.", broadcastResource),
      404: ABSENT,
      409: "The broadcast cannot start in its status, or cannot be sent as it is.",
    },
    handle: async ({ parameters, body: { at } }, c) => {
      const found = await findDraft(c, parameters.id);
      if (!found.ok) return found.failure;
      const { row, body, list, snapshot } = found.value;
      const segments = estimateSegments(body, list, snapshot, Date.now());
      if (typeof segments === "string") return createProblem(409, NOTICE_REFUSALS[segments]);
      await markLive(openDatabase(c.env.DB), row.id);
      return await applyOrder(c, row, { kind: "start", at: at === undefined ? null : Date.parse(at) }, segments);
    },
  }),
  createOrderRoute("pause", "Pause a broadcast: text no further recipients for now"),
  createOrderRoute("resume", "Resume a paused broadcast"),
  createOrderRoute("cancel", "Cancel a broadcast: skip all remaining recipients"),
];

function createOrderRoute(kind: "pause" | "resume" | "cancel", summary: string): Route {
  return route({
    tag: TAG,
    method: "post",
    path: `/v1/broadcasts/{id}/${kind}`,
    operationId: `${kind}Broadcast`,
    summary,
    parameters: { id },
    responses: {
      200: json("The broadcast with its new status.", broadcastResource),
      404: ABSENT,
      409: `The broadcast's status does not allow ${kind}.`,
    },
    handle: async ({ parameters }, c) => {
      const db = openDatabase(c.env.DB);
      const row = await findBroadcast(db, parameters.id);
      if (row === undefined) return respondNotFound(`broadcast "${parameters.id}"`);
      // Cancelling a finished broadcast too recalls its notices that wait for contacts; the sweep does it.
      if (kind === "cancel") await markLive(db, row.id);
      return await applyOrder(c, row, { kind }, 1);
    },
  });
}

interface FoundDraft {
  readonly row: BroadcastRow;
  readonly body: BroadcastBody;
  readonly list: ReadyList;
  readonly snapshot: ConfigurationSnapshot;
}

async function findDraft(c: AdminContext, broadcast: string): Promise<Result<FoundDraft, ProblemDocument>> {
  const row = await findBroadcast(openDatabase(c.env.DB), broadcast);
  const [view] = row === undefined ? [] : await c.env.BROADCASTS.getByName(row.number).views([broadcast]);
  if (row === undefined || view === undefined) return fail(respondNotFound(`broadcast "${broadcast}"`));
  const snapshot = await loadSnapshot(c);
  const body = parseBody(view);
  const list = snapshot.lists.get(body.list);
  return list === undefined
    ? fail(createProblem(409, `List "${body.list}" no longer exists.`))
    : succeed({ row, body, list, snapshot });
}
