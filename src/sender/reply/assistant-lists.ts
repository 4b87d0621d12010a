import type { AssistantList, AssistantReply, ReadyApplication } from "../../contract/assistant.ts";
import { findAvailableLists } from "../../notify/list.ts";
import { changeSubscription, getSubscriptionStatus } from "../../notify/subscriptions.ts";
import { localizeText } from "../../templates/localized-text.ts";
import type { TurnContext } from "../model/context.ts";
import type { Line } from "../model/state.ts";
import { getTurnSid } from "../model/turn.ts";

/** Applies the subscription changes that the assistant decided. */
export function applySubscriptions({ line, turn, context }: TurnContext, { subscribes = [] }: AssistantReply): Line {
  const lists = context.lists?.(turn.number) ?? [];
  return subscribes.reduce((changed, { list: id, to }) => {
    const list = lists.find((each) => each.id === id);
    const request = { to, by: "person", proof: getTurnSid(turn), at: context.now } as const;
    return list === undefined ? changed : changeSubscription(changed, list, request);
  }, line);
}

/** Keeps the contact's language beyond the conversation, for later notices. */
export function rememberLanguage(line: Line, { language }: AssistantReply): Line {
  return language === undefined || language === line.language ? line : { ...line, language };
}

/** @returns the lists that the contact may have, in the shape for assistants */
export function toAssistantLists(
  turnContext: TurnContext,
  language: string,
  application: Pick<ReadyApplication, "language">,
): readonly AssistantList[] {
  return findAvailableLists(turnContext).map((list, index) => ({
    id: list.id,
    title: localizeText(list.title, language, application.language),
    place: index + 1,
    on: getSubscriptionStatus(turnContext.line, list) === "on",
    doubleOptIn: list.doubleOptIn,
  }));
}
