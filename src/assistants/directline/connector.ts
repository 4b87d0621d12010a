import type { RequestOutcome } from "../../contract/assistant.ts";
import { isRecord, type JsonValue } from "../../core/json.ts";
import { POLLS_PER_TURN } from "../../core/limits/assistants.ts";
import type { Connector, ConnectorContext, ConnectorEvent, ConnectorMove, ConnectorProbe } from "../connector.ts";
import { toText } from "./activity.ts";
import { addNote } from "./bot-activities.ts";
import { explainStatus, judgeProbe } from "./error-texts.ts";
import {
  appendIds,
  createTurn,
  type DirectlineSession,
  type DirectlineStep,
  type DirectlineTurn,
  parseToken,
  restoreMemory,
  toMemoryJson,
} from "./memory.ts";
import { applyPoll, type PollResult } from "./poll.ts";
import { createProbeRequest, createStepRequest, toTextId, toUserId } from "./requests.ts";
import type { DirectlineLocation } from "./settings.ts";

/** Seconds before the polls that follow the first, second and third empty one. */
const POLL_PAUSES_SECONDS = [0.5, 1, 2] as const;
const LONGEST_POLL_PAUSE_SECONDS = 3;

/** Seconds before a retry after a transient failure. */
const RETRY_PAUSE_SECONDS = 2;
const RETRIES = 3;

/**
 * Speaks to a bot by Direct Line 3.0: starts a conversation, posts each text, and polls until the bot has answered. If
 * the service has ended a conversation, it starts a new one.
 */
export function createDirectlineConnector(location: DirectlineLocation): Connector {
  return {
    move: (event, context) => {
      const { session, turn } = restoreMemory(context.memory);
      return new DirectlineExchange(location, context, session, turn ?? createTurn(context.now)).makeMove(
        event,
        turn !== null,
      );
    },
  };
}

/** Checks that a conversation can be started, or a token be fetched for one. */
export function createDirectlineProbe(location: DirectlineLocation): ConnectorProbe {
  const expected = location.access.kind === "secret" ? "conversation" : "token";
  return { request: createProbeRequest(location), judge: (outcome) => judgeProbe(outcome, expected) };
}

/** The state of the exchange about one text, and the decisions that follow from it. */
class DirectlineExchange {
  readonly #location: DirectlineLocation;
  readonly #context: ConnectorContext;
  readonly #session: DirectlineSession | null;
  readonly #turn: DirectlineTurn;

  constructor(
    location: DirectlineLocation,
    context: ConnectorContext,
    session: DirectlineSession | null,
    turn: DirectlineTurn,
  ) {
    this.#location = location;
    this.#context = context;
    this.#session = session;
    this.#turn = turn;
  }

  /** @param isTurnOpen whether a text is being answered */
  makeMove(event: ConnectorEvent, isTurnOpen: boolean): ConnectorMove {
    if (event.kind === "text") return this.#withState(this.#session, createTurn(this.#now)).#openTurn();
    if (!isTurnOpen) return this.#failMove("there is no text to answer");
    return event.kind === "answered" ? this.#handleOutcome(event.outcome) : this.#requestStep(this.#turn.step);
  }

  #openTurn(): ConnectorMove {
    const token = this.#session?.token ?? null;
    if (this.#session === null) return this.#beginConversation();
    if (token === null) return this.#requestStep("post");
    if (this.#now < token.refreshAt) return this.#requestStep("post");
    return this.#now < token.expiresAt ? this.#requestStep("refresh") : this.#handleExpiredToken();
  }

  /** Access by generated tokens can renew even a conversation whose token has expired. */
  #handleExpiredToken(): ConnectorMove {
    return this.#location.access.kind === "generated-token"
      ? this.#requestStep("reconnect")
      : this.#renewConversation("its token has expired");
  }

  #beginConversation(): ConnectorMove {
    const exchange = this.#withState(null, { ...this.#turn, fresh: true });
    return exchange.#requestStep(this.#location.access.kind === "secret" ? "start" : "token");
  }

  /** @param reason why the known conversation cannot continue */
  #renewConversation(reason: string): ConnectorMove {
    if (this.#turn.fresh) return this.#failMove(reason);
    const gathered = addNote(this.#turn.gathered, "New conversation begun: the bot's previous one had ended.");
    return this.#withState(null, { ...this.#turn, gathered }).#beginConversation();
  }

  #handleOutcome(outcome: RequestOutcome): ConnectorMove {
    const { step } = this.#turn;
    if (outcome.kind === "failed") return this.#handleFailure(step, outcome.reason);
    const { status, json } = outcome;
    return status >= 200 && status <= 299
      ? this.#handleSuccess(step, json)
      : this.#handleRefusal(step, status, explainStatus(status, json));
  }

  #handleFailure(step: DirectlineStep, reason: string): ConnectorMove {
    if (step === "refresh") return this.#requestStep("post");
    // Direct Line does not detect duplicates, so Parley looks for the text before it posts it again.
    return step === "post" ? this.#requestStep("check") : this.#answerOrFail(reason);
  }

  #handleSuccess(step: DirectlineStep, json: JsonValue): ConnectorMove {
    switch (step) {
      case "token":
      case "start":
        return this.#handleNewConversation(step, json);
      case "refresh":
      case "reconnect":
        return this.#withNewToken(json).#requestStep("post");
      case "post": {
        const id = isRecord(json) ? toText(json["id"]) : null;
        return this.#startPolling(id === null ? [] : [id]);
      }
      case "check":
        return this.#handleCheck(json);
      case "poll":
        return this.#handlePoll(json);
    }
  }

  #handleNewConversation(step: "token" | "start", json: JsonValue): ConnectorMove {
    const token = this.#location.access.kind === "secret" ? null : parseToken(json, this.#now);
    const conversationId = isRecord(json) ? toText(json["conversationId"]) : null;
    if (step === "token" && token === null) return this.#failMove("its response has no valid token");
    if (step === "start" && conversationId === null) return this.#failMove("its response has no conversation id");
    const session: DirectlineSession = {
      conversation: conversationId ?? "",
      user: this.#session?.user ?? toUserId(this.#location, this.#context),
      token: token ?? this.#session?.token ?? null,
      watermark: null,
      posted: [],
      seen: [],
    };
    return this.#withState(session, this.#turn).#requestStep(step === "token" ? "start" : "post");
  }

  #withNewToken(json: JsonValue): DirectlineExchange {
    const token = parseToken(json, this.#now);
    return token === null || this.#session === null ? this : this.#withState({ ...this.#session, token }, this.#turn);
  }

  /** The text was posted: begins to poll for the answer. */
  #startPolling(postedIds: readonly string[]): ConnectorMove {
    const until = this.#now + this.#location.timeoutSeconds * 1_000;
    return this.#withState(this.#session, { ...this.#turn, mine: postedIds, until }).#requestStep("poll");
  }

  /** Reads the activities once more, to separate those from before the text. */
  #handleCheck(json: JsonValue): ConnectorMove {
    const after = this.#collectActivities(json);
    if (after === null) return this.#answerOrFail("its response has no activities");
    if (after.turn.mine.length > 0) return this.#startPolling(after.turn.mine);
    if (this.#turn.again) return this.#answerOrFail("the text could not be posted");
    return this.#withState(this.#session, { ...this.#turn, again: true }).#requestStep("post");
  }

  #collectActivities(json: JsonValue): PollResult | null {
    const text = toTextId(this.#context.turn);
    return this.#session === null ? null : applyPoll(json, this.#session, this.#turn, text);
  }

  #handlePoll(json: JsonValue): ConnectorMove {
    const after = this.#collectActivities(json);
    if (after === null) return this.#answerOrFail("its response has no activities");
    return this.#withState(after.session, after.turn).#decideAfterPoll();
  }

  /** Decides whether the answer is complete: the bot says so, or is silent for `quietSeconds` and not typing. */
  #decideAfterPoll(): ConnectorMove {
    const { gathered, answered, typing, empty, until, polls } = this.#turn;
    const { quietSeconds, timeoutSeconds } = this.#location;
    const hasAnswered = answered && !typing;
    if (gathered.ends || (hasAnswered && (this.#isExpected || empty > 0 || quietSeconds === 0)))
      return this.#finishAnswer();
    if (this.#now >= until || polls >= POLLS_PER_TURN)
      return this.#answerOrFail(`nothing more arrived within ${timeoutSeconds} seconds`);
    return this.#requestStep(
      "poll",
      hasAnswered ? quietSeconds : (POLL_PAUSES_SECONDS[Math.max(empty, 1) - 1] ?? LONGEST_POLL_PAUSE_SECONDS),
    );
  }

  /** A greeting may expect input too, although the text that came with it is still unanswered. */
  get #isExpected(): boolean {
    const { gathered, fresh, thread } = this.#turn;
    return gathered.expects && (thread !== null || !fresh);
  }

  #handleRefusal(step: DirectlineStep, status: number, reason: string): ConnectorMove {
    const isConversationOver = [401, 403, 404, 410].includes(status);
    if (step === "refresh") return isConversationOver ? this.#handleExpiredToken() : this.#requestStep("post");
    if (isConversationOver && step !== "token" && step !== "start")
      return this.#turn.gathered.count > 0 ? this.#answerOrFail(reason) : this.#renewConversation(reason);
    // The service does not wait long for a slow bot, but the bot's answer arrives anyway.
    if (step === "post" && (status === 500 || status === 504)) return this.#requestStep("check");
    const isTransient = status === 429 || (status >= 500 && (step === "poll" || step === "post"));
    const tries = status === 429 || step === "poll" ? RETRIES : 1;
    if (!isTransient || this.#turn.tries >= tries) return this.#answerOrFail(reason);
    return this.#requestStep(step, RETRY_PAUSE_SECONDS, this.#turn.tries + 1);
  }

  /** @param tries how often this step has failed with a transient error */
  #requestStep(step: DirectlineStep, seconds = 0, tries = 0): ConnectorMove {
    const request = createStepRequest(step, this.#location, this.#session, this.#context);
    const memory = toMemoryJson({ session: this.#session, turn: { ...this.#turn, step, tries } });
    return { kind: "request", request: seconds === 0 ? request : { ...request, delaySeconds: seconds }, memory };
  }

  /** Answers with what the bot sent before the failure, if anything. */
  #answerOrFail(reason: string): ConnectorMove {
    const { gathered } = this.#turn;
    if (gathered.count === 0) return this.#failMove(reason);
    return this.#withState(this.#session, {
      ...this.#turn,
      gathered: addNote(gathered, `The answer may be incomplete: ${reason}.`),
    }).#finishAnswer();
  }

  #finishAnswer(): ConnectorMove {
    const { sayings, handover, ends, notes } = this.#turn.gathered;
    const memory = ends ? toMemoryJson({ session: null, turn: null }) : this.#toIdleMemory();
    return { kind: "answer", messages: sayings, notes, ends, ...(handover === null ? {} : { handover }), memory };
  }

  #failMove(reason: string): ConnectorMove {
    return { kind: "failed", reason, memory: this.#toIdleMemory() };
  }

  /** Keeps the state until the next text, unless the conversation was never started. */
  #toIdleMemory(): JsonValue {
    const session = this.#session;
    if (session === null || session.conversation === "" || this.#turn.step === "start")
      return toMemoryJson({ session: null, turn: null });
    return toMemoryJson({ session: { ...session, posted: appendIds(session.posted, this.#turn.mine) }, turn: null });
  }

  #withState(session: DirectlineSession | null, turn: DirectlineTurn): DirectlineExchange {
    return new DirectlineExchange(this.#location, this.#context, session, turn);
  }

  get #now(): number {
    return this.#context.now;
  }
}
