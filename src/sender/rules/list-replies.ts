import { render } from "../../assistants/render.ts";
import { twilioWord } from "../../consent/carrier.ts";
import type { Answering } from "../../contract/assistant.ts";
import { LIST_QUESTION_MILLISECONDS } from "../../core/limits/notify.ts";
import { languageAmong } from "../../languages/catalog.ts";
import type { MessageName } from "../../languages/language.ts";
import { listsFor, type ReadyList } from "../../notify/list.ts";
import { type ListQuestion, type Status, statusOf, subscribed, type Wish } from "../../notify/subscriptions.ts";
import { type ListWord, listAnswer, listWord } from "../../notify/words.ts";
import { wordsIn } from "../../templates/wording.ts";
import type { Outcome, Scene } from "../model/context.ts";
import type { LinkedText } from "../model/inbound-text.ts";
import { isBusy } from "../model/line.ts";
import type { Line } from "../model/state.ts";
import { sidOf, textIn } from "../model/turn.ts";
import type { ConsentWord } from "./opt-out.ts";

/**
 * What a text asks of lists, whatever else is going on, gets its answer at once; an open conversation, its question too, stays as it is.
 * @param mayAnswer may the text be an answer to what we have asked?
 * @returns null where the text is about something else, or nothing may be said
 */
export function heardOfLists(scene: Scene, mayAnswer: boolean): Outcome | null {
  const { line, turn, world } = scene;
  const hasLists = (world.lists?.(turn.number) ?? []).length > 0;
  if (!hasLists || line.consent.status === "withdrawn") return null;
  const answering = world.answering(openIn(line), turn.number);
  if (answering === null) return null;
  const language = languageAmong(languageIn(scene, answering), answering.language);
  const lists = listsFor(scene);
  const word = listWord(textIn(turn), lists, language) ?? (mayAnswer ? answerIn(scene, lists, language) : null);
  return word === null ? null : new Talk(scene, answering, lists).hear(word);
}

/** While the assistant makes an answer, ours is not the latest question: texts wait for their turn. */
function answerIn(
  { line, turn, world }: Scene,
  lists: readonly ReadyList[],
  language: ReturnType<typeof languageAmong>,
): ListWord | null {
  const { listQuestion: question, conversation } = line;
  if (question === undefined || question.until <= world.now || isBusy(conversation)) return null;
  return listAnswer(textIn(turn), question, lists, language);
}

/** @returns the line without a question of ours: what comes now is the answer to something else */
export function withoutListQuestion<Own extends Pick<Line, "listQuestion">>(line: Own): Omit<Own, "listQuestion"> {
  const { listQuestion: _, ...rest } = line;
  return rest;
}

function openIn({ conversation }: Line) {
  return conversation.status === "open" ? conversation : null;
}

/** @returns the language of what is said on the line beside its assistant; a BCP 47 tag */
export function languageIn({ line }: Scene, answering: Answering): string {
  return openIn(line)?.language ?? line.language ?? answering.language;
}

/** How a list is shown in a message. */
interface Shown {
  readonly title: string;
  readonly on: boolean;
  readonly asked: boolean;
}

/** One text about lists, and what is said to it. */
class Talk {
  readonly #scene: Scene;
  readonly #answering: Answering;
  readonly #lists: readonly ReadyList[];
  readonly #language: string;

  constructor(scene: Scene, answering: Answering, lists: readonly ReadyList[]) {
    this.#scene = scene;
    this.#answering = answering;
    this.#lists = lists;
    this.#language = languageIn(scene, answering);
  }

  hear(word: ListWord): Outcome {
    switch (word.kind) {
      case "show":
        return this.#lists.length === 0
          ? this.#say(this.#line, "noLists")
          : this.#ask({ kind: "shown" }, "lists", { lists: this.#shown() });
      case "change":
        if (word.list === null) return this.#ask({ kind: "which", to: word.to }, "whichList", { lists: this.#shown() });
        return word.to === "on" ? this.#switchOn(word.list) : this.#change(word.list, "off");
      case "confirmed":
        return this.#change(word.list, word.yes ? "on" : "off");
    }
  }

  #switchOn(list: ReadyList): Outcome {
    const isNew = statusOf(this.#line, list) !== "on";
    if (!list.doubleOptIn || !isNew) return this.#change(list, "on");
    const line = subscribed(this.#line, list, this.#wish("asked"));
    return this.#ask({ kind: "confirm", list: list.id }, "confirmSubscription", this.#facts(list), line);
  }

  #change(list: ReadyList, to: "on" | "off"): Outcome {
    const line = subscribed(this.#line, list, this.#wish(to));
    return this.#say(line, to === "on" ? "subscribed" : "unsubscribed", this.#facts(list));
  }

  #ask(
    question: Pick<ListQuestion, "kind"> & Partial<ListQuestion>,
    message: MessageName,
    variables: Variables,
    line: Line = this.#line,
  ): Outcome {
    const until = this.#scene.world.now + LIST_QUESTION_MILLISECONDS;
    return this.#say({ ...line, listQuestion: { ...question, until } as ListQuestion }, message, variables);
  }

  #say(line: Line, message: MessageName, variables: Variables = {}): Outcome {
    const { turn } = this.#scene;
    const { smartEncoding, whenUnknown } = this.#answering;
    const text = this.#answering.message(message, this.#language, variables);
    const { contents, notes } = render(text === null ? [] : [{ kind: "text", text }], smartEncoding);
    const conversation = openIn(line)?.id ?? String(turn.id);
    return { line, conversation, contents, whenUnknown, notes: ["About notifications.", ...notes] };
  }

  /** START is an opt-in as well, where the person has said nothing before. */
  get #line(): Line {
    return withoutListQuestion(this.#scene.line);
  }

  #wish(to: Status): Wish {
    return { to, by: "person", proof: sidOf(this.#scene.turn), at: this.#scene.world.now };
  }

  #facts(list: ReadyList): Variables {
    return { list: this.#title(list), number: this.#lists.indexOf(list) + 1 };
  }

  #shown(): readonly Shown[] {
    return this.#lists.map((list) => {
      const status = statusOf(this.#line, list);
      return { title: this.#title(list), on: status === "on", asked: status === "asked" };
    });
  }

  #title({ title }: ReadyList): string {
    return wordsIn(title, this.#language, this.#answering.language);
  }
}

type Variables = Readonly<Record<string, unknown>>;

/**
 * A list that is named beside STOP is nobody else's business, and START may be both. STOP alone is the carrier's, and whatever else is as good
 * as that is no answer to a question about lists.
 * @returns what the text asks of our lists, or null where it asks nothing of them
 */
export function aboutLists(scene: Scene, { text, optOut }: LinkedText, said: ConsentWord | null): Outcome | null {
  if (optOut === "stop" || optOut === "help" || twilioWord(text) === "stop") return null;
  return heardOfLists(scene, said === null || said.word === "start");
}
