import type {
  AssistantAnswer,
  AssistantContext,
  AssistantReply,
  RequestedSubscription,
  TextEvent,
  WaitRequest,
} from "../contract/assistant.ts";
import type { JsonValue } from "../core/json.ts";
import { REQUESTS_IN_A_ROW, STEPS_PER_TURN, TOPIC_RETURN_DEPTH, TRAIL_QUESTIONS } from "../core/limits/topics.ts";
import { chooseLanguage } from "../languages/catalog.ts";
import type { MessageName } from "../languages/language.ts";
import { localizeText } from "../templates/localized-text.ts";
import type { TemplateScope } from "../templates/template.ts";
import { findStep, type StepPlace, type TopicLibrary, toStepPosition } from "./library.ts";
import type { AnsweredQuestion, StepPosition, TopicMemory, TopicWait } from "./memory.ts";
import { findStepKind } from "./steps/catalog.ts";
import { type SilenceRules, type StepContext, type StepOutcome, toTextAnswers } from "./steps/step-kind.ts";
import { ConversationVariables } from "./variables.ts";

type TextInput = Pick<TextEvent, "text" | "media">;

/** One event on its way through the steps. */
export class TopicRun {
  readonly library: TopicLibrary;
  readonly #setting: AssistantContext;
  readonly #input: TextInput;
  readonly #variables: ConversationVariables;
  #returns: readonly StepPosition[];
  #trail: readonly AnsweredQuestion[];
  readonly #answers: AssistantAnswer[] = [];
  readonly #notes: string[] = [];
  #subscribes: readonly RequestedSubscription[] = [];
  #steps = 0;
  readonly #requestCount: number;
  /** What templates and steps see, until a variable changes. */
  #scope: TemplateScope | null = null;
  #context: StepContext | null = null;
  #person: AssistantContext["person"];
  #unlinks = false;

  /** @param asked how many requests have been made without waiting for the person */
  constructor(library: TopicLibrary, heard: TextInput, setting: AssistantContext, memory: TopicMemory, asked = 0) {
    this.library = library;
    this.#input = heard;
    this.#setting = setting;
    this.#person = setting.person;
    this.#variables = new ConversationVariables(memory.variables);
    this.#returns = memory.returns;
    this.#trail = memory.trail;
    this.#requestCount = asked;
  }

  get trail(): readonly AnsweredQuestion[] {
    return this.#trail;
  }

  /** Walks from a step until one waits, the topics are over or the conversation ends. */
  runSteps(place: StepPlace): AssistantReply {
    const step = findStep(place);
    if (step === null) return this.returnToTopic();
    if (this.isLinkRequired(place)) return this.requestIdentityCheck(place);
    this.#steps += 1;
    if (this.#steps > STEPS_PER_TURN)
      throw new RangeError(`topic ${place.topic.id} took ${STEPS_PER_TURN} steps without waiting`);
    return this.followOutcome(place, findStepKind(step).enter(step, this.getContext()));
  }

  /** Starts a topic by the person's wish: what was begun before is left, but `back` leads to its last question. */
  startTopic(topic: string): AssistantReply {
    const begun = this.library.findTopic(topic);
    this.#returns = [];
    return begun === null
      ? this.createReply(null, this.renderMessage("notUnderstood"))
      : this.runSteps({ topic: begun, at: 0 });
  }

  /** Does what a step wants. */
  followOutcome(place: StepPlace, outcome: StepOutcome): AssistantReply {
    switch (outcome.kind) {
      case "go": {
        const isKept = outcome.variables === undefined || this.keepVariables(outcome.variables);
        this.#addSubscription(outcome.subscribes);
        this.addAnswers(outcome.answers);
        return this.runSteps(this.library.nextPlace(place, isKept ? outcome.to : (outcome.unkept ?? outcome.to)));
      }
      case "wait":
      case "unclear":
        for (const note of outcome.notes ?? []) this.addNote(note);
        if (outcome.kind === "wait") this.#addSubscription(outcome.subscribes);
        this.addAnswers(outcome.answers);
        return this.waitForText(place, outcome.state ?? null);
      case "request":
        return this.#waitForResult(place, outcome, { kind: "request", request: outcome.request });
      case "file":
        return this.#waitAtStep(place, outcome, { kind: "file", index: outcome.index });
      case "link":
        return this.#waitForResult(place, outcome, { kind: "link", by: outcome.by });
      case "pause":
        return this.#waitAtStep(place, outcome, { kind: "pause", seconds: outcome.seconds });
      case "topic":
        return this.#goToTopic(place, outcome.topic, outcome.returns);
      case "end":
        return this.library.options.isGuest === true
          ? this.createReply(null, outcome.answers)
          : this.endConversation(outcome.answers);
    }
  }

  /** The conversation waits at a step for the person, who is reminded when they are silent. */
  waitForText(place: StepPlace, state: JsonValue): AssistantReply {
    return this.createReply({ ...toStepPosition(place), state }, [], {
      kind: "text",
      silentAfter: findSilence(place)?.after ?? null,
    });
  }

  /** The person has been reminded, and is waited for again. @param silentAfter seconds; null: for ever */
  waitAgain(place: StepPlace, state: JsonValue, silentAfter: number | null): AssistantReply {
    return this.createReply({ ...toStepPosition(place), state, reminded: true }, [], { kind: "text", silentAfter });
  }

  /** It is over for now. @param at what the person's next text is an answer to */
  createReply(
    at: TopicWait,
    answers: readonly AssistantAnswer[] = [],
    awaits: WaitRequest = { kind: "text", silentAfter: null },
  ): AssistantReply {
    const variables = this.#variables.all;
    const memory: TopicMemory = { variables, at, returns: this.#returns, trail: this.#trail };
    const { language } = this.#variables;
    return {
      answers: [...this.#answers, ...answers],
      memory: memory as unknown as JsonValue,
      notes: this.#notes,
      awaits,
      ...(this.#subscribes.length === 0 ? {} : { subscribes: this.#subscribes }),
      ...(language === null ? {} : { language }),
      ...(this.#unlinks ? { unlinks: true } : {}),
    };
  }

  /** Is the place in a topic that is not for guests? */
  isLinkRequired({ topic }: StepPlace): boolean {
    return topic.requires === "linked" && this.#person === null;
  }

  /** The person is asked who they are; then the conversation goes on at a step. */
  requestIdentityCheck(place: StepPlace): AssistantReply {
    return this.createReply({ onceLinked: toStepPosition(place) }, [], { kind: "link" });
  }

  /** From now on the person is a guest. */
  unlinkContact(): void {
    this.#person = null;
    this.#unlinks = true;
    this.#clearCaches();
  }

  get isLinked(): boolean {
    return this.#person !== null;
  }

  endConversation(answers: readonly AssistantAnswer[]): AssistantReply {
    return this.createReply(null, answers, { kind: "end" });
  }

  addAnswers(answers: readonly AssistantAnswer[]): void {
    this.#answers.push(...answers);
  }

  addNote(note: string): void {
    this.#notes.push(note);
  }

  renderMessage(name: MessageName, variables?: Readonly<Record<string, string | number>>): readonly AssistantAnswer[] {
    const seen = variables === undefined ? this.#getScope() : { ...this.#getScope(), ...variables };
    return toTextAnswers(this.#setting.message(name, this.language, seen) ?? "");
  }

  /** The conversation's language, a BCP 47 tag. */
  get language(): string {
    return this.#variables.language ?? this.#setting.language;
  }

  /** A question has been answered: `back` leads to it. */
  rememberQuestion(place: StepPlace): void {
    const returns = this.#returns.length === 0 ? {} : { returns: this.#returns };
    this.#trail = [...this.#trail, { ...toStepPosition(place), ...returns }].slice(-TRAIL_QUESTIONS);
  }

  /** Goes back before the last question that can still be asked. @returns null where there is none */
  goBack(): StepPlace | null {
    for (let last = this.#trail.at(-1); last !== undefined; last = this.#trail.at(-1)) {
      this.#trail = this.#trail.slice(0, -1);
      const place = this.library.findPlace(last);
      if (place === null) continue;
      this.#returns = last.returns ?? [];
      return place;
    }
    return null;
  }

  getContext(): StepContext {
    this.#context ??= this.#createContext();
    return this.#context;
  }

  #createContext(): StepContext {
    const { language } = this;
    const { templates } = this.library;
    const { language: usual, lists = [], zone, now } = this.#setting;
    const getScope = (): TemplateScope => this.#getScope();
    return {
      render: (words, more) =>
        templates.render(
          localizeText(words, language, usual),
          more === undefined ? getScope : () => ({ ...getScope(), ...more }),
        ),
      renderUrl: (template) => templates.renderUrl(template, getScope),
      isTrue: (condition) => templates.isTrue(condition, getScope),
      message: (name, variables) => this.renderMessage(name, variables),
      language: chooseLanguage(language, usual),
      tag: language,
      list: (id) => lists.find((list) => list.id === id) ?? null,
      zone,
      value: (name) => this.#variables.all[name],
      isLinked: this.isLinked,
      now,
    };
  }

  #getScope(): TemplateScope {
    this.#scope ??= this.#createScope();
    return this.#scope;
  }

  #createScope(): TemplateScope {
    const { sender, number, application, zone, now } = this.#setting;
    const { text, media } = this.#input;
    const conversation = { language: this.language };
    return {
      ...this.#variables.all,
      sender,
      person: this.#person,
      number,
      now: new Date(now).toISOString(),
      application,
      conversation,
      zone,
      text,
      media,
    };
  }

  /** @returns whether all of them are kept */
  keepVariables(variables: Readonly<Record<string, JsonValue>>): boolean {
    const problems = this.#variables.keepValues(variables);
    this.#notes.push(...problems);
    this.#clearCaches();
    return problems.length === 0;
  }

  /** What was seen is not so any more. */
  #clearCaches(): void {
    this.#scope = null;
    this.#context = null;
  }

  #waitForResult(
    place: StepPlace,
    { answers, state }: { answers: readonly AssistantAnswer[]; state?: JsonValue },
    awaits: WaitRequest,
  ): AssistantReply {
    const asked = this.#requestCount + 1;
    if (asked > REQUESTS_IN_A_ROW)
      throw new RangeError(`topic ${place.topic.id} made ${REQUESTS_IN_A_ROW} requests without waiting`);
    return this.createReply({ ...toStepPosition(place), state: state ?? null, asked }, answers, awaits);
  }

  #addSubscription(subscribing: RequestedSubscription | undefined): void {
    if (subscribing !== undefined) this.#subscribes = [...this.#subscribes, subscribing];
  }

  #waitAtStep(
    place: StepPlace,
    { answers, state }: { answers: readonly AssistantAnswer[]; state?: JsonValue },
    awaits: WaitRequest,
  ): AssistantReply {
    return this.createReply({ ...toStepPosition(place), state: state ?? null }, answers, awaits);
  }

  #goToTopic(place: StepPlace, id: string, returns: boolean): AssistantReply {
    const topic = this.library.findTopic(id);
    if (topic === null) throw new RangeError(`topic ${place.topic.id} goes to ${id}, which is not there`);
    const below = { topic: place.topic, at: place.at + 1 };
    // Where nothing follows there is nothing to come back to: two topics may go into one another for ever.
    if (returns && findStep(below) !== null) this.#returns = [...this.#returns, toStepPosition(below)];
    if (!returns) this.#returns = [];
    if (this.#returns.length > TOPIC_RETURN_DEPTH)
      throw new RangeError(`topics went ${TOPIC_RETURN_DEPTH} deep into one another, at ${place.topic.id}`);
    return this.runSteps({ topic, at: 0 });
  }

  /** A topic is over: on where it was gone into. */
  returnToTopic(): AssistantReply {
    const last = this.#returns.at(-1);
    if (last === undefined) return this.createReply(null);
    this.#returns = this.#returns.slice(0, -1);
    const place = this.library.findPlace(last);
    return place === null ? this.returnToTopic() : this.runSteps(place);
  }
}

export function findSilence(place: StepPlace): SilenceRules | undefined {
  const step = findStep(place);
  return step !== null && "silence" in step ? step.silence : undefined;
}
