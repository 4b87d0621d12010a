import type { OptOutHandler } from "../../src/consent/carrier-keywords.ts";
import type { ConsentStatement, ConsentStatementOutcome } from "../../src/consent/ledger.ts";
import type { ReadyApplication, RequestOutcome } from "../../src/contract/assistant.ts";
import type { PhoneNumber } from "../../src/core/phone.ts";
import type { IdentityResult } from "../../src/identity/identity-check.ts";
import { findLinkedPerson, type Person } from "../../src/identity/person.ts";
import type { ReadyList } from "../../src/notify/list.ts";
import type { Notice, NoticeReport } from "../../src/notify/notice.ts";
import { changeSubscription } from "../../src/notify/subscriptions.ts";
import type { CapVerdict } from "../../src/send-limits/daily-caps.ts";
import type { SendLimits } from "../../src/send-limits/number-limits.ts";
import {
  applyLookupAnswer,
  applyPostAnswer,
  applyStatusReport,
  getPart,
  type PartAction,
  type PartResolution,
} from "../../src/sender/delivery/part-lifecycle.ts";
import { resumeAfterIdentityCheck } from "../../src/sender/events/identity-checked.ts";
import { resumeAfterMedia } from "../../src/sender/events/media-settled.ts";
import { resumeAfterRequest } from "../../src/sender/events/request-ended.ts";
import { receiveText } from "../../src/sender/events/text-received.ts";
import type { DecisionContext } from "../../src/sender/model/context.ts";
import type { LinkedText } from "../../src/sender/model/inbound-text.ts";
import { createLine, createSenderState } from "../../src/sender/model/line.ts";
import type { Line, SenderState, Turn } from "../../src/sender/model/state.ts";
import { recordConsentStatements } from "../../src/sender/records/consent-ledger.ts";
import { handleDueEvents } from "../../src/sender/records/due-runner.ts";
import { type CopyOutcome, MediaCopies } from "../../src/sender/records/media-copies.ts";
import { NoticeLog } from "../../src/sender/records/notice-log.ts";
import { SenderStore } from "../../src/sender/records/store.ts";
import { findPendingSync, settleSyncedChanges } from "../../src/sender/records/subscription-changes.ts";
import { TurnLog } from "../../src/sender/records/turn-log.ts";
import {
  findPendingIdentityResult,
  receivePageGuess,
  updateLinkedPerson,
} from "../../src/sender/rules/identity-check.ts";
import type { AcceptedMessage, ListedMessage, TwilioAnswer } from "../../src/twilio/rest-answer.ts";
import type { DeliveryStatus } from "../../src/twilio/status-callback.ts";
import { inbound } from "./chat.ts";
import { type Fixture, type Recording, StoredDatabase } from "./stored.ts";

export const SHOP = "+12025550100";
export const BOT = "+12025550101";
/** Noon in New York. */
const NOON = Date.UTC(2026, 2, 2, 17);
const SECOND = 1_000;

/** The configuration that a stored sender lives with. */
export interface Surroundings {
  readonly answering: (number: PhoneNumber) => ReadyApplication;
  readonly lists: readonly ReadyList[];
  readonly guard?: OptOutHandler;
  readonly brakes?: SendLimits;
  /** A number has a daily cap. */
  readonly isCapped?: boolean;
  /** The number that texts go to by default. */
  readonly number?: PhoneNumber;
}

/** One sender over the real store, optionally with the rows of a fixture. It has its own clock and no network. */
export class StoredSender {
  now: number;
  readonly #surroundings: Surroundings;
  readonly #number: PhoneNumber;
  readonly #database: StoredDatabase;
  readonly #store: SenderStore;
  readonly #turns: TurnLog;
  readonly #copies: MediaCopies;
  readonly #notices: NoticeLog;
  /** The job in flight. */
  #job: PartAction | null = null;
  #texts: number;

  constructor(surroundings: Surroundings, fixture: Fixture | null = null) {
    this.now = fixture?.now ?? NOON;
    this.#surroundings = surroundings;
    this.#number = surroundings.number ?? SHOP;
    this.#database = new StoredDatabase(fixture);
    this.#store = new SenderStore(this.#database.storage);
    this.#turns = new TurnLog(this.#store, { settleAfter: 60 * SECOND, partWait: 5 * SECOND });
    this.#copies = new MediaCopies(this.#store);
    this.#notices = new NoticeLog(this.#store, this.#turns);
    this.#texts = fixture?.rows["seen"]?.length ?? 0;
  }

  /** Receives a text. @param send whether the first part may be claimed at once */
  text(text: string, more: Partial<LinkedText> = {}, send = false): this {
    this.#texts += 1;
    const heard: LinkedText = { ...inbound(this.#texts, text), to: this.#number, ...more };
    this.#store.runTransaction(() => {
      if (!this.#store.markSeen(heard.sid)) return;
      const decision = receiveText(this.#store.state(), heard, this.#world);
      const accepted = this.#copies.acceptMedia(decision, this.keepsMedia, this.now);
      this.#job = this.#turns.acceptTurn(accepted, send && this.#surroundings.isCapped !== true, this.now);
    });
    return this.pass(0);
  }

  keepsMedia = true;

  /** Lets time pass and handles everything that it makes due. */
  pass(seconds: number): this {
    this.now += seconds * SECOND;
    this.#store.runTransaction(() => handleDueEvents(this.#store, this.#turns, () => this.#world));
    return this;
  }

  /** Claims the next part, or starts a question about it. @returns the kind of job */
  take(): PartAction["kind"] | null {
    const isCapped = () => this.#surroundings.isCapped === true;
    this.#job = this.#store.runTransaction(() => this.#turns.takeAction(() => true, this.now, isCapped));
    return this.#job?.kind ?? null;
  }

  /** Settles the open job by Twilio's answer. */
  settle(answer: TwilioAnswer<AcceptedMessage> | TwilioAnswer<readonly ListedMessage[]>): this {
    const job = this.#job;
    if (job === null) throw new Error("nothing was asked of Twilio");
    this.#job = null;
    const moment = { now: this.now, chance: 0.5, timing: { settleAfter: 60 * SECOND, partWait: 5 * SECOND } };
    this.#store.runTransaction(() =>
      this.#turns.settlePart(
        job.turn.id,
        job.index,
        (delivery, turn) =>
          job.kind === "post"
            ? applyPostAnswer(delivery, answer as TwilioAnswer<AcceptedMessage>, moment)
            : applyLookupAnswer(getPart(turn, job.index), answer as TwilioAnswer<readonly ListedMessage[]>, new Set(), {
                ...moment,
                whenUnknown: turn.whenUnknown,
              }),
        this.now,
      ),
    );
    return this;
  }

  /** Sends the next part. @param answer Twilio's answer, or the SID of an accepted message */
  post(answer: TwilioAnswer<AcceptedMessage> | string): this {
    if (this.#job?.kind !== "post" && this.take() !== "post") throw new Error("nothing is to be sent");
    if (typeof answer !== "string") return this.settle(answer);
    return this.settle({ kind: "done", value: { sid: answer, status: "queued", errorCode: null } });
  }

  /** Settles the open question by the Meter's answer. */
  meter(verdict: CapVerdict): this {
    if (this.take() !== "meter" || this.#job === null) throw new Error("the Meter is not asked");
    const job = this.#job;
    this.#job = null;
    this.#store.runTransaction(() => this.#turns.settleCapCheck(job, verdict, this.now));
    return this;
  }

  /** Handles a status callback. */
  report(turn: number, index: number, sid: string, progress: DeliveryStatus, errorCode: number | null = null): this {
    const report = { sid, accountSid: "", sender: "", part: { turn, index }, progress, errorCode };
    this.#store.runTransaction(() =>
      this.#turns.settlePart(turn, index, (delivery) => applyStatusReport(delivery, report, this.now), this.now),
    );
    return this;
  }

  resolve(turn: number, index: number, resolution: PartResolution): boolean {
    return this.#store.runTransaction(() => this.#turns.resolvePart(turn, index, resolution, this.now));
  }

  /** Ends the request or callback that the conversation waits for. */
  answer(json: RequestOutcome | object, status = 200): this {
    return this.answerOn(this.#number, json, status);
  }

  answerOn(number: PhoneNumber, json: RequestOutcome | object, status = 200): this {
    const conversation = this.state.lines[number]?.conversation;
    if (conversation?.status !== "open" || !("id" in conversation.rest)) throw new Error("nothing is waited for");
    const asked = { number, turn: conversation.turn, id: conversation.rest.id };
    const outcome = (
      "kind" in json && json.kind === "failed" ? json : { kind: "answered", status, json }
    ) as RequestOutcome;
    return this.#extend(asked.turn, (state, turn) => resumeAfterRequest(state, asked, outcome, turn, this.#world));
  }

  /** Ends an attempt to copy a medium. */
  copy(turn: number, index: number, outcome: CopyOutcome): this {
    this.#store.runTransaction(() => this.#copies.settleCopy(turn, index, outcome, { now: this.now, chance: 0.5 }));
    return this.#extend(turn, (state, own) => resumeAfterMedia(state, own, this.#world), false);
  }

  get copiesDueAt(): number | null {
    return this.#copies.nextMediumAt(this.state);
  }

  /** The identity check has a result. */
  found(outcome: IdentityResult): this {
    const inquiry = findPendingIdentityResult(this.state);
    if (inquiry === null) throw new Error("nothing is to be found out");
    const { number, open, id } = inquiry;
    const asked = { number, turn: open.turn, id };
    return this.#extend(open.turn, (state, turn) => resumeAfterIdentityCheck(state, asked, outcome, turn, this.#world));
  }

  /** Submits a guess on the identity page. @returns false if the page expects none */
  giveOnPage(page: string, id: string): boolean {
    const after = receivePageGuess(this.state, page, { id, sealed: "sealed" }, this.now);
    if (after !== null) this.#store.runTransaction(() => this.#store.saveState(after));
    return after !== null;
  }

  changePerson(id: string, person: Person | null): this {
    this.#store.runTransaction(() => this.#store.saveState(updateLinkedPerson(this.state, id, person)));
    return this;
  }

  notify(notice: Notice, send = false): this {
    this.#job = this.#store.runTransaction(() =>
      this.#notices.takeNotice(inbound(0, "").from, inbound(0, "").accountSid, notice, this.#world, send),
    );
    return this;
  }

  withdraw(id: string): this {
    this.#store.runTransaction(() => this.#notices.cancelNotice(id));
    return this;
  }

  noticeReport(id: string): NoticeReport | null {
    return this.#notices.reportNotice(id, this.now);
  }

  /** Records a consent statement by an admin. */
  claim(more: Pick<ConsentStatement, "status" | "at" | "proof">): readonly ConsentStatementOutcome[] {
    const { from, accountSid } = inbound(0, "");
    const claim: ConsentStatement = { number: this.#number, account: accountSid, by: "admin", ...more };
    return this.#store.runTransaction(() =>
      recordConsentStatements(this.#store, this.#turns, createSenderState(from), [claim], this.now),
    );
  }

  /** Subscribes the contact to a list, by an admin. */
  subscribe(list: ReadyList): this {
    const { from, accountSid } = inbound(0, "");
    const state = this.#store.state() ?? createSenderState(from);
    const line = changeSubscription(state.lines[list.number] ?? createLine(accountSid), list, {
      to: "on",
      by: "admin",
      proof: "a form",
      at: this.now,
    });
    this.#store.runTransaction(() =>
      this.#store.saveState({ ...state, lines: { ...state.lines, [list.number]: line } }),
    );
    return this;
  }

  /** Marks subscription changes as synced to D1. @returns how many there were */
  tellSubscriptions(): number {
    const untold = findPendingSync(this.state, 100);
    if (untold !== null)
      this.#store.runTransaction(() => this.#store.saveState(settleSyncedChanges(this.state, untold)));
    return untold?.changes.length ?? 0;
  }

  /** Changes the state as an errand does after an answer of D1. */
  change(become: (state: SenderState) => SenderState): this {
    this.#store.runTransaction(() => this.#store.saveState(become(this.state)));
    return this;
  }

  get state(): SenderState {
    const state = this.#store.state();
    if (state === null) throw new Error("nothing is stored");
    return state;
  }

  get line(): Line {
    const line = this.state.lines[this.#number];
    if (line === undefined) throw new Error(`there is no line with ${this.#number}`);
    return line;
  }

  turn(id: number): Turn {
    const turn = this.#store.findTurn(id);
    if (turn === null) throw new Error(`there is no turn ${id}`);
    return turn;
  }

  /** @returns the texts of a turn's parts */
  said(id: number): readonly string[] {
    return this.turn(id).parts.map(({ text }) => text);
  }

  /** @returns the delivery statuses of a turn's parts */
  statuses(id: number): readonly string[] {
    return this.turn(id).parts.map(({ delivery }) => delivery.status);
  }

  get store(): SenderStore {
    return this.#store;
  }

  /** @returns the kind of wait, or the status of a conversation that is not open */
  get waitsFor(): string {
    const { conversation } = this.line;
    return conversation.status === "open" ? conversation.rest.kind : conversation.status;
  }

  /** Loads all rows and saves them again through the store. */
  saveAgain(): this {
    this.#store.runTransaction(() => {
      const state = this.#store.state();
      if (state === null) return;
      this.#store.saveState(state);
      for (let id = 1; id < state.nextTurn; id += 1) this.#store.saveTurn(this.turn(id));
      for (const { id } of this.rows()["notice"] ?? []) {
        const record = this.#store.findNotice(String(id));
        if (record !== null) this.#store.saveNotice(String(id), record);
      }
    });
    return this;
  }

  rows(): Fixture["rows"] {
    return this.#database.rows();
  }

  record(about: string): Recording {
    return { about, now: this.now, tables: this.#database.tables(), rows: this.rows() };
  }

  #extend(
    id: number,
    decide: (state: SenderState, turn: Turn) => Parameters<TurnLog["extendTurn"]>[0] | null,
    isNeeded = true,
  ): this {
    this.#store.runTransaction(() => {
      const decision = decide(this.state, this.turn(id));
      if (decision !== null) this.#turns.extendTurn(decision, this.now);
      else if (isNeeded) throw new Error("it is not awaited");
      handleDueEvents(this.#store, this.#turns, () => this.#world);
    });
    return this;
  }

  get #world(): DecisionContext {
    const { answering, lists, guard, brakes } = this.#surroundings;
    return {
      now: this.now,
      origin: "https://parley.example",
      findApplication: (_, number) => answering(number),
      lists: (number) => lists.filter((list) => list.number === number),
      person: (line) => findLinkedPerson(line, this.now),
      ...(guard === undefined ? {} : { optOutHandler: () => guard }),
      ...(brakes === undefined ? {} : { sendLimits: () => brakes }),
    };
  }
}
