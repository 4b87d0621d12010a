import { renderAnswers } from "../../assistants/message-content.ts";
import { parseTwilioKeyword } from "../../consent/carrier-keywords.ts";
import type { ReadyApplication } from "../../contract/assistant.ts";
import { LIST_QUESTION_MILLISECONDS } from "../../core/limits/notify.ts";
import { chooseLanguage } from "../../languages/catalog.ts";
import type { MessageName } from "../../languages/language.ts";
import { findAvailableLists, type ReadyList } from "../../notify/list.ts";
import { type ListCommand, parseListAnswer, parseListCommand } from "../../notify/list-keywords.ts";
import {
  changeSubscription,
  getSubscriptionStatus,
  type ListQuestion,
  type SubscriptionRequest,
  type SubscriptionStatus,
} from "../../notify/subscriptions.ts";
import { localizeText } from "../../templates/localized-text.ts";
import type { TurnContext, TurnOutcome } from "../model/context.ts";
import type { LinkedText } from "../model/inbound-text.ts";
import { getOpenConversation, isBusy, withoutListQuestion } from "../model/line.ts";
import type { Line } from "../model/state.ts";
import { getTurnSid, getTurnText } from "../model/turn.ts";
import type { ConsentKeyword } from "./opt-out.ts";

/**
 * Replies to a text about lists at once, whatever else is going on. An open conversation, with its question, stays as
 * it is.
 * @param mayAnswer whether the text may answer Parley's question about a list
 * @returns null if the text is about something else, or the contact has opted out
 */
export function answerListText(turnContext: TurnContext, mayAnswer: boolean): TurnOutcome | null {
  const { line, turn, context } = turnContext;
  const hasLists = (context.lists?.(turn.number) ?? []).length > 0;
  if (!hasLists || line.consent.status === "withdrawn") return null;
  const application = context.findApplication(getOpenConversation(line), turn.number);
  if (application === null) return null;
  const language = chooseLanguage(resolveLineLanguage(turnContext, application), application.language);
  const lists = findAvailableLists(turnContext);
  const command =
    parseListCommand(getTurnText(turn), lists, language) ??
    (mayAnswer ? findListAnswer(turnContext, lists, language) : null);
  return command === null ? null : new ListDialog(turnContext, application, lists).answerCommand(command);
}

/** While the assistant is busy, Parley's question is not the latest one, and texts wait. */
function findListAnswer(
  { line, turn, context }: TurnContext,
  lists: readonly ReadyList[],
  language: ReturnType<typeof chooseLanguage>,
): ListCommand | null {
  const { listQuestion: question, conversation } = line;
  if (question === undefined || question.until <= context.now || isBusy(conversation)) return null;
  return parseListAnswer(getTurnText(turn), question, lists, language);
}

/** @returns the language for messages that the assistant does not write; a BCP 47 tag */
export function resolveLineLanguage({ line }: TurnContext, application: ReadyApplication): string {
  return getOpenConversation(line)?.language ?? line.language ?? application.language;
}

/** A list as a variable of an automated message. */
interface ShownList {
  readonly title: string;
  readonly on: boolean;
  readonly asked: boolean;
}

/** Replies to one text about lists. */
class ListDialog {
  readonly #turnContext: TurnContext;
  readonly #application: ReadyApplication;
  readonly #lists: readonly ReadyList[];
  readonly #language: string;

  constructor(turnContext: TurnContext, application: ReadyApplication, lists: readonly ReadyList[]) {
    this.#turnContext = turnContext;
    this.#application = application;
    this.#lists = lists;
    this.#language = resolveLineLanguage(turnContext, application);
  }

  answerCommand(command: ListCommand): TurnOutcome {
    switch (command.kind) {
      case "show":
        return this.#lists.length === 0
          ? this.#sendMessage(this.#lineWithoutQuestion, "noLists")
          : this.#askQuestion({ kind: "shown" }, "lists", { lists: this.#toShownLists() });
      case "change":
        if (command.list === null)
          return this.#askQuestion({ kind: "which", to: command.to }, "whichList", { lists: this.#toShownLists() });
        return command.to === "on" ? this.#subscribeContact(command.list) : this.#changeList(command.list, "off");
      case "confirmed":
        return this.#changeList(command.list, command.yes ? "on" : "off");
    }
  }

  #subscribeContact(list: ReadyList): TurnOutcome {
    const isNew = getSubscriptionStatus(this.#lineWithoutQuestion, list) !== "on";
    if (!list.doubleOptIn || !isNew) return this.#changeList(list, "on");
    const line = changeSubscription(this.#lineWithoutQuestion, list, this.#createRequest("asked"));
    return this.#askQuestion(
      { kind: "confirm", list: list.id },
      "confirmSubscription",
      this.#createVariables(list),
      line,
    );
  }

  #changeList(list: ReadyList, to: "on" | "off"): TurnOutcome {
    const line = changeSubscription(this.#lineWithoutQuestion, list, this.#createRequest(to));
    return this.#sendMessage(line, to === "on" ? "subscribed" : "unsubscribed", this.#createVariables(list));
  }

  #askQuestion(
    question: Pick<ListQuestion, "kind"> & Partial<ListQuestion>,
    message: MessageName,
    variables: MessageVariables,
    line: Line = this.#lineWithoutQuestion,
  ): TurnOutcome {
    const until = this.#turnContext.context.now + LIST_QUESTION_MILLISECONDS;
    return this.#sendMessage({ ...line, listQuestion: { ...question, until } as ListQuestion }, message, variables);
  }

  #sendMessage(line: Line, message: MessageName, variables: MessageVariables = {}): TurnOutcome {
    const { turn } = this.#turnContext;
    const { smartEncoding, whenUnknown } = this.#application;
    const text = this.#application.message(message, this.#language, variables);
    const { contents, notes } = renderAnswers(text === null ? [] : [{ kind: "text", text }], smartEncoding);
    const conversation = getOpenConversation(line)?.id ?? String(turn.id);
    return {
      line,
      conversation,
      contents,
      whenUnknown,
      notes: ["Answered by Parley: the text is about a list.", ...notes],
    };
  }

  get #lineWithoutQuestion(): Line {
    return withoutListQuestion(this.#turnContext.line);
  }

  #createRequest(to: SubscriptionStatus): SubscriptionRequest {
    return { to, by: "person", proof: getTurnSid(this.#turnContext.turn), at: this.#turnContext.context.now };
  }

  #createVariables(list: ReadyList): MessageVariables {
    return { list: this.#localizeTitle(list), number: this.#lists.indexOf(list) + 1 };
  }

  #toShownLists(): readonly ShownList[] {
    return this.#lists.map((list) => {
      const status = getSubscriptionStatus(this.#lineWithoutQuestion, list);
      return { title: this.#localizeTitle(list), on: status === "on", asked: status === "asked" };
    });
  }

  #localizeTitle({ title }: ReadyList): string {
    return localizeText(title, this.#language, this.#application.language);
  }
}

type MessageVariables = Readonly<Record<string, unknown>>;

/**
 * Replies to a text about lists. `STOP news` and `START news` concern only that list, and a bare START may opt in and
 * also answer a question about a list. A bare STOP belongs to the carrier, and other keywords do not answer a question
 * about a list.
 * @returns null if the text is not about lists
 */
export function replyToListText(
  turnContext: TurnContext,
  { text, optOut }: LinkedText,
  keyword: ConsentKeyword | null,
): TurnOutcome | null {
  if (optOut === "stop" || optOut === "help" || parseTwilioKeyword(text) === "stop") return null;
  return answerListText(turnContext, keyword === null || keyword.word === "start");
}
