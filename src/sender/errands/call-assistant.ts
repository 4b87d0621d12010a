import { sendAssistantRequest, toRequestOutcome, toTurnId } from "../../assistants/client.ts";
import type { ConfigurationSnapshot } from "../../configuration/snapshot.ts";
import type { AssistantRequest, RequestOutcome } from "../../contract/assistant.ts";
import {
  ACCOUNT_RETRY_MILLISECONDS,
  REQUEST_DEADLINE_MILLISECONDS,
  REQUEST_RECHECK_MILLISECONDS,
} from "../../core/limits/sender.ts";
import { memoizeLast } from "../../core/memoize-last.ts";
import type { SendTiming } from "../../core/send-timing.ts";
import { CircuitBreakers } from "../../outbound/circuit-breakers.ts";
import type { ResumeTurn, TurnDecision } from "../events/decision.ts";
import { resumeAfterRequest } from "../events/request-ended.ts";
import type { WaitRef } from "../model/context.ts";
import type { SenderState } from "../model/state.ts";
import type { Errand, ErrandHost } from "./errand.ts";

/** A request of an assistant's, and where its end belongs. */
export interface CallAssistantTask {
  readonly asked: WaitRef;
  readonly request: AssistantRequest;
  /** When it was first made; milliseconds since 1970. */
  readonly since: number;
  readonly application: string;
  readonly snapshot: ConfigurationSnapshot;
}

/** Makes the requests of assistants. After a crash one is made again, with the same `Idempotency-Key`. */
export class CallAssistantErrand implements Errand<CallAssistantTask> {
  readonly failureEvent = "request-failed";
  readonly timeoutMilliseconds: number;
  readonly #host: ErrandHost;
  readonly #findCall = memoizeLast(findAssistantCall);
  #pausedUntil = 0;
  /** The turn that was asked about last, and the places that nobody knows of yet whether they have answered it. */
  #lastTurn = "";
  readonly #pendingPlaces = new Set<string>();

  constructor(host: ErrandHost, { settleAfter }: SendTiming) {
    this.timeoutMilliseconds = Math.min(REQUEST_RECHECK_MILLISECONDS, settleAfter);
    this.#host = host;
  }

  dueAt(state: SenderState): number | null {
    return this.#findCall(state) === null ? null : this.#pausedUntil;
  }

  /** A conversation that waits for an answer has its alarm; only what cannot be sent is trouble. */
  isTroubled(): boolean {
    return false;
  }

  takeTask(snapshot: ConfigurationSnapshot | null, now: number): CallAssistantTask | null {
    const state = this.#host.state();
    const question = state === null ? null : findAssistantCall(state);
    if (question === null) return null;
    if (snapshot !== null) return { ...question, snapshot };
    this.#pausedUntil = now + ACCOUNT_RETRY_MILLISECONDS;
    return null;
  }

  async performTask(question: CallAssistantTask): Promise<void> {
    const { application, request: wanted } = question;
    if (wanted.delaySeconds !== undefined) {
      await scheduler.wait(wanted.delaySeconds * 1_000);
      if (!this.#isWanted(question)) return;
    }
    const turn = toTurnId(question.asked.id);
    const place = wanted.location === undefined ? null : `${application} ${wanted.location}`;
    if (place !== null && !circuits.mayAsk(place, turn, Date.now())) {
      await this.#finishRequest(question, { kind: "failed", reason: "it rests, since it failed again and again" });
      return;
    }
    const outcome = isForgotten(question.since)
      ? ({ kind: "failed", reason: "Parley was stopped again and again while it was made" } as const)
      : await callAssistant(question);
    this.#notePlace(turn, place);
    const isWell = await this.#finishRequest(question, outcome);
    if (isWell !== null) this.#reportPlaces(isWell);
  }

  /**
   * Resumes the turn with the end of a request.
   * @returns whether the assistant could use the end; null if it makes another request first, or nothing waits any more
   */
  async #finishRequest({ asked, snapshot }: CallAssistantTask, outcome: RequestOutcome): Promise<boolean | null> {
    const decide: ResumeTurn = (state, turn, context) => resumeAfterRequest(state, asked, outcome, turn, context);
    const decision = await this.#host.resumeTurn({ turn: asked.turn, snapshot, decide });
    return decision === null ? null : assessAnswer(decision);
  }

  #notePlace(turn: string, place: string | null): void {
    if (this.#lastTurn !== turn) this.#pendingPlaces.clear();
    this.#lastTurn = turn;
    if (place !== null) this.#pendingPlaces.add(place);
  }

  /** A place that has taken a question is well where an answer has come of it, by whatever requests. */
  #reportPlaces(isWell: boolean): void {
    for (const place of this.#pendingPlaces) circuits.recordOutcome(place, isWell, Date.now());
    this.#pendingPlaces.clear();
  }

  /** STOP may have come, or the answer to what was asked before a crash. */
  #isWanted({ asked }: CallAssistantTask): boolean {
    const state = this.#host.state();
    return state !== null && findAssistantCall(state)?.asked.id === asked.id;
  }
}

/** @returns whether the assistant could make anything of the end of a request; null where it asks for more before it answers */
function assessAnswer({ state, turn, failed }: TurnDecision): boolean | null {
  if (failed !== undefined) return false;
  const conversation = state.lines[turn.number]?.conversation;
  const rest = conversation?.status === "open" ? conversation.rest.kind : "text";
  return rest === "request" || rest === "pause" || rest === "file" ? null : true;
}

/** Shared by all that runs in this isolate. */
const circuits = new CircuitBreakers();

/**
 * Whom a request may reach, and with which secrets, is as the operator has it now, not as it was when the conversation began: a host that is
 * withdrawn, or was given up with its application, is withdrawn from open conversations too. They go on as where nothing answers (`failed`).
 */
async function callAssistant({ asked, request, application, snapshot }: CallAssistantTask): Promise<RequestOutcome> {
  const allowedHosts = snapshot.findApplication(application)?.allowedHosts ?? [];
  return toRequestOutcome(
    await sendAssistantRequest(request, asked.id, { allowedHosts, secrets: snapshot.secrets }, "twice"),
  );
}

/** Something in it may be what stops us. */
function isForgotten(since: number): boolean {
  return Date.now() - since > REQUEST_DEADLINE_MILLISECONDS;
}

function findAssistantCall(state: SenderState): Omit<CallAssistantTask, "snapshot"> | null {
  for (const [number, { conversation }] of Object.entries(state.lines)) {
    if (conversation.status !== "open" || conversation.rest.kind !== "request") continue;
    const { turn, application, rest } = conversation;
    return { asked: { number, turn, id: rest.id }, request: rest.request, since: rest.since, application };
  }
  return null;
}
