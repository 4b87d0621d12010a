import type { AssistantList, AssistantReply, ReadyApplication } from "../../contract/assistant.ts";
import { findAvailableLists } from "../../notify/list.ts";
import { changeSubscription, getSubscriptionStatus } from "../../notify/subscriptions.ts";
import { localizeText } from "../../templates/localized-text.ts";
import type { TurnContext } from "../model/context.ts";
import type { Line } from "../model/state.ts";
import { getTurnSid } from "../model/turn.ts";

/** What the assistant has made of the person's lists. */
export function applySubscriptions({ line, turn, world }: TurnContext, { subscribes = [] }: AssistantReply): Line {
  const lists = world.lists?.(turn.number) ?? [];
  return subscribes.reduce((changed, { list: id, to }) => {
    const list = lists.find((each) => each.id === id);
    const wish = { to, by: "person", proof: getTurnSid(turn), at: world.now } as const;
    return list === undefined ? changed : changeSubscription(changed, list, wish);
  }, line);
}

/** The language that the person speaks outlives the conversation, for what we begin. */
export function rememberLanguage(line: Line, { language }: AssistantReply): Line {
  return language === undefined || language === line.language ? line : { ...line, language };
}

/** @returns the lists of a scene, as its assistant gets them */
export function listsForAssistant(
  scene: TurnContext,
  language: string,
  answering: Pick<ReadyApplication, "language">,
): readonly AssistantList[] {
  return findAvailableLists(scene).map((list, index) => ({
    id: list.id,
    title: localizeText(list.title, language, answering.language),
    place: index + 1,
    on: getSubscriptionStatus(scene.line, list) === "on",
    doubleOptIn: list.doubleOptIn,
  }));
}
