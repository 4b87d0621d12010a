import type { RequestOutcome } from "../../src/contract/assistant.ts";
import { type TurnDecision } from "../../src/sender/events/decision.ts";
import { resumeAfterMedia } from "../../src/sender/events/media-settled.ts";
import { resumeAfterRequest } from "../../src/sender/events/request-ended.ts";
import { receiveText } from "../../src/sender/events/text-received.ts";
import { handleDueEvent } from "../../src/sender/events/time-passed.ts";
import { nextDueAt, nextDueEvent } from "../../src/sender/events/timeouts.ts";
import type { DecisionContext } from "../../src/sender/model/context.ts";
import type { Conversation, MediaCopy, SenderState, Turn } from "../../src/sender/model/state.ts";
import type { NamedTopic } from "../../src/topics/definition.ts";
import { createTopicsAssistant } from "../../src/topics/engine.ts";
import { answeringWith, inbound } from "./chat.ts";

/** What may happen; which of it does is for the conversation to say: a request is answered, a pause goes by, a text comes. */
export interface Chance {
  readonly text: string;
  readonly hasPicture: boolean;
  readonly outcome: RequestOutcome;
  readonly copy: MediaCopy;
  /** Nobody texts for so many seconds; null: a text comes at once. */
  readonly seconds: number | null;
}

export interface Ways {
  /** All is stored and read again between any two events, by an assistant that has just been made. */
  readonly stores?: boolean;
  /** Whatever comes, comes again. */
  readonly repeats?: boolean;
}

const NUMBER = "+12025550100";
const IDLE_SECONDS = 3_600;

/** A conversation with topics as a Sender has it: the real machine, with nothing around it. */
export class Running {
  now = Date.UTC(2026, 2, 2, 17, 59);
  state: SenderState | null = null;
  readonly turns = new Map<number, Turn>();
  /** How many things have happened. */
  events = 0;
  /** The most messages that a turn has sent without the person, and without time going by. */
  most = 0;
  readonly #spent = new Map<number, number>();
  readonly #topics: readonly NamedTopic[];
  readonly #ways: Ways;
  #answering;
  readonly #seen = new Set<string>();

  constructor(topics: readonly NamedTopic[], ways: Ways = {}) {
    this.#topics = topics;
    this.#ways = ways;
    this.#answering = answeringWith(topics, { idleSeconds: IDLE_SECONDS });
  }

  get conversation(): Conversation {
    return this.state?.lines[NUMBER]?.conversation ?? { status: "none" };
  }

  /** Texts of all parts, those of the latest turn last. */
  get said(): readonly string[] {
    return [...this.turns.values()].flatMap(({ parts }) => parts.map(({ text }) => text));
  }

  /** Lets the next thing happen. */
  live(chance: Chance): void {
    const { conversation } = this;
    const rest = conversation.status === "open" ? conversation.rest : null;
    const turn = conversation.status === "open" ? conversation.turn : 0;
    if (rest?.kind === "request") this.#twice(() => this.#answer(chance.outcome, rest.id));
    else if (rest?.kind === "file") this.#twice(() => this.#file(chance.copy, turn));
    else if (chance.seconds !== null) this.#pass(chance.seconds);
    else this.text(chance.text, chance.hasPicture);
  }

  text(text: string, hasPicture = false): void {
    const media = hasPicture
      ? [{ url: "https://api.twilio.com/m", link: "https://parley.example/m", contentType: "image/png" }]
      : [];
    const message = { ...inbound(this.#seen.size + 1, text), media };
    this.#twice(() => {
      if (this.#seen.has(message.sid)) return;
      this.#seen.add(message.sid);
      this.#take(receiveText(this.state, message, this.#world()));
    });
  }

  /** @returns the same conversation, for trying what would happen */
  fork(): Running {
    const fork = new Running(this.#topics);
    fork.now = this.now;
    fork.state = this.state;
    for (const [id, turn] of this.turns) fork.turns.set(id, turn);
    for (const sid of this.#seen) fork.#seen.add(sid);
    fork.#answering = this.#answering;
    return fork;
  }

  #answer(outcome: RequestOutcome, id: string): void {
    const { conversation, state } = this;
    const turn = this.turns.get(conversation.status === "open" ? conversation.turn : 0);
    if (state === null || turn === undefined) return;
    const decision = resumeAfterRequest(state, { number: NUMBER, turn: turn.id, id }, outcome, turn, this.#world());
    if (decision !== null) this.#take(decision);
  }

  /** Something becomes of the picture of a turn, once. */
  #file(copy: MediaCopy, id: number): void {
    const turn = this.turns.get(id);
    if (this.state === null || turn?.kind !== "heard" || turn.heard.media[0]?.copy !== undefined) return;
    const media = turn.heard.media.map((medium) => ({ ...medium, copy }));
    const settled = { ...turn, heard: { ...turn.heard, media } };
    this.turns.set(id, this.#stored(settled));
    const decision = resumeAfterMedia(this.state, settled, this.#world());
    if (decision !== null) this.#take(decision);
  }

  /** With all that is due on the way. */
  #pass(seconds: number): void {
    const until = this.now + seconds * 1_000;
    for (;;) {
      const next = this.state === null ? null : nextDueAt(this.state);
      if (next === null || next > until) break;
      this.now = Math.max(this.now, next);
      this.#spent.clear();
      this.#settle();
    }
    this.now = until;
  }

  /** Does what is due now, until nothing is. */
  #settle(): void {
    for (;;) {
      const next = this.state === null ? null : nextDueEvent(this.state, this.now);
      if (next?.kind === "notice") throw new Error("nobody has sent a notice");
      const turn = this.turns.get(next?.turn ?? 0);
      if (this.state === null || next === null || turn === undefined) return;
      this.#keep(handleDueEvent(this.state, next, turn, this.#world()));
    }
  }

  #take(decision: TurnDecision): void {
    this.#keep(decision);
    this.#settle();
  }

  #keep({ state, turn }: TurnDecision): void {
    this.events += 1;
    const spent = turn.parts.length - (this.turns.get(turn.id)?.parts.length ?? 0) + (this.#spent.get(turn.id) ?? 0);
    this.#spent.set(turn.id, spent);
    this.most = Math.max(this.most, spent);
    this.state = this.#stored(state);
    this.turns.set(turn.id, this.#stored(turn));
    if (this.#ways.stores === true)
      this.#answering = { ...this.#answering, assistant: createTopicsAssistant(this.#topics) };
  }

  #stored<Value>(value: Value): Value {
    return this.#ways.stores === true ? (JSON.parse(JSON.stringify(value)) as Value) : value;
  }

  #twice(happen: () => void): void {
    happen();
    if (this.#ways.repeats === true) happen();
  }

  #world(): DecisionContext {
    return { now: this.now, origin: "https://parley.example", findApplication: () => this.#answering };
  }
}
