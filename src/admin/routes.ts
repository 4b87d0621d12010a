import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { ADMIN_BODY_BYTES } from "../core/limits/admin.ts";
import { createProblem, toProblemResponse } from "../core/problem-document.ts";
import { accountRoutes } from "./accounts.ts";
import { dryRunRoutes } from "./application-trials.ts";
import { applicationRoutes, publishableApplications } from "./applications.ts";
import { broadcastRoutes } from "./broadcasts.ts";
import { chatRoutes } from "./chats.ts";
import { consentRoutes, senderConsentRoutes } from "./consents.ts";
import { heldBackRoutes } from "./held-back.ts";
import { requireAdminKey } from "./key.ts";
import { listRoutes } from "./lists.ts";
import { notificationRoutes } from "./notifications.ts";
import { numberRoutes } from "./numbers.ts";
import { openApiDocument } from "./openapi.ts";
import { personRoutes } from "./persons.ts";
import { publicationRoutes } from "./publications.ts";
import { refusalRoutes } from "./refusals.ts";
import { secretRoutes } from "./secrets.ts";
import { senderRoutes } from "./senders.ts";
import { subscriberRoutes } from "./subscribers.ts";
import { subscriptionRoutes } from "./subscriptions.ts";
import { publishableTopics, topicRoutes } from "./topics.ts";
import { testerRoutes } from "./trials.ts";
import { turnRoutes } from "./turns.ts";

/** The admin API: JSON, behind one key. */
export const admin = new Hono<{ Bindings: Env }>();

admin.get("/openapi.json", (c) => c.json(openApiDocument(new URL(c.req.url).origin)));

admin.use(
  bodyLimit({
    maxSize: ADMIN_BODY_BYTES,
    onError: () => toProblemResponse(createProblem(413, `A body has at most ${ADMIN_BODY_BYTES} bytes.`)),
  }),
);
// Assistants have keys of their own.
admin.route("/turns", turnRoutes);
admin.use(requireAdminKey);
admin.route("/accounts", accountRoutes);
admin.route("/accounts", refusalRoutes);
admin.route("/numbers", numberRoutes);
admin.route("/numbers", heldBackRoutes);
admin.route("/applications", applicationRoutes);
admin.route("/applications", publicationRoutes(publishableApplications));
admin.route("/applications", dryRunRoutes);
admin.route("/topics", topicRoutes);
admin.route("/topics", publicationRoutes(publishableTopics));
admin.route("/topics", testerRoutes);
admin.route("/secrets", secretRoutes);
admin.route("/persons", personRoutes);
admin.route("/senders", senderRoutes);
admin.route("/senders", chatRoutes);
admin.route("/senders", subscriptionRoutes);
admin.route("/lists", listRoutes);
admin.route("/lists", subscriberRoutes);
admin.route("/broadcasts", broadcastRoutes);
admin.route("/notifications", notificationRoutes);
admin.route("/senders", senderConsentRoutes);
admin.route("/consents", consentRoutes);
