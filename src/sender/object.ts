import { DurableObject } from "cloudflare:workers";
import type { Answering } from "../assistants/contract.ts";
import type { ReadyAccount, Snapshot } from "../configuration/snapshot.ts";
import { configuration } from "../configuration/store.ts";
import { ACCOUNT_WAIT_MILLISECONDS, SETTLE_AFTER_MILLISECONDS, UNSENT_ANSWER_MILLISECONDS } from "../core/limits.ts";
import { log } from "../core/log.ts";
import { createMessage, listMessages } from "../twilio/client.ts";
import type { InboundText } from "../twilio/inbound.ts";
import { formatPartId, type StatusReport } from "../twilio/status.ts";
import { type Decision, hear, nextTick, optOutReported, tick } from "./machine.ts";
import { afterLookup, afterPost, afterReport, drop, dueAt, type Job, partAt, plan, withDelivery } from "./outbox.ts";
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

/** A job, and the account in whose name it is done. */
interface Task {
  readonly job: Job;
  readonly account: ReadyAccount;
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
  /** Nothing is sent before this moment: the configuration, or an account in it, could not be had. */
  #pausedUntil = 0;
  /** All turns before this one are sent; saved with the next turn. */
  #firstUnsent = 1;
  /** The text that came last has found its application. */
  #arrivals: Promise<unknown> = Promise.resolve();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#store = new SenderStore(ctx.storage);
    void ctx.blockConcurrencyWhile(async () => {
      this.#alarmAt = await ctx.storage.getAlarm();
    });
  }

  /** Rows since the object woke: what its operator is billed for. */
  get rows(): { readonly written: number; readonly read: number } {
    return { written: this.#store.rowsWritten, read: this.#store.rowsRead };
  }

  /** Takes a text. Once this returns, the text is stored and its turn has happened, whatever dies; a text seen before changes nothing. */
  async receive(signed: SignedText): Promise<{ readonly duplicate: boolean }> {
    const { text, origin } = signed;
    const snapshot = await this.#inOrder(() => this.#configuration(signed.revision));
    const now = Date.now();
    const accepted = this.#commit(() => {
      if (!this.#store.see(text.sid)) return null;
      const decision = hear(this.#store.state(), text, { now, origin, answering: answeringIn(snapshot, signed) });
      return { task: this.#accept(decision, snapshot, now) };
    });
    if (accepted === null) return { duplicate: true };
    if (accepted.task === null) this.#arm();
    else this.ctx.waitUntil(this.#perform(accepted.task));
    return { duplicate: false };
  }

  /** Takes Twilio's report on a part. */
  report(report: StatusReport): void {
    const now = Date.now();
    const { turn: id, index } = report.part;
    const changed = this.#commit(() => {
      const turn = this.#store.turn(id);
      const part = turn?.parts[index];
      if (turn === null || part === undefined || turn.account !== report.accountSid) return false;
      return this.#saveDelivery(turn, index, afterReport(part.delivery, report, now), now);
    });
    if (changed) this.ctx.waitUntil(this.#perform(null));
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
      this.#commit(() => {
        const state = this.#store.state();
        const ticked = state === null ? null : tick(state, Date.now());
        if (ticked !== null && ticked !== state) this.#store.saveState(ticked);
      });
      this.#arm();
      await this.#perform(null);
    } catch (error) {
      this.#armAfterFailure("alarm-failed", error);
    }
  }

  /** One event, all of it or nothing. */
  #commit<Value>(work: () => Value): Value {
    try {
      return this.#store.transaction(work);
    } catch (error) {
      // What was seen as sent within the transaction may not be.
      this.#firstUnsent = 1;
      throw error;
    }
  }

  /** Stores a new turn. Where nothing waits before it, its first part is claimed in the same write. */
  #accept({ state, turn }: Decision, snapshot: Snapshot, now: number): Task | null {
    const withdrawn = isWithdrawn(state, turn);
    if (withdrawn) this.#dropWaiting(state, turn.number, now);
    const head = this.#head(state);
    const account = snapshot.accounts.get(turn.account);
    const free = head === null && !this.#performing && account !== undefined;
    const planned = free ? plan(turn, withdrawn, now) : null;
    const job = planned?.kind === "job" ? planned.job : null;
    this.#store.addTurn(job?.turn ?? turn);
    this.#store.saveState({ ...state, firstUnsent: head?.id ?? turn.id });
    return job === null || account === undefined ? null : { job, account };
  }

  /** After STOP nothing more is sent with this number, not even if START comes before its turn. */
  #dropWaiting(state: SenderState, number: string, now: number): void {
    for (let id = this.#head(state)?.id ?? state.nextTurn; id < state.nextTurn; id += 1) {
      const turn = this.#store.turn(id);
      const dropped = turn?.number === number ? drop(turn, "the sender opted out", now) : turn;
      if (dropped !== null && dropped !== turn) this.#store.saveTurn(dropped);
    }
  }

  /** Takes the next job that is due, its claim stored. What is taken must be performed without another await. */
  #take({ accounts }: Snapshot, now: number): Task | null {
    const state = this.#store.state();
    if (state === null || now < this.#pausedUntil) return null;
    for (let head = this.#head(state); head !== null; head = this.#head(state)) {
      const account = accounts.get(head.account);
      const planned =
        account === undefined ? this.#withoutAccount(head, now) : plan(head, isWithdrawn(state, head), now);
      if (planned.kind === "wait") return null;
      const { turn } = planned.kind === "job" ? planned.job : planned;
      if (turn !== head) this.#store.saveTurn(turn);
      if (planned.kind === "job" && account !== undefined) return { job: planned.job, account };
    }
    return null;
  }

  /** An account that cannot be used now may be put right: its texts wait for a day. */
  #withoutAccount(turn: Turn, now: number) {
    if (now - turn.heard.at > UNSENT_ANSWER_MILLISECONDS) {
      const dropped = drop(turn, `account ${turn.account} is not usable`, now);
      if (dropped !== turn) return { kind: "sent", turn: dropped } as const;
    }
    this.#pausedUntil = now + ACCOUNT_WAIT_MILLISECONDS;
    return { kind: "wait", until: this.#pausedUntil } as const;
  }

  /** The first turn with a part that is not sent: parts go out in order, so only this one matters. */
  #head(state: SenderState): Turn | null {
    this.#firstUnsent = Math.max(this.#firstUnsent, state.firstUnsent);
    for (; this.#firstUnsent < state.nextTurn; this.#firstUnsent += 1) {
      const turn = this.#store.turn(this.#firstUnsent);
      if (turn === null) return null;
      if (dueAt(turn) !== null) return turn;
    }
    return null;
  }

  /** Arms the alarm, then does a task and all that are due after it, one after the other. Never throws. */
  async #perform(first: Task | null): Promise<void> {
    if (this.#performing) return;
    this.#performing = true;
    try {
      this.#arm();
      for (let task = first ?? (await this.#next()); task !== null; task = await this.#next()) await this.#do(task);
    } catch (error) {
      this.#performing = false;
      this.#armAfterFailure("outbox-failed", error);
    }
  }

  async #next(): Promise<Task | null> {
    const snapshot = await this.#configuration().catch(() => null);
    const now = Date.now();
    if (snapshot === null) this.#pausedUntil = now + ACCOUNT_WAIT_MILLISECONDS;
    const task = snapshot === null ? null : this.#commit(() => this.#take(snapshot, now));
    if (task === null) {
      // In the same stretch as the look for a task: a text that comes now finds nobody performing, and begins.
      this.#performing = false;
      this.#arm();
    }
    return task;
  }

  async #do({ job, account }: Task): Promise<void> {
    const settle = await this.#askTwilio(job, account);
    const now = Date.now();
    this.#commit(() => {
      // The turn may have changed while Twilio was asked: a callback can be faster than the answer.
      const turn = this.#store.turn(job.turn.id) ?? job.turn;
      this.#saveDelivery(turn, job.index, settle(partAt(turn, job.index), now), now);
    });
  }

  /** Asks Twilio at once, and returns what its answer makes of the part. */
  async #askTwilio({ kind, turn, index }: Job, account: ReadyAccount): Promise<(part: Part, now: number) => Delivery> {
    const { phone, origin } = this.#store.state() ?? { phone: "", origin: "" };
    const pair = { from: turn.number, to: phone };
    if (kind === "look-up") {
      const answer = await listMessages(account, pair);
      return (part, now) => afterLookup(part, answer, this.#knownSids(turn), now);
    }
    const { text, media } = partAt(turn, index);
    const statusCallback = `${origin}/twilio/status?part=${formatPartId({ turn: turn.id, index })}`;
    const answer = await createMessage(account, { ...pair, text, media, statusCallback });
    return (part, now) => afterPost(part.delivery, answer, now, Math.random());
  }

  /** @returns whether anything has changed; where nothing has, nothing is written */
  #saveDelivery(turn: Turn, index: number, delivery: Delivery, now: number): boolean {
    if (delivery === partAt(turn, index).delivery) return false;
    this.#store.saveTurn(withDelivery(turn, index, delivery));
    const state = this.#store.state();
    const told = state === null ? null : optOutReported(state, turn.number, delivery, now);
    if (told !== null && told !== state) {
      this.#store.saveState(told);
      this.#dropWaiting(told, turn.number, now);
    }
    return true;
  }

  #knownSids({ id }: Turn): ReadonlySet<string> {
    const turns = this.#store.turnsUntil(id, TURNS_WITH_KNOWN_SIDS);
    const sids = turns.flatMap(({ parts }) => parts.map(({ delivery }) => ("sid" in delivery ? delivery.sid : null)));
    return new Set(sids.filter((sid) => sid !== null));
  }

  /** Lets nobody overtake: who waits for the configuration is served before who comes later. */
  async #inOrder<Value>(work: () => Promise<Value>): Promise<Value> {
    const mine = this.#arrivals.then(work);
    this.#arrivals = mine.catch(() => undefined);
    return await mine;
  }

  #configuration(revision?: number): Promise<Snapshot> {
    return configuration(this.env, (work) => this.ctx.waitUntil(work), revision);
  }

  /** Sees to it that the object wakes when something is due; what is being performed is due again if nobody has heard of it for long. */
  #arm(): void {
    const state = this.#store.state();
    if (state === null) return;
    const head = this.#head(state);
    const earliest = this.#performing ? Date.now() + SETTLE_AFTER_MILLISECONDS : this.#pausedUntil;
    const due = head === null ? null : Math.max(dueAt(head) ?? 0, earliest);
    const moments = [due, nextTick(state)].filter((moment) => moment !== null);
    if (moments.length > 0) this.#armAt(Math.min(...moments));
  }

  #armAfterFailure(event: string, error: unknown): void {
    log("error", event, { error: error instanceof Error ? error.name : "unknown" });
    this.#armAt(Date.now() + ALARM_AFTER_FAILURE_MILLISECONDS);
  }

  /** An alarm that comes too early is harmless and stays: moving it would be a row written in every turn. */
  #armAt(moment: number): void {
    if (this.#alarmAt !== null && this.#alarmAt <= moment) return;
    this.#alarmAt = Math.max(moment, Date.now() + SOONEST_ALARM_MILLISECONDS);
    this.#store.setAlarm(this.#alarmAt);
  }
}

/** Finds applications: that of an open conversation, else the one that answers on the number now. */
function answeringIn(snapshot: Snapshot, { application }: SignedText): (id: string | null) => Answering {
  return (id) => {
    const found = (id === null ? null : snapshot.answering(id)) ?? snapshot.answering(application);
    if (found === null) throw new Error(`application ${application} is not in the configuration`);
    return found;
  };
}

function isWithdrawn(state: SenderState, turn: Turn): boolean {
  return state.lines[turn.number]?.consent.status === "withdrawn";
}
