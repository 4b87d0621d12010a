import { resolvePublicOrigin } from "../../configuration/public-origin.ts";
import { loadLatestConfiguration } from "../../configuration/store.ts";
import { slug } from "../../schema/ids.ts";
import { answer, json, respondNotFound } from "../http/answer.ts";
import { jsonBody } from "../http/body.ts";
import { lookup, type Route, route } from "../http/route.ts";
import { DryRunPlayer } from "./dry-run-player.ts";
import { DRY_RUN_EXAMPLE, dryRunBody, dryRunResource } from "./schema.ts";

export const dryRunRoutes: readonly Route[] = [
  createDryRunRoute("/v1/applications/{id}/dry-runs", "createDryRun"),
  { ...createDryRunRoute("/v1/applications/{id}/trials", "createTrial"), isDeprecated: true },
];

function createDryRunRoute(path: `/v1/applications/{id}/${string}`, operationId: string): Route {
  return route({
    tag: "Applications",
    method: "post",
    path,
    operationId,
    summary: "Try a conversation; nothing is stored or sent",
    parameters: { id: lookup(slug) },
    body: jsonBody(dryRunBody, DRY_RUN_EXAMPLE),
    responses: {
      200: json("What the contact would get. The assistant was called for real.", dryRunResource),
      404: "The application does not exist.",
    },
    handle: async ({ parameters: { id }, body: { texts, phone, number } }, c) => {
      const snapshot = await loadLatestConfiguration(c.env, (work) => c.executionCtx.waitUntil(work));
      const answering = snapshot.findTesterApplication(id, phone, Date.now()) ?? snapshot.findApplication(id);
      if (answering === null) return respondNotFound(`application "${id}"`);
      const origin = resolvePublicOrigin(c.env, c.req.url);
      const player = new DryRunPlayer({ answering, secrets: snapshot.secrets, origin, phone, number });
      return answer(200, {
        turns: await player.play(texts.map((text) => (typeof text === "string" ? { text, media: [] } : text))),
      });
    },
  });
}
