import { asItWent, play } from "../../src/chats/compare.ts";
import { parseChat } from "../../src/chats/parse.ts";
import { beginningOf, type Cast, castOf } from "../../src/chats/play.ts";
import { type MessageSettings, messagesOf } from "../../src/configuration/messages.ts";
import type { Answering, LinkingRules } from "../../src/contract/assistant.ts";
import { type NamedTopic, topicSchema } from "../../src/topics/definition.ts";
import { topicsAssistant } from "../../src/topics/engine.ts";
import type { InboundText } from "../../src/twilio/inbound.ts";

/** Plays a conversation written as text, and returns it as it really went: equal texts mean that it went as written. */
export function playChat(written: string, answering: Answering, more: Partial<Cast> = {}): string {
  const parsed = parseChat(written);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.failure));
  const entries = parsed.value.map(({ entry }) => entry);
  return asItWent(play(parsed.value, beginningOf(entries), { ...castOf(entries, () => answering), ...more }));
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
const NO_LINKING: LinkingRules = {
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
  { messages = {}, ...settings }: Partial<Answering> & { readonly messages?: MessageSettings } = {},
): Answering {
  return {
    id: "sample",
    name: "Sample",
    publication: 1,
    language: "en",
    zone: "UTC",
    inboundOpens: true,
    idleSeconds: 3_600,
    failure: "We're sorry, but we can't respond to your message.",
    message: messagesOf({ name: "Sample", language: "en", messages }),
    hours: null,
    allowedHosts: [],
    whenUnknown: "hold",
    smartEncoding: false,
    momentSeconds: null,
    whenBusy: "one-by-one",
    signature: null,
    linking: NO_LINKING,
    assistant: topicsAssistant(topics),
    ...settings,
  };
}

/** A topic as an admin would write it. @throws where it does not fit the schema */
export function topic(id: string, document: object): NamedTopic {
  return { ...topicSchema.parse({ title: id, ...document }), id };
}
