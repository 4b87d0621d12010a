import { ask, outcomeOf, turnIdOf } from "../../assistants/client.ts";
import type { Snapshot } from "../../configuration/snapshot.ts";
import type { AssistantRequest, RequestOutcome } from "../../contract/assistant.ts";
import { rememberingLast } from "../../core/last.ts";
import {
  ACCOUNT_WAIT_MILLISECONDS,
  REQUEST_PATIENCE_MILLISECONDS,
  REQUEST_UNHEARD_MILLISECONDS,
} from "../../core/limits/sender.ts";
import { Circuits } from "../../outbound/circuits.ts";
import type { Pace } from "../delivery/retry-timing.ts";
import type { Asked, Decision } from "../events/text-received.ts";
import type { SenderState } from "../model/state.ts";
import type { Errand } from "./errand.ts";

/** A request of an assistant's, and where its end belongs. */
export interface Question {
  readonly asked: Asked;
  readonly request: AssistantRequest;
  /** When it was first made; milliseconds since 1970. */
  readonly since: number;
  readonly application: string;
  readonly snapshot: Snapshot;
}

/** What the object lends to this errand. */
export interface Lender {
  readonly state: () => SenderState | null;
  /**
   * Stores how a request has ended, and sees to what follows.
   * @returns whether the assistant could make anything of it; null where it asks for more before it answers, or nobody waits any more
   */
  readonly end: (question: Question, outcome: RequestOutcome) => Promise<boolean | null>;
}

/** Makes the requests of assistants. After a crash one is made again, with the same `Idempotency-Key`. */
export class Asking implements Errand<Question> {
  readonly failure = "request-failed";
  readonly patience: number;
  readonly #lender: Lender;
  readonly #questionIn = rememberingLast(questionIn);
  #pausedUntil = 0;
  /** The turn that was asked about last, and the places that nobody knows of yet whether they have answered it. */
  #turn = "";
  readonly #places = new Set<string>();

  constructor(lender: Lender, { settleAfter }: Pace) {
    this.patience = Math.min(REQUEST_PATIENCE_MILLISECONDS, settleAfter);
    this.#lender = lender;
  }

  dueAt(state: SenderState): number | null {
    return this.#questionIn(state) === null ? null : this.#pausedUntil;
  }

  /** A conversation that waits for an answer has its alarm; only what cannot be sent is trouble. */
  isTroubled(): boolean {
    return false;
  }

  take(snapshot: Snapshot | null, now: number): Question | null {
    const state = this.#lender.state();
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
      await this.#lender.end(question, { kind: "failed", reason: "it rests, since it failed again and again" });
      return;
    }
    const outcome = isForgotten(question.since)
      ? ({ kind: "failed", reason: "Parley was stopped again and again while it was made" } as const)
      : await outcomeFor(question);
    this.#note(turn, place);
    const isWell = await this.#lender.end(question, outcome);
    if (isWell !== null) this.#report(isWell);
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
    const state = this.#lender.state();
    return state !== null && questionIn(state)?.asked.id === asked.id;
  }
}

/** @returns whether the assistant could make anything of the end of a request; null where it asks for more before it answers */
export function understood({ state, turn, failed }: Decision): boolean | null {
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
