import { playPassages, writePlayedChat } from "../../src/chats/compare.ts";
import { parseChat } from "../../src/chats/parse.ts";
import { type ChatParticipants, createChatProgress, findParticipants } from "../../src/chats/play.ts";
import { createMessages, type MessageSettings } from "../../src/configuration/automated-messages.ts";
import type { IdentityRules, ReadyApplication } from "../../src/contract/assistant.ts";
import { type NamedTopic, topicSchema } from "../../src/topics/definition.ts";
import { createTopicsAssistant } from "../../src/topics/engine.ts";
import type { InboundText } from "../../src/twilio/inbound-text.ts";

/** Plays a conversation written as text, and returns it as it really went: equal texts mean that it went as written. */
export function playChat(written: string, application: ReadyApplication, more: Partial<ChatParticipants> = {}): string {
  const parsed = parseChat(written);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.failure));
  const entries = parsed.value.map(({ entry }) => entry);
  return writePlayedChat(
    playPassages(parsed.value, createChatProgress(entries), {
      ...findParticipants(entries, () => application),
      ...more,
    }),
  );
}

export function inbound(count: number, text: string): InboundText {
  return {
    sid: `SM${String(count).padStart(32, "0")}`,
    accountSid: `AC${"0".repeat(32)}`,
    from: "+12025550140",
    to: "+12025550100",
    text,
    media: [],
    segments: 1,
    optOut: null,
  };
}

/** Without words for it. */
const NO_LINKING: IdentityRules = {
  by: "text",
  codeByText: true,
  keepDays: 30,
  wish: () => null,
  isLeaving: (text) => text.trim().toLowerCase() === "exit",
  exit: () => "EXIT",
};

/** An application over topics, as the configuration would make it. */
export function answeringWith(
  topics: readonly NamedTopic[],
  { messages = {}, ...settings }: Partial<ReadyApplication> & { readonly messages?: MessageSettings } = {},
): ReadyApplication {
  return {
    id: "sample",
    name: "Sample",
    publication: 1,
    language: "en",
    zone: "UTC",
    inboundOpens: true,
    idleSeconds: 3_600,
    failure: "We're sorry, but we can't respond to your message.",
    message: createMessages({ name: "Sample", language: "en", messages }),
    hours: null,
    allowedHosts: [],
    whenUnknown: "hold",
    smartEncoding: false,
    momentSeconds: null,
    whenBusy: "one-by-one",
    signature: null,
    linking: NO_LINKING,
    assistant: createTopicsAssistant(topics),
    ...settings,
  };
}

/** A topic as an admin would write it. @throws where it does not fit the schema */
export function topic(id: string, document: object): NamedTopic {
  return { ...topicSchema.parse({ title: id, ...document }), id };
}
