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

/** The input of a run. */
export interface TopicRunInput {
  readonly library: TopicLibrary;
  /** The contact's text; empty for events without one. */
  readonly input: TextInput;
  readonly context: AssistantContext;
  readonly memory: TopicMemory;
  /** The number of requests that were made without waiting for the contact. */
  readonly requestCount?: number;
}

/** Handles one event by walking through the steps of topics. */
export class TopicRun {
  readonly library: TopicLibrary;
  readonly #assistantContext: AssistantContext;
  readonly #input: TextInput;
  readonly #variables: ConversationVariables;
  #returns: readonly StepPosition[];
  #trail: readonly AnsweredQuestion[];
  readonly #answers: AssistantAnswer[] = [];
  readonly #notes: string[] = [];
  #subscribes: readonly RequestedSubscription[] = [];
  #steps = 0;
  readonly #requestCount: number;
  /** The values for templates and steps, until a variable changes. */
  #scope: TemplateScope | null = null;
  #context: StepContext | null = null;
  #person: AssistantContext["person"];
  #unlinks = false;

  constructor({ library, input, context, memory, requestCount = 0 }: TopicRunInput) {
    this.library = library;
    this.#input = input;
    this.#assistantContext = context;
    this.#person = context.person;
    this.#variables = new ConversationVariables(memory.variables);
    this.#returns = memory.returns;
    this.#trail = memory.trail;
    this.#requestCount = requestCount;
  }

  get trail(): readonly AnsweredQuestion[] {
    return this.#trail;
  }

  /** Runs steps until one waits, the topics are over or the conversation ends. */
  runSteps(place: StepPlace): AssistantReply {
    const step = findStep(place);
    if (step === null) return this.returnToTopic();
    if (this.isLinkRequired(place)) return this.requestIdentityCheck(place);
    this.#steps += 1;
    if (this.#steps > STEPS_PER_TURN)
      throw new RangeError(`topic ${place.topic.id} took ${STEPS_PER_TURN} steps without waiting`);
    return this.followOutcome(place, findStepKind(step).enter(step, this.getContext()));
  }

  /**
   * Starts a topic that the contact asked for. It replaces the current topic, but `back` returns to the last question.
   */
  startTopic(topic: string): AssistantReply {
    const found = this.library.findTopic(topic);
    this.#returns = [];
    return found === null
      ? this.createReply(null, this.renderMessage("notUnderstood"))
      : this.runSteps({ topic: found, at: 0 });
  }

  /** Carries out the outcome of a step. */
  followOutcome(place: StepPlace, outcome: StepOutcome): AssistantReply {
    switch (outcome.kind) {
      case "go": {
        const isSaved = outcome.variables === undefined || this.keepVariables(outcome.variables);
        this.#addSubscription(outcome.subscribes);
        this.addAnswers(outcome.answers);
        return this.runSteps(this.library.nextPlace(place, isSaved ? outcome.to : (outcome.unkept ?? outcome.to)));
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

  /** Waits at a step for the contact's text, with a reminder if the step has one. */
  waitForText(place: StepPlace, state: JsonValue): AssistantReply {
    return this.createReply({ ...toStepPosition(place), state }, [], {
      kind: "text",
      silentAfter: findSilence(place)?.after ?? null,
    });
  }

  /**
   * Waits again after the reminder.
   * @param silentAfter seconds; null to wait without end
   */
  waitAgain(place: StepPlace, state: JsonValue, silentAfter: number | null): AssistantReply {
    return this.createReply({ ...toStepPosition(place), state, reminded: true }, [], { kind: "text", silentAfter });
  }

  /**
   * Creates the reply to the event.
   * @param at the question that the contact's next text answers
   */
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

  /** Tests for a topic that requires a linked contact, while this one is a guest. */
  isLinkRequired({ topic }: StepPlace): boolean {
    return topic.requires === "linked" && this.#person === null;
  }

  /** Requests an identity check, after which the conversation goes on at a step. */
  requestIdentityCheck(place: StepPlace): AssistantReply {
    return this.createReply({ onceLinked: toStepPosition(place) }, [], { kind: "link" });
  }

  /** Ends the link to a person: from now on the contact is a guest. */
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
    const scope = variables === undefined ? this.#getScope() : { ...this.#getScope(), ...variables };
    return toTextAnswers(this.#assistantContext.message(name, this.language, scope) ?? "");
  }

  /** The conversation's language, a BCP 47 tag. */
  get language(): string {
    return this.#variables.language ?? this.#assistantContext.language;
  }

  /** Remembers an answered question, so that `back` returns to it. */
  rememberQuestion(place: StepPlace): void {
    const returns = this.#returns.length === 0 ? {} : { returns: this.#returns };
    this.#trail = [...this.#trail, { ...toStepPosition(place), ...returns }].slice(-TRAIL_QUESTIONS);
  }

  /** @returns the place of the last answered question that still exists, which is forgotten, or null */
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
    const { language: defaultLanguage, lists = [], zone, now } = this.#assistantContext;
    const getScope = (): TemplateScope => this.#getScope();
    return {
      render: (text, more) =>
        templates.render(
          localizeText(text, language, defaultLanguage),
          more === undefined ? getScope : () => ({ ...getScope(), ...more }),
        ),
      renderUrl: (template) => templates.renderUrl(template, getScope),
      isTrue: (condition) => templates.isTrue(condition, getScope),
      message: (name, variables) => this.renderMessage(name, variables),
      language: chooseLanguage(language, defaultLanguage),
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
    const { sender, number, application, zone, now } = this.#assistantContext;
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

  /**
   * Stores variables.
   * @returns whether all of them are within the limits
   */
  keepVariables(variables: Readonly<Record<string, JsonValue>>): boolean {
    const problems = this.#variables.keepValues(variables);
    this.#notes.push(...problems);
    this.#clearCaches();
    return problems.length === 0;
  }

  /** Discards the cached values after a change. */
  #clearCaches(): void {
    this.#scope = null;
    this.#context = null;
  }

  #waitForResult(
    place: StepPlace,
    { answers, state }: { answers: readonly AssistantAnswer[]; state?: JsonValue },
    awaits: WaitRequest,
  ): AssistantReply {
    const requestCount = this.#requestCount + 1;
    if (requestCount > REQUESTS_IN_A_ROW)
      throw new RangeError(`topic ${place.topic.id} made ${REQUESTS_IN_A_ROW} requests without waiting`);
    return this.createReply({ ...toStepPosition(place), state: state ?? null, asked: requestCount }, answers, awaits);
  }

  #addSubscription(subscription: RequestedSubscription | undefined): void {
    if (subscription !== undefined) this.#subscribes = [...this.#subscribes, subscription];
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
    if (topic === null) throw new RangeError(`topic ${place.topic.id} goes to ${id}, which does not exist`);
    const below = { topic: place.topic, at: place.at + 1 };
    // Without a step below there is nothing to return to, so that two topics can go to each other without end.
    if (returns && findStep(below) !== null) this.#returns = [...this.#returns, toStepPosition(below)];
    if (!returns) this.#returns = [];
    if (this.#returns.length > TOPIC_RETURN_DEPTH)
      throw new RangeError(`topic ${place.topic.id} is nested more than ${TOPIC_RETURN_DEPTH} topics deep`);
    return this.runSteps({ topic, at: 0 });
  }

  /** Goes on at the step to which the finished topic returns, if any. */
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
