import type { AssistantRequest, RequestOutcome } from "../assistants/contract.ts";
import type { Snapshot } from "../configuration/snapshot.ts";
import {
  ACCOUNT_WAIT_MILLISECONDS,
  REQUEST_PATIENCE_MILLISECONDS,
  REQUEST_UNHEARD_MILLISECONDS,
} from "../core/limits.ts";
import { request } from "../outbound/client.ts";
import type { Errand } from "./errands.ts";
import type { Asked } from "./machine.ts";
import type { SenderState } from "./state.ts";

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
  /** Stores how a request has ended, and sees to what follows. */
  readonly end: (question: Question, outcome: RequestOutcome) => Promise<void>;
}

/** Makes the requests of assistants. After a crash one is made again, with the same `Idempotency-Key`. */
export class Asking implements Errand<Question> {
  readonly failure = "request-failed";
  readonly patience = REQUEST_PATIENCE_MILLISECONDS;
  readonly #lender: Lender;
  #pausedUntil = 0;

  constructor(lender: Lender) {
    this.#lender = lender;
  }

  dueAt(state: SenderState): number | null {
    return questionIn(state) === null ? null : this.#pausedUntil;
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
    const outcome = isForgotten(question.since)
      ? ({ kind: "failed", reason: "Parley was stopped again and again while it was made" } as const)
      : await ask(question);
    await this.#lender.end(question, outcome);
  }
}

/**
 * Whom a request may reach, and with which secrets, is as the operator has it now, not as it was when the conversation began: a host that is
 * withdrawn, or was given up with its application, is withdrawn from open conversations too. They go on as where nothing answers (`failed`).
 */
async function ask({ asked, request: wanted, application, snapshot }: Question): Promise<RequestOutcome> {
  const { body, ...rest } = wanted;
  const answer = await request(
    { ...rest, ...(body === null ? {} : { body }), expect: "json", idempotencyKey: asked.id },
    { allowedHosts: snapshot.answering(application)?.allowedHosts ?? [], secrets: secretsFor(wanted.url, snapshot) },
  );
  if (answer.kind === "failed") return { kind: "failed", reason: `${answer.reason} (${answer.where})` };
  const { status, content } = answer;
  return { kind: "answered", status, json: content.kind === "json" ? content.value : null };
}

/** A secret goes to its own hosts, whatever a document says. */
function secretsFor(url: string, { secrets }: Snapshot): ReadonlyMap<string, string> {
  const host = URL.canParse(url) ? new URL(url).host : "";
  const own = [...secrets.values()].filter(({ hosts }) => hosts.includes(host));
  return new Map(own.map(({ name, value }) => [name, value]));
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
