import type { RequestOutcome } from "../../contract/assistant.ts";
import { isRecord, type Json } from "../../core/json.ts";
import { POLLS_PER_TURN } from "../../core/limits/assistants.ts";
import type { Connector, Happening, Move, Probe, Situation } from "../connector.ts";
import { textOf } from "./activity.ts";
import { noted } from "./gather.ts";
import { newTurn, recalled, type Session, type Step, stored, type Turn, tokenIn, withIds } from "./memory.ts";
import { type Polled, polled } from "./poll.ts";
import { requestOf, textIdOf, trialRequest, userOf } from "./requests.ts";
import type { Place } from "./settings.ts";
import { meaningOf, verdictOf } from "./verdicts.ts";

/** Before the first poll that follows one in vain, the second, and so on; in seconds. */
const PAUSES = [0.5, 1, 2] as const;
const LONGEST_PAUSE = 3;

/** Before a request is made again that has failed in passing; in seconds. */
const PASSING_PAUSE = 2;
const PASSING_TRIES = 3;

/**
 * Speaks to a bot by Direct Line 3.0: begins a conversation, posts each text, and looks for what the bot says until it has said it all. A
 * conversation that is over is followed by a new one.
 */
export function directlineConnector(place: Place): Connector {
  return {
    move: (happening, situation) => {
      const { session, turn } = recalled(situation.memory);
      return new Talk(place, situation, session, turn ?? newTurn(situation.setting.now)).move(happening, turn !== null);
    },
  };
}

/** Can a conversation be begun, or a token be had for one? */
export function directlineProbe(place: Place): Probe {
  const wanted = place.access.kind === "secret" ? "conversation" : "token";
  return { request: trialRequest(place), judge: (outcome) => verdictOf(outcome, wanted) };
}

/** The conversation, and the text in it, at one moment. */
class Talk {
  readonly #place: Place;
  readonly #situation: Situation;
  readonly #session: Session | null;
  readonly #turn: Turn;

  constructor(place: Place, situation: Situation, session: Session | null, turn: Turn) {
    this.#place = place;
    this.#situation = situation;
    this.#session = session;
    this.#turn = turn;
  }

  /** @param isAsked whether a text is being answered */
  move(happening: Happening, isAsked: boolean): Move {
    if (happening.kind === "asked") return this.#with(this.#session, newTurn(this.#now)).#open();
    if (!isAsked) return this.#fail("there is no text that it could answer");
    return happening.kind === "answered" ? this.#hear(happening.outcome) : this.#go(this.#turn.step);
  }

  #open(): Move {
    const token = this.#session?.token ?? null;
    if (this.#session === null) return this.#begin();
    if (token === null) return this.#go("post");
    if (this.#now < token.refreshAt) return this.#go("post");
    return this.#now < token.expiresAt ? this.#go("refresh") : this.#expired();
  }

  /** With the key, even a conversation whose token has expired goes on. */
  #expired(): Move {
    return this.#place.access.kind === "generated-token" ? this.#go("reconnect") : this.#renew("its token has expired");
  }

  #begin(): Move {
    const talk = this.#with(null, { ...this.#turn, fresh: true });
    return talk.#go(this.#place.access.kind === "secret" ? "start" : "token");
  }

  /** @param reason why the conversation that is known cannot be gone on with */
  #renew(reason: string): Move {
    if (this.#turn.fresh) return this.#fail(reason);
    const gathered = noted(this.#turn.gathered, "The bot's conversation was over: a new one has begun.");
    return this.#with(null, { ...this.#turn, gathered }).#begin();
  }

  #hear(outcome: RequestOutcome): Move {
    const { step } = this.#turn;
    if (outcome.kind === "failed") return this.#failed(step, outcome.reason);
    const { status, json } = outcome;
    return status >= 200 && status <= 299
      ? this.#succeeded(step, json)
      : this.#refused(step, status, meaningOf(status, json));
  }

  #failed(step: Step, reason: string): Move {
    if (step === "refresh") return this.#go("post");
    // The service knows no key that tells a text that comes again: it is looked for before it is posted a second time.
    return step === "post" ? this.#go("check") : this.#give(reason);
  }

  #succeeded(step: Step, json: Json): Move {
    switch (step) {
      case "token":
      case "start":
        return this.#begun(step, json);
      case "refresh":
      case "reconnect":
        return this.#tokened(json).#go("post");
      case "post": {
        const id = isRecord(json) ? textOf(json["id"]) : null;
        return this.#looking(id === null ? [] : [id]);
      }
      case "check":
        return this.#checked(json);
      case "poll":
        return this.#polled(json);
    }
  }

  #begun(step: "token" | "start", json: Json): Move {
    const token = this.#place.access.kind === "secret" ? null : tokenIn(json, this.#now);
    const known = isRecord(json) ? textOf(json["conversationId"]) : null;
    if (step === "token" && token === null) return this.#fail("it gave no token that makes sense");
    if (step === "start" && known === null) return this.#fail("it began no conversation that makes sense");
    const session: Session = {
      conversation: known ?? "",
      user: this.#session?.user ?? userOf(this.#place, this.#situation),
      token: token ?? this.#session?.token ?? null,
      watermark: null,
      posted: [],
      seen: [],
    };
    return this.#with(session, this.#turn).#go(step === "token" ? "start" : "post");
  }

  #tokened(json: Json): Talk {
    const token = tokenIn(json, this.#now);
    return token === null || this.#session === null ? this : this.#with({ ...this.#session, token }, this.#turn);
  }

  /** The text is posted: its answer is looked for from now on. */
  #looking(mine: readonly string[]): Move {
    const until = this.#now + this.#place.timeoutSeconds * 1_000;
    return this.#with(this.#session, { ...this.#turn, mine, until }).#go("poll");
  }

  /** What was read is read again, so that it is clear what comes before the text. */
  #checked(json: Json): Move {
    const after = this.#read(json);
    if (after === null) return this.#give("its activities make no sense");
    if (after.turn.mine.length > 0) return this.#looking(after.turn.mine);
    if (this.#turn.again) return this.#give("the text could not be posted");
    return this.#with(this.#session, { ...this.#turn, again: true }).#go("post");
  }

  #read(json: Json): Polled | null {
    const text = textIdOf(this.#situation.setting.turn);
    return this.#session === null ? null : polled(json, this.#session, this.#turn, text);
  }

  #polled(json: Json): Move {
    const after = this.#read(json);
    if (after === null) return this.#give("its activities make no sense");
    return this.#with(after.session, after.turn).#weigh();
  }

  /** Has the bot said all? It says so itself, or is quiet for a while; one that is writing is waited for. */
  #weigh(): Move {
    const { gathered, answered, typing, empty, until, polls } = this.#turn;
    const { quietSeconds, timeoutSeconds } = this.#place;
    const hasSaid = answered && !typing;
    if (gathered.ends || (hasSaid && (this.#isExpected || empty > 0 || quietSeconds === 0))) return this.#answer();
    if (this.#now >= until || polls >= POLLS_PER_TURN)
      return this.#give(`no more came within ${timeoutSeconds} seconds`);
    return this.#go("poll", hasSaid ? quietSeconds : (PAUSES[Math.max(empty, 1) - 1] ?? LONGEST_PAUSE));
  }

  /** A greeting may expect something too, while the text that has come with it is not answered yet. */
  get #isExpected(): boolean {
    const { gathered, fresh, thread } = this.#turn;
    return gathered.expects && (thread !== null || !fresh);
  }

  #refused(step: Step, status: number, reason: string): Move {
    const isOver = [401, 403, 404, 410].includes(status);
    if (step === "refresh") return isOver ? this.#expired() : this.#go("post");
    if (isOver && step !== "token" && step !== "start")
      return this.#turn.gathered.count > 0 ? this.#give(reason) : this.#renew(reason);
    // The service does not wait for a slow bot to the end; what that says comes all the same.
    if (step === "post" && (status === 500 || status === 504)) return this.#go("check");
    const isPassing = status === 429 || (status >= 500 && (step === "poll" || step === "post"));
    const tries = status === 429 || step === "poll" ? PASSING_TRIES : 1;
    if (!isPassing || this.#turn.tries >= tries) return this.#give(reason);
    return this.#go(step, PASSING_PAUSE, this.#turn.tries + 1);
  }

  /** @param tries how often this step has failed in passing, where it is not a new one */
  #go(step: Step, seconds = 0, tries = 0): Move {
    const request = requestOf(step, this.#place, this.#session, this.#situation);
    const memory = stored({ session: this.#session, turn: { ...this.#turn, step, tries } });
    return { kind: "request", request: seconds === 0 ? request : { ...request, delaySeconds: seconds }, memory };
  }

  /** Whatever the bot has said before it failed is worth more than nothing. */
  #give(reason: string): Move {
    const { gathered } = this.#turn;
    if (gathered.count === 0) return this.#fail(reason);
    return this.#with(this.#session, {
      ...this.#turn,
      gathered: noted(gathered, `The answer may lack its end: ${reason}.`),
    }).#answer();
  }

  #answer(): Move {
    const { sayings, handover, ends, notes } = this.#turn.gathered;
    const memory = ends ? stored({ session: null, turn: null }) : this.#rest();
    return { kind: "answer", sayings, notes, ends, ...(handover === null ? {} : { handover }), memory };
  }

  #fail(reason: string): Move {
    return { kind: "failed", reason, memory: this.#rest() };
  }

  /** What is remembered until the next text. A conversation that was never begun is not. */
  #rest(): Json {
    const session = this.#session;
    if (session === null || session.conversation === "" || this.#turn.step === "start")
      return stored({ session: null, turn: null });
    return stored({ session: { ...session, posted: withIds(session.posted, this.#turn.mine) }, turn: null });
  }

  #with(session: Session | null, turn: Turn): Talk {
    return new Talk(this.#place, this.#situation, session, turn);
  }

  get #now(): number {
    return this.#situation.setting.now;
  }
}
