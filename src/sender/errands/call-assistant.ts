import { ask, outcomeOf, turnIdOf } from "../../assistants/client.ts";
import type { Snapshot } from "../../configuration/snapshot.ts";
import type { AssistantRequest, RequestOutcome } from "../../contract/assistant.ts";
import { rememberingLast } from "../../core/last.ts";
import {
  ACCOUNT_WAIT_MILLISECONDS,
  REQUEST_PATIENCE_MILLISECONDS,
  REQUEST_UNHEARD_MILLISECONDS,
} from "../../core/limits/sender.ts";
import type { Pace } from "../../core/send-timing.ts";
import { Circuits } from "../../outbound/circuits.ts";
import type { Decision, Ending } from "../events/decision.ts";
import { answered } from "../events/request-ended.ts";
import type { Asked } from "../model/context.ts";
import type { SenderState } from "../model/state.ts";
import type { Errand, ErrandHost } from "./errand.ts";

/** A request of an assistant's, and where its end belongs. */
export interface Question {
  readonly asked: Asked;
  readonly request: AssistantRequest;
  /** When it was first made; milliseconds since 1970. */
  readonly since: number;
  readonly application: string;
  readonly snapshot: Snapshot;
}

/** Makes the requests of assistants. After a crash one is made again, with the same `Idempotency-Key`. */
export class Asking implements Errand<Question> {
  readonly failure = "request-failed";
  readonly patience: number;
  readonly #host: ErrandHost;
  readonly #questionIn = rememberingLast(questionIn);
  #pausedUntil = 0;
  /** The turn that was asked about last, and the places that nobody knows of yet whether they have answered it. */
  #turn = "";
  readonly #places = new Set<string>();

  constructor(host: ErrandHost, { settleAfter }: Pace) {
    this.patience = Math.min(REQUEST_PATIENCE_MILLISECONDS, settleAfter);
    this.#host = host;
  }

  dueAt(state: SenderState): number | null {
    return this.#questionIn(state) === null ? null : this.#pausedUntil;
  }

  /** A conversation that waits for an answer has its alarm; only what cannot be sent is trouble. */
  isTroubled(): boolean {
    return false;
  }

  take(snapshot: Snapshot | null, now: number): Question | null {
    const state = this.#host.state();
    const question = state === null ? null : questionIn(state);
    if (question === null) return null;
    if (snapshot !== null) return { ...question, snapshot };
    this.#pausedUntil = now + ACCOUNT_WAIT_MILLISECONDS;
    return null;
  }

  async do(question: Question): Promise<void> {
    const { application, request: wanted } = question;
    if (wanted.delaySeconds !== undefined) {
      await scheduler.wait(wanted.delaySeconds * 1_000);
      if (!this.#isWanted(question)) return;
    }
    const turn = turnIdOf(question.asked.id);
    const place = wanted.location === undefined ? null : `${application} ${wanted.location}`;
    if (place !== null && !circuits.mayAsk(place, turn, Date.now())) {
      await this.#end(question, { kind: "failed", reason: "it rests, since it failed again and again" });
      return;
    }
    const outcome = isForgotten(question.since)
      ? ({ kind: "failed", reason: "Parley was stopped again and again while it was made" } as const)
      : await outcomeFor(question);
    this.#note(turn, place);
    const isWell = await this.#end(question, outcome);
    if (isWell !== null) this.#report(isWell);
  }

  /**
   * Resumes the turn with the end of a request.
   * @returns whether the assistant could use the end; null if it makes another request first, or nothing waits any more
   */
  async #end({ asked, snapshot }: Question, outcome: RequestOutcome): Promise<boolean | null> {
    const decide: Ending = (state, turn, world) => answered(state, asked, outcome, turn, world);
    const decision = await this.#host.resume({ turn: asked.turn, snapshot, decide });
    return decision === null ? null : understood(decision);
  }

  #note(turn: string, place: string | null): void {
    if (this.#turn !== turn) this.#places.clear();
    this.#turn = turn;
    if (place !== null) this.#places.add(place);
  }

  /** A place that has taken a question is well where an answer has come of it, by whatever requests. */
  #report(isWell: boolean): void {
    for (const place of this.#places) circuits.report(place, isWell, Date.now());
    this.#places.clear();
  }

  /** STOP may have come, or the answer to what was asked before a crash. */
  #isWanted({ asked }: Question): boolean {
    const state = this.#host.state();
    return state !== null && questionIn(state)?.asked.id === asked.id;
  }
}

/** @returns whether the assistant could make anything of the end of a request; null where it asks for more before it answers */
function understood({ state, turn, failed }: Decision): boolean | null {
  if (failed !== undefined) return false;
  const conversation = state.lines[turn.number]?.conversation;
  const rest = conversation?.status === "open" ? conversation.rest.kind : "text";
  return rest === "request" || rest === "pause" || rest === "file" ? null : true;
}

/** Shared by all that runs in this isolate. */
const circuits = new Circuits();

/**
 * Whom a request may reach, and with which secrets, is as the operator has it now, not as it was when the conversation began: a host that is
 * withdrawn, or was given up with its application, is withdrawn from open conversations too. They go on as where nothing answers (`failed`).
 */
async function outcomeFor({ asked, request, application, snapshot }: Question): Promise<RequestOutcome> {
  const allowedHosts = snapshot.answering(application)?.allowedHosts ?? [];
  return outcomeOf(await ask(request, asked.id, { allowedHosts, secrets: snapshot.secrets }, "twice"));
}

/** Something in it may be what stops us. */
function isForgotten(since: number): boolean {
  return Date.now() - since > REQUEST_UNHEARD_MILLISECONDS;
}

function questionIn(state: SenderState): Omit<Question, "snapshot"> | null {
  for (const [number, { conversation }] of Object.entries(state.lines)) {
    if (conversation.status !== "open" || conversation.rest.kind !== "request") continue;
    const { turn, application, rest } = conversation;
    return { asked: { number, turn, id: rest.id }, request: rest.request, since: rest.since, application };
  }
  return null;
}
