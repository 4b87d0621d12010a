import type { Answer, Awaits, Reply, Setting, Subscribing, TextEvent } from "../contract/assistant.ts";
import type { Json } from "../core/json.ts";
import { REQUESTS_IN_A_ROW, STEPS_PER_TURN, TOPIC_RETURNS, TRAIL_QUESTIONS } from "../core/limits/topics.ts";
import { languageAmong } from "../languages/catalog.ts";
import type { MessageName } from "../languages/language.ts";
import type { Scope } from "../templates/template.ts";
import { wordsIn } from "../templates/wording.ts";
import { type Library, type Place, positionOf, stepAt } from "./library.ts";
import type { At, Passed, Position, TopicMemory } from "./memory.ts";
import { kindOf } from "./steps/catalog.ts";
import { type Context, type Outcome, type Silence, say } from "./steps/kind.ts";
import { Variables } from "./variables.ts";

type Heard = Pick<TextEvent, "text" | "media">;

/** One event on its way through the steps. */
export class Run {
  readonly library: Library;
  readonly #setting: Setting;
  readonly #heard: Heard;
  readonly #variables: Variables;
  #returns: readonly Position[];
  #trail: readonly Passed[];
  readonly #answers: Answer[] = [];
  readonly #notes: string[] = [];
  #subscribes: readonly Subscribing[] = [];
  #steps = 0;
  readonly #asked: number;
  /** What templates and steps see, until a variable changes. */
  #scope: Scope | null = null;
  #context: Context | null = null;
  #person: Setting["person"];
  #unlinks = false;

  /** @param asked how many requests have been made without waiting for the person */
  constructor(library: Library, heard: Heard, setting: Setting, memory: TopicMemory, asked = 0) {
    this.library = library;
    this.#heard = heard;
    this.#setting = setting;
    this.#person = setting.person;
    this.#variables = new Variables(memory.variables);
    this.#returns = memory.returns;
    this.#trail = memory.trail;
    this.#asked = asked;
  }

  get trail(): readonly Passed[] {
    return this.#trail;
  }

  /** Walks from a step until one waits, the topics are over or the conversation ends. */
  walk(place: Place): Reply {
    const step = stepAt(place);
    if (step === null) return this.comeBack();
    if (this.mustLink(place)) return this.link(place);
    this.#steps += 1;
    if (this.#steps > STEPS_PER_TURN)
      throw new RangeError(`topic ${place.topic.id} took ${STEPS_PER_TURN} steps without waiting`);
    return this.follow(place, kindOf(step).enter(step, this.context()));
  }

  /** Starts a topic by the person's wish: what was begun before is left, but `back` leads to its last question. */
  start(topic: string): Reply {
    const begun = this.library.topic(topic);
    this.#returns = [];
    return begun === null ? this.rest(null, this.message("notUnderstood")) : this.walk({ topic: begun, at: 0 });
  }

  /** Does what a step wants. */
  follow(place: Place, outcome: Outcome): Reply {
    switch (outcome.kind) {
      case "go": {
        const isKept = outcome.variables === undefined || this.keep(outcome.variables);
        this.#subscribe(outcome.subscribes);
        this.say(outcome.answers);
        return this.walk(this.library.after(place, isKept ? outcome.to : (outcome.unkept ?? outcome.to)));
      }
      case "wait":
      case "unclear":
        for (const note of outcome.notes ?? []) this.note(note);
        if (outcome.kind === "wait") this.#subscribe(outcome.subscribes);
        this.say(outcome.answers);
        return this.wait(place, outcome.state ?? null);
      case "request":
        return this.#ask(place, outcome, { kind: "request", request: outcome.request });
      case "file":
        return this.#standing(place, outcome, { kind: "file", index: outcome.index });
      case "link":
        return this.#ask(place, outcome, { kind: "link", by: outcome.by });
      case "pause":
        return this.#standing(place, outcome, { kind: "pause", seconds: outcome.seconds });
      case "topic":
        return this.#go(place, outcome.topic, outcome.returns);
      case "end":
        return this.library.options.isGuest === true ? this.rest(null, outcome.answers) : this.end(outcome.answers);
    }
  }

  /** The conversation waits at a step for the person, who is reminded when they are silent. */
  wait(place: Place, state: Json): Reply {
    return this.rest({ ...positionOf(place), state }, [], {
      kind: "text",
      silentAfter: silenceOf(place)?.after ?? null,
    });
  }

  /** The person has been reminded, and is waited for again. @param silentAfter seconds; null: for ever */
  waitAgain(place: Place, state: Json, silentAfter: number | null): Reply {
    return this.rest({ ...positionOf(place), state, reminded: true }, [], { kind: "text", silentAfter });
  }

  /** It is over for now. @param at what the person's next text is an answer to */
  rest(at: At, answers: readonly Answer[] = [], awaits: Awaits = { kind: "text", silentAfter: null }): Reply {
    const variables = this.#variables.all;
    const memory: TopicMemory = { variables, at, returns: this.#returns, trail: this.#trail };
    const { language } = this.#variables;
    return {
      answers: [...this.#answers, ...answers],
      memory: memory as unknown as Json,
      notes: this.#notes,
      awaits,
      ...(this.#subscribes.length === 0 ? {} : { subscribes: this.#subscribes }),
      ...(language === null ? {} : { language }),
      ...(this.#unlinks ? { unlinks: true } : {}),
    };
  }

  /** Is the place in a topic that is not for guests? */
  mustLink({ topic }: Place): boolean {
    return topic.requires === "linked" && this.#person === null;
  }

  /** The person is asked who they are; then the conversation goes on at a step. */
  link(place: Place): Reply {
    return this.rest({ onceLinked: positionOf(place) }, [], { kind: "link" });
  }

  /** From now on the person is a guest. */
  unlink(): void {
    this.#person = null;
    this.#unlinks = true;
    this.#forget();
  }

  get isLinked(): boolean {
    return this.#person !== null;
  }

  end(answers: readonly Answer[]): Reply {
    return this.rest(null, answers, { kind: "end" });
  }

  say(answers: readonly Answer[]): void {
    this.#answers.push(...answers);
  }

  note(note: string): void {
    this.#notes.push(note);
  }

  message(name: MessageName, variables?: Readonly<Record<string, string | number>>): readonly Answer[] {
    const seen = variables === undefined ? this.#seen() : { ...this.#seen(), ...variables };
    return say(this.#setting.message(name, this.language, seen) ?? "");
  }

  /** The conversation's language, a BCP 47 tag. */
  get language(): string {
    return this.#variables.language ?? this.#setting.language;
  }

  /** A question has been answered: `back` leads to it. */
  remember(place: Place): void {
    const returns = this.#returns.length === 0 ? {} : { returns: this.#returns };
    this.#trail = [...this.#trail, { ...positionOf(place), ...returns }].slice(-TRAIL_QUESTIONS);
  }

  /** Goes back before the last question that can still be asked. @returns null where there is none */
  back(): Place | null {
    for (let last = this.#trail.at(-1); last !== undefined; last = this.#trail.at(-1)) {
      this.#trail = this.#trail.slice(0, -1);
      const place = this.library.place(last);
      if (place === null) continue;
      this.#returns = last.returns ?? [];
      return place;
    }
    return null;
  }

  context(): Context {
    this.#context ??= this.#look();
    return this.#context;
  }

  #look(): Context {
    const { language } = this;
    const { templates } = this.library;
    const { language: usual, lists = [], zone, now } = this.#setting;
    const seen = (): Scope => this.#seen();
    return {
      render: (words, more) =>
        templates.render(wordsIn(words, language, usual), more === undefined ? seen : () => ({ ...seen(), ...more })),
      renderUrl: (template) => templates.renderUrl(template, seen),
      isTrue: (condition) => templates.isTrue(condition, seen),
      message: (name, variables) => this.message(name, variables),
      language: languageAmong(language, usual),
      tag: language,
      list: (id) => lists.find((list) => list.id === id) ?? null,
      zone,
      value: (name) => this.#variables.all[name],
      isLinked: this.isLinked,
      now,
    };
  }

  #seen(): Scope {
    this.#scope ??= this.#show();
    return this.#scope;
  }

  #show(): Scope {
    const { sender, number, application, zone, now } = this.#setting;
    const { text, media } = this.#heard;
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
  keep(variables: Readonly<Record<string, Json>>): boolean {
    const problems = this.#variables.keep(variables);
    this.#notes.push(...problems);
    this.#forget();
    return problems.length === 0;
  }

  /** What was seen is not so any more. */
  #forget(): void {
    this.#scope = null;
    this.#context = null;
  }

  #ask(place: Place, { answers, state }: { answers: readonly Answer[]; state?: Json }, awaits: Awaits): Reply {
    const asked = this.#asked + 1;
    if (asked > REQUESTS_IN_A_ROW)
      throw new RangeError(`topic ${place.topic.id} made ${REQUESTS_IN_A_ROW} requests without waiting`);
    return this.rest({ ...positionOf(place), state: state ?? null, asked }, answers, awaits);
  }

  #subscribe(subscribing: Subscribing | undefined): void {
    if (subscribing !== undefined) this.#subscribes = [...this.#subscribes, subscribing];
  }

  #standing(place: Place, { answers, state }: { answers: readonly Answer[]; state?: Json }, awaits: Awaits): Reply {
    return this.rest({ ...positionOf(place), state: state ?? null }, answers, awaits);
  }

  #go(place: Place, id: string, returns: boolean): Reply {
    const topic = this.library.topic(id);
    if (topic === null) throw new RangeError(`topic ${place.topic.id} goes to ${id}, which is not there`);
    const below = { topic: place.topic, at: place.at + 1 };
    // Where nothing follows there is nothing to come back to: two topics may go into one another for ever.
    if (returns && stepAt(below) !== null) this.#returns = [...this.#returns, positionOf(below)];
    if (!returns) this.#returns = [];
    if (this.#returns.length > TOPIC_RETURNS)
      throw new RangeError(`topics went ${TOPIC_RETURNS} deep into one another, at ${place.topic.id}`);
    return this.walk({ topic, at: 0 });
  }

  /** A topic is over: on where it was gone into. */
  comeBack(): Reply {
    const last = this.#returns.at(-1);
    if (last === undefined) return this.rest(null);
    this.#returns = this.#returns.slice(0, -1);
    const place = this.library.place(last);
    return place === null ? this.comeBack() : this.walk(place);
  }
}

export function silenceOf(place: Place): Silence | undefined {
  const step = stepAt(place);
  return step !== null && "silence" in step ? step.silence : undefined;
}
