import * as z from "zod/mini";
import { slug } from "../../schema/ids.ts";
import { named } from "../../schema/named.ts";
import { topicSchema } from "../../topics/definition.ts";
import { times, warnings } from "../http/schema.ts";
import { published } from "../publications/schema.ts";

export const topicBody = named("TopicBody", topicSchema);

export const TOPIC_EXAMPLE = {
  title: "Pizza",
  keywords: ["pizza"],
  steps: [
    { kind: "ask", id: "kind", text: "Which pizza would you like?", save: "pizza" },
    { kind: "say", id: "done", text: "One {{ pizza }} is on its way." },
  ],
};

export const topicResource = named(
  "Topic",
  z.extend(topicSchema, {
    id: slug,
    published,
    draft: z.boolean().check(z.describe("Whether the saved document differs from the published one")),
    ...times,
  }),
);

/** What saving a topic answers. */
export const savedTopic = named("SavedTopic", z.extend(topicResource, { warnings }));

export const testerResource = named(
  "Tester",
  z.strictObject({ phone: z.string(), startedAt: z.iso.datetime(), expiresAt: z.iso.datetime() }),
);
