import * as z from "zod/mini";
import { memoizeLast } from "../core/memoize-last.ts";
import { refusalRoutes } from "./accounts/refusals.ts";
import { accountRoutes } from "./accounts/routes.ts";
import { dryRunRoutes } from "./applications/dry-runs.ts";
import { applicationRoutes, publishableApplications } from "./applications/routes.ts";
import { deadLetterRoutes } from "./broadcasts/dead-letters.ts";
import { lifecycleRoutes } from "./broadcasts/lifecycle.ts";
import { broadcastRoutes } from "./broadcasts/routes.ts";
import { consentRoutes } from "./consents/routes.ts";
import { answer, json } from "./http/answer.ts";
import { createApiDocument } from "./http/document.ts";
import { type Route, route } from "./http/route.ts";
import { createRouter } from "./http/router.ts";
import { listRoutes } from "./lists/routes.ts";
import { subscriberRoutes } from "./lists/subscribers.ts";
import { notificationRoutes } from "./notifications/routes.ts";
import { heldBackRoutes } from "./numbers/held-back.ts";
import { numberRoutes } from "./numbers/routes.ts";
import { personRoutes } from "./persons/routes.ts";
import { publicationRoutes } from "./publications/routes.ts";
import { secretRoutes } from "./secrets/routes.ts";
import { chatRoutes } from "./senders/chat-export.ts";
import { senderRoutes } from "./senders/routes.ts";
import { subscriptionRoutes } from "./senders/subscriptions.ts";
import { publishableTopics, topicRoutes } from "./topics/routes.ts";
import { testerRoutes } from "./topics/testers.ts";
import { turnRoutes } from "./turns/routes.ts";

const apiDocumentOf = memoizeLast(createApiDocument);

/** Every route of the admin API, in the order of its document. */
export const adminRoutes: readonly Route[] = [
  ...accountRoutes,
  ...refusalRoutes,
  ...numberRoutes,
  ...heldBackRoutes,
  ...applicationRoutes,
  ...publicationRoutes(publishableApplications),
  ...dryRunRoutes,
  ...topicRoutes,
  ...publicationRoutes(publishableTopics),
  ...testerRoutes,
  ...secretRoutes,
  ...listRoutes,
  ...subscriberRoutes,
  ...notificationRoutes,
  ...broadcastRoutes,
  ...lifecycleRoutes,
  ...deadLetterRoutes,
  ...personRoutes,
  ...senderRoutes,
  ...chatRoutes,
  ...subscriptionRoutes,
  ...consentRoutes,
  ...turnRoutes,
  route({
    tag: "API",
    method: "get",
    path: "/v1/openapi.json",
    operationId: "getOpenApiDocument",
    summary: "Get this document",
    access: "public",
    responses: { 200: json("This OpenAPI document.", z.record(z.string(), z.unknown())) },
    handle: async (_, c) =>
      answer(200, { ...apiDocumentOf(adminRoutes), servers: [{ url: new URL(c.req.url).origin }] }),
  }),
];

/** The admin API: JSON, protected by one key. */
export const admin = createRouter(adminRoutes);
