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
import { isBusy } from "../model/line.ts";
import type { Line } from "../model/state.ts";
import { getTurnSid, getTurnText } from "../model/turn.ts";
import type { ConsentKeyword } from "./opt-out.ts";

/**
 * What a text asks of lists, whatever else is going on, gets its answer at once; an open conversation, its question too, stays as it is.
 * @param mayAnswer may the text be an answer to what we have asked?
 * @returns null where the text is about something else, or nothing may be said
 */
export function answerListText(scene: TurnContext, mayAnswer: boolean): TurnOutcome | null {
  const { line, turn, world } = scene;
  const hasLists = (world.lists?.(turn.number) ?? []).length > 0;
  if (!hasLists || line.consent.status === "withdrawn") return null;
  const answering = world.findApplication(getOpenConversation(line), turn.number);
  if (answering === null) return null;
  const language = chooseLanguage(resolveLineLanguage(scene, answering), answering.language);
  const lists = findAvailableLists(scene);
  const word =
    parseListCommand(getTurnText(turn), lists, language) ?? (mayAnswer ? findListAnswer(scene, lists, language) : null);
  return word === null ? null : new ListDialog(scene, answering, lists).answerCommand(word);
}

/** While the assistant makes an answer, ours is not the latest question: texts wait for their turn. */
function findListAnswer(
  { line, turn, world }: TurnContext,
  lists: readonly ReadyList[],
  language: ReturnType<typeof chooseLanguage>,
): ListCommand | null {
  const { listQuestion: question, conversation } = line;
  if (question === undefined || question.until <= world.now || isBusy(conversation)) return null;
  return parseListAnswer(getTurnText(turn), question, lists, language);
}

/** @returns the line without a question of ours: what comes now is the answer to something else */
export function withoutListQuestion<Own extends Pick<Line, "listQuestion">>(line: Own): Omit<Own, "listQuestion"> {
  const { listQuestion: _, ...rest } = line;
  return rest;
}

function getOpenConversation({ conversation }: Line) {
  return conversation.status === "open" ? conversation : null;
}

/** @returns the language of what is said on the line beside its assistant; a BCP 47 tag */
export function resolveLineLanguage({ line }: TurnContext, answering: ReadyApplication): string {
  return getOpenConversation(line)?.language ?? line.language ?? answering.language;
}

/** How a list is shown in a message. */
interface ShownList {
  readonly title: string;
  readonly on: boolean;
  readonly asked: boolean;
}

/** One text about lists, and what is said to it. */
class ListDialog {
  readonly #scene: TurnContext;
  readonly #answering: ReadyApplication;
  readonly #lists: readonly ReadyList[];
  readonly #language: string;

  constructor(scene: TurnContext, answering: ReadyApplication, lists: readonly ReadyList[]) {
    this.#scene = scene;
    this.#answering = answering;
    this.#lists = lists;
    this.#language = resolveLineLanguage(scene, answering);
  }

  answerCommand(word: ListCommand): TurnOutcome {
    switch (word.kind) {
      case "show":
        return this.#lists.length === 0
          ? this.#sendMessage(this.#lineWithoutQuestion, "noLists")
          : this.#askQuestion({ kind: "shown" }, "lists", { lists: this.#toShownLists() });
      case "change":
        if (word.list === null)
          return this.#askQuestion({ kind: "which", to: word.to }, "whichList", { lists: this.#toShownLists() });
        return word.to === "on" ? this.#subscribeContact(word.list) : this.#changeList(word.list, "off");
      case "confirmed":
        return this.#changeList(word.list, word.yes ? "on" : "off");
    }
  }

  #subscribeContact(list: ReadyList): TurnOutcome {
    const isNew = getSubscriptionStatus(this.#lineWithoutQuestion, list) !== "on";
    if (!list.doubleOptIn || !isNew) return this.#changeList(list, "on");
    const line = changeSubscription(this.#lineWithoutQuestion, list, this.#createRequest("asked"));
    return this.#askQuestion(
      { kind: "confirm", list: list.id },
      "confirmSubscription",
      this.#listVariables(list),
      line,
    );
  }

  #changeList(list: ReadyList, to: "on" | "off"): TurnOutcome {
    const line = changeSubscription(this.#lineWithoutQuestion, list, this.#createRequest(to));
    return this.#sendMessage(line, to === "on" ? "subscribed" : "unsubscribed", this.#listVariables(list));
  }

  #askQuestion(
    question: Pick<ListQuestion, "kind"> & Partial<ListQuestion>,
    message: MessageName,
    variables: MessageVariables,
    line: Line = this.#lineWithoutQuestion,
  ): TurnOutcome {
    const until = this.#scene.world.now + LIST_QUESTION_MILLISECONDS;
    return this.#sendMessage({ ...line, listQuestion: { ...question, until } as ListQuestion }, message, variables);
  }

  #sendMessage(line: Line, message: MessageName, variables: MessageVariables = {}): TurnOutcome {
    const { turn } = this.#scene;
    const { smartEncoding, whenUnknown } = this.#answering;
    const text = this.#answering.message(message, this.#language, variables);
    const { contents, notes } = renderAnswers(text === null ? [] : [{ kind: "text", text }], smartEncoding);
    const conversation = getOpenConversation(line)?.id ?? String(turn.id);
    return { line, conversation, contents, whenUnknown, notes: ["About notifications.", ...notes] };
  }

  /** START is an opt-in as well, where the person has said nothing before. */
  get #lineWithoutQuestion(): Line {
    return withoutListQuestion(this.#scene.line);
  }

  #createRequest(to: SubscriptionStatus): SubscriptionRequest {
    return { to, by: "person", proof: getTurnSid(this.#scene.turn), at: this.#scene.world.now };
  }

  #listVariables(list: ReadyList): MessageVariables {
    return { list: this.#listTitle(list), number: this.#lists.indexOf(list) + 1 };
  }

  #toShownLists(): readonly ShownList[] {
    return this.#lists.map((list) => {
      const status = getSubscriptionStatus(this.#lineWithoutQuestion, list);
      return { title: this.#listTitle(list), on: status === "on", asked: status === "asked" };
    });
  }

  #listTitle({ title }: ReadyList): string {
    return localizeText(title, this.#language, this.#answering.language);
  }
}

type MessageVariables = Readonly<Record<string, unknown>>;

/**
 * A list that is named beside STOP is nobody else's business, and START may be both. STOP alone is the carrier's, and whatever else is as good
 * as that is no answer to a question about lists.
 * @returns what the text asks of our lists, or null where it asks nothing of them
 */
export function replyToListText(
  scene: TurnContext,
  { text, optOut }: LinkedText,
  said: ConsentKeyword | null,
): TurnOutcome | null {
  if (optOut === "stop" || optOut === "help" || parseTwilioKeyword(text) === "stop") return null;
  return answerListText(scene, said === null || said.word === "start");
}
