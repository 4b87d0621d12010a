import { DurableObject } from "cloudflare:workers";
import type { Answering } from "../assistants/contract.ts";
import type { ReadyAccount, Snapshot } from "../configuration/snapshot.ts";
import { configuration } from "../configuration/store.ts";
import { RETRY_BASE_MILLISECONDS, SETTLE_AFTER_MILLISECONDS } from "../core/limits.ts";
import { log } from "../core/log.ts";
import type { Answer } from "../twilio/answer.ts";
import { createMessage, listMessages } from "../twilio/client.ts";
import type { InboundText } from "../twilio/inbound.ts";
import { formatPartId, type StatusReport } from "../twilio/status.ts";
import { type Decision, hear, nextTick, tick } from "./machine.ts";
import { afterLookup, afterPost, afterReport, dueAt, type Job, partAt, plan, withDelivery } from "./outbox.ts";
import type { Delivery, Part, SenderState, Turn } from "./state.ts";
import { SenderStore } from "./store.ts";
import { type Message, page, type TranscriptQuery, turnOf } from "./transcript.ts";

/** A text that Twilio has signed, with what the webhook knows of its way. */
export interface SignedText {
  readonly text: InboundText;
  /** The application that answers on the number now. */
  readonly application: string;
  /** The origin that Twilio reaches us by. */
  readonly origin: string;
  /** The revision of the configuration that the webhook saw. */
  readonly revision: number;
}

/** An alarm set for now, from within an alarm, is lost by the runtime. */
const SOONEST_ALARM_MILLISECONDS = 500;

/** After a failure that nobody foresaw. */
const ALARM_AFTER_FAILURE_MILLISECONDS = 30_000;

/** SIDs of this many turns are known when Twilio's list is searched for a part. */
const TURNS_WITH_KNOWN_SIDS = 100;

/**
 * One person's phone. A thin shell: load, decide, commit, arm, perform. Every event is one synchronous transaction; whatever is to be done
 * at Twilio is stored, and has an alarm, before it is tried.
 */
export class Sender extends DurableObject<Env> {
  readonly #store: SenderStore;
  #alarmAt: number | null = null;
  #performing = false;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#store = new SenderStore(ctx.storage);
    void ctx.blockConcurrencyWhile(async () => {
      this.#alarmAt = await ctx.storage.getAlarm();
    });
  }

  /** Rows written since the object woke: what its operator is billed for. */
  get rowsWritten(): number {
    return this.#store.rowsWritten;
  }

  /** Takes a text. Once this returns, the text is stored and its turn has happened, whatever dies; a text seen before changes nothing. */
  async receive(signed: SignedText): Promise<{ readonly duplicate: boolean }> {
    const answering = await this.#answering(signed);
    const { text, origin } = signed;
    const now = Date.now();
    const accepted = this.#store.transaction(() => {
      if (!this.#store.see(text.sid)) return null;
      const decision = hear(this.#store.state(), text, { now, origin, answering });
      return { job: this.#accept(decision, now) };
    });
    if (accepted === null) return { duplicate: true };
    this.ctx.waitUntil(this.#perform(accepted.job));
    return { duplicate: false };
  }

  /** Takes Twilio's report on a part. */
  report(report: StatusReport): void {
    const now = Date.now();
    const { turn: id, index } = report.part;
    const job = this.#store.transaction(() => {
      const turn = this.#store.turn(id);
      const part = turn?.parts[index];
      if (turn === null || part === undefined || turn.account !== report.accountSid) return null;
      const delivery = afterReport(part.delivery, report, now);
      if (delivery === part.delivery) return null;
      this.#store.saveTurn(withDelivery(turn, index, delivery));
      return this.#performing ? null : this.#take(now);
    });
    if (job !== null) this.ctx.waitUntil(this.#perform(job));
  }

  /** One page of the transcript with a number; null where this phone never texted it. */
  transcript(query: TranscriptQuery): readonly Message[] | null {
    const state = this.#store.state();
    if (state?.lines[query.number] === undefined) return null;
    const beginning = query.order === "asc" ? 1 : state.nextTurn;
    const from = query.after === null ? beginning : (turnOf(query.after) ?? beginning);
    // Every turn has one message at least, and the first of these turns may be one that the page before has shown.
    return page(this.#store.turnsWith(query.number, from, query.order, query.limit + 1), query);
  }

  /** Never throws: the runtime gives up an alarm that has failed six times. */
  override async alarm(): Promise<void> {
    this.#alarmAt = null;
    try {
      const now = Date.now();
      const job = this.#store.transaction(() => {
        const state = this.#store.state();
        if (state === null) return null;
        const ticked = tick(state, now);
        if (ticked !== state) this.#store.saveState(ticked);
        return this.#performing ? null : this.#take(now);
      });
      await this.#perform(job);
    } catch (error) {
      log("error", "alarm-failed", { error: error instanceof Error ? error.name : "unknown" });
      this.#armAt(Date.now() + ALARM_AFTER_FAILURE_MILLISECONDS);
    }
  }

  /** Stores a new turn. Where nothing waits before it, its first part is claimed in the same write. */
  #accept({ state, turn }: Decision, now: number): Job | null {
    const head = this.#head(state);
    const planned = head === null ? plan(turn, isWithdrawn(state, turn), now) : null;
    const job = planned?.kind === "job" ? planned.job : null;
    this.#store.addTurn(job?.turn ?? turn);
    this.#store.saveState({ ...state, firstUnsent: head?.id ?? turn.id });
    return job;
  }

  /** Takes the next job that is due, its claim stored. Only while no other is being performed. */
  #take(now: number): Job | null {
    const state = this.#store.state();
    if (state === null) return null;
    for (let head = this.#head(state); head !== null; head = this.#head(state)) {
      const planned = plan(head, isWithdrawn(state, head), now);
      if (planned.kind === "wait") return null;
      const { turn } = planned.kind === "job" ? planned.job : planned;
      if (turn !== head) this.#store.saveTurn(turn);
      if (planned.kind === "job") return planned.job;
    }
    return null;
  }

  /** The first turn with a part that is not sent: parts go out in order, so only this one matters. */
  #head(state: SenderState): Turn | null {
    for (let id = state.firstUnsent; id < state.nextTurn; id += 1) {
      const turn = this.#store.turn(id);
      if (turn !== null && dueAt(turn) !== null) return turn;
    }
    return null;
  }

  /** Arms the alarm, then does a job and all that are due after it, one after the other. Never throws. */
  async #perform(first: Job | null): Promise<void> {
    if (this.#performing || first === null) return this.#arm();
    this.#performing = true;
    try {
      this.#arm();
      for (let job: Job | null = first; job !== null; ) job = await this.#performOne(job);
      this.#performing = false;
      this.#arm();
    } catch (error) {
      this.#performing = false;
      log("error", "outbox-failed", { error: error instanceof Error ? error.name : "unknown" });
      this.#armAt(Date.now() + ALARM_AFTER_FAILURE_MILLISECONDS);
    }
  }

  async #performOne(job: Job): Promise<Job | null> {
    const settle = await this.#atTwilio(job);
    const now = Date.now();
    return this.#store.transaction(() => {
      // The turn may have changed while Twilio was asked: a callback can be faster than the answer.
      const turn = this.#store.turn(job.turn.id) ?? job.turn;
      const part = partAt(turn, job.index);
      const delivery = settle(part, now);
      if (delivery !== part.delivery) this.#store.saveTurn(withDelivery(turn, job.index, delivery));
      return this.#take(now);
    });
  }

  /** Asks Twilio, and returns what its answer makes of the part. */
  async #atTwilio({ kind, turn, index }: Job): Promise<(part: Part, now: number) => Delivery> {
    const { text, media } = partAt(turn, index);
    const { phone, origin } = this.#store.state() ?? { phone: "", origin: "" };
    const account = await this.#account(turn.account);
    const pair = { from: turn.number, to: phone };
    if (kind === "look-up") {
      const answer = "kind" in account ? account : await listMessages(account, pair);
      return (part, now) => afterLookup(part, answer, this.#knownSids(turn), now);
    }
    const statusCallback = `${origin}/twilio/status?part=${formatPartId({ turn: turn.id, index })}`;
    const answer = "kind" in account ? account : await createMessage(account, { ...pair, text, media, statusCallback });
    return (part, now) => afterPost(part.delivery, answer, now, Math.random());
  }

  /** @returns the account, or why nothing can be asked of Twilio in its name */
  async #account(sid: string): Promise<ReadyAccount | Exclude<Answer<never>, { kind: "done" }>> {
    try {
      const account = (await this.#configuration()).accounts.get(sid);
      const refusal = { httpStatus: 0, code: null, message: `account ${sid} is not configured` };
      return account ?? { kind: "refused", refusal };
    } catch {
      return { kind: "busy", retryAfterMilliseconds: RETRY_BASE_MILLISECONDS };
    }
  }

  #knownSids({ number, id }: Turn): ReadonlySet<string> {
    const turns = this.#store.turnsWith(number, id, "desc", TURNS_WITH_KNOWN_SIDS);
    return new Set(
      turns.flatMap(({ parts }) => parts.flatMap(({ delivery }) => ("sid" in delivery ? [delivery.sid] : []))),
    );
  }

  /** Finds applications: that of an open conversation, else the one that answers on the number now. */
  async #answering({ application, revision }: SignedText): Promise<(id: string | null) => Answering> {
    const snapshot = await this.#configuration(revision);
    return (id) => {
      const found = (id === null ? null : snapshot.answering(id)) ?? snapshot.answering(application);
      if (found === null) throw new Error(`application ${application} is not in the configuration`);
      return found;
    };
  }

  #configuration(revision?: number): Promise<Snapshot> {
    return configuration(this.env, (work) => this.ctx.waitUntil(work), revision);
  }

  /** Sees to it that the object wakes when something is due; what is being performed is due again if nobody has heard of it for long. */
  #arm(): void {
    const state = this.#store.state();
    if (state === null) return;
    const head = this.#head(state);
    const earliest = this.#performing ? Date.now() + SETTLE_AFTER_MILLISECONDS : 0;
    const due = head === null ? null : Math.max(dueAt(head) ?? 0, earliest);
    const moments = [due, nextTick(state)].filter((moment) => moment !== null);
    if (moments.length > 0) this.#armAt(Math.min(...moments));
  }

  /** An alarm that comes too early is harmless and stays: moving it would be a row written in every turn. */
  #armAt(moment: number): void {
    if (this.#alarmAt !== null && this.#alarmAt <= moment) return;
    this.#alarmAt = Math.max(moment, Date.now() + SOONEST_ALARM_MILLISECONDS);
    this.#store.setAlarm(this.#alarmAt);
  }
}

function isWithdrawn(state: SenderState, turn: Turn): boolean {
  return state.lines[turn.number]?.consent.status === "withdrawn";
}
