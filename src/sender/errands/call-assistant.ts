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

/** A request of an assistant, and the wait that its end belongs to. */
export interface CallAssistantTask {
  readonly waitRef: WaitRef;
  readonly request: AssistantRequest;
  /** When the request was first made; milliseconds since 1970. */
  readonly since: number;
  readonly application: string;
  readonly snapshot: ConfigurationSnapshot;
}

/** Makes the requests of assistants. After a crash, a request is made again with the same `Idempotency-Key`. */
export class CallAssistantErrand implements Errand<CallAssistantTask> {
  readonly failureEvent = "assistant-call-failed";
  readonly timeoutMilliseconds: number;
  readonly #host: ErrandHost;
  readonly #findCall = memoizeLast(findAssistantCall);
  #pausedUntil = 0;
  /** The turn of the latest request, and the circuit breakers that wait for the result of the turn. */
  #lastTurn = "";
  readonly #pendingCircuits = new Set<string>();

  constructor(host: ErrandHost, { settleAfter }: SendTiming) {
    this.timeoutMilliseconds = Math.min(REQUEST_RECHECK_MILLISECONDS, settleAfter);
    this.#host = host;
  }

  dueAt(state: SenderState): number | null {
    return this.#findCall(state) === null ? null : this.#pausedUntil;
  }

  /** A conversation that waits for a response has an alarm, so the sweep is not needed. */
  isTroubled(): boolean {
    return false;
  }

  takeTask(snapshot: ConfigurationSnapshot | null, now: number): CallAssistantTask | null {
    const state = this.#host.state();
    const task = state === null ? null : findAssistantCall(state);
    if (task === null) return null;
    if (snapshot !== null) return { ...task, snapshot };
    this.#pausedUntil = now + ACCOUNT_RETRY_MILLISECONDS;
    return null;
  }

  async performTask(task: CallAssistantTask): Promise<void> {
    const { application, request } = task;
    if (request.delaySeconds !== undefined) {
      await scheduler.wait(request.delaySeconds * 1_000);
      if (!this.#isAwaited(task)) return;
    }
    const turn = toTurnId(task.waitRef.id);
    const circuit = request.location === undefined ? null : `${application} ${request.location}`;
    if (circuit !== null && !circuits.mayAsk(circuit, turn, Date.now())) {
      await this.#finishRequest(task, { kind: "failed", reason: "it is paused after repeated failures" });
      return;
    }
    const outcome = isPastDeadline(task.since)
      ? ({ kind: "failed", reason: "Parley stopped repeatedly while the request was made" } as const)
      : await callAssistant(task);
    this.#notePendingCircuit(turn, circuit);
    const isUsable = await this.#finishRequest(task, outcome);
    if (isUsable !== null) this.#settlePendingCircuits(isUsable);
  }

  /**
   * Resumes the turn with the end of a request.
   * @returns whether the assistant could use the end; null if it makes another request first, or nothing waits any more
   */
  async #finishRequest({ waitRef, snapshot }: CallAssistantTask, outcome: RequestOutcome): Promise<boolean | null> {
    const decide: ResumeTurn = (state, turn, context) => resumeAfterRequest(state, waitRef, outcome, turn, context);
    const decision = await this.#host.resumeTurn({ turn: waitRef.turn, snapshot, decide });
    return decision === null ? null : assessAnswer(decision);
  }

  #notePendingCircuit(turn: string, circuit: string | null): void {
    if (this.#lastTurn !== turn) this.#pendingCircuits.clear();
    this.#lastTurn = turn;
    if (circuit !== null) this.#pendingCircuits.add(circuit);
  }

  /** Reports the result of a turn to all circuit breakers that its requests went through. */
  #settlePendingCircuits(isUsable: boolean): void {
    for (const circuit of this.#pendingCircuits) circuits.recordOutcome(circuit, isUsable, Date.now());
    this.#pendingCircuits.clear();
  }

  /** Returns whether the request is still awaited: STOP may have come, or the answer to an earlier try. */
  #isAwaited({ waitRef }: CallAssistantTask): boolean {
    const state = this.#host.state();
    return state !== null && findAssistantCall(state)?.waitRef.id === waitRef.id;
  }
}

/** @returns whether the assistant could use the end of a request; null if it waits for more before it answers */
function assessAnswer({ state, turn, failed }: TurnDecision): boolean | null {
  if (failed !== undefined) return false;
  const conversation = state.lines[turn.number]?.conversation;
  const wait = conversation?.status === "open" ? conversation.rest.kind : "text";
  return wait === "request" || wait === "pause" || wait === "file" ? null : true;
}

/** Shared by all Senders in this isolate. */
const circuits = new CircuitBreakers();

/**
 * Makes a request with the hosts and secrets that the operator allows now, not those from when the conversation opened:
 * a host that was removed, alone or with its application, is out of reach for open conversations too. Their requests
 * fail.
 */
async function callAssistant({ waitRef, request, application, snapshot }: CallAssistantTask): Promise<RequestOutcome> {
  const allowedHosts = snapshot.findApplication(application)?.allowedHosts ?? [];
  return toRequestOutcome(
    await sendAssistantRequest(request, waitRef.id, { allowedHosts, secrets: snapshot.secrets }, "twice"),
  );
}

/** Returns whether a request is not made again, since the request itself may crash the Sender. */
function isPastDeadline(since: number): boolean {
  return Date.now() - since > REQUEST_DEADLINE_MILLISECONDS;
}

function findAssistantCall(state: SenderState): Omit<CallAssistantTask, "snapshot"> | null {
  for (const [number, { conversation }] of Object.entries(state.lines)) {
    if (conversation.status !== "open" || conversation.rest.kind !== "request") continue;
    const { turn, application, rest: wait } = conversation;
    return { waitRef: { number, turn, id: wait.id }, request: wait.request, since: wait.since, application };
  }
  return null;
}
