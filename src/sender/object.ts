import { DurableObject } from "cloudflare:workers";
import type { ConsentStatement, ConsentStatementOutcome } from "../consent/ledger.ts";
import type { RequestOutcome } from "../contract/assistant.ts";
import type { JsonValue } from "../core/json.ts";
import type { PhoneNumber } from "../core/phone.ts";
import { SerialRunner } from "../core/serial-runner.ts";
import type { PageInput, PageView } from "../identity/page-view.ts";
import type { Person } from "../identity/person.ts";
import { type NoticeReport, UNKNOWN_NOTICE } from "../notify/notice.ts";
import type { PartId, StatusReport } from "../twilio/status-callback.ts";
import { applyStatusReport, type PartResolution } from "./delivery/part-lifecycle.ts";
import { addMediaLinks } from "./errands/copy-media.ts";
import type { DeliveryUpdate } from "./errands/send-parts.ts";
import type { ResumeTurn } from "./events/decision.ts";
import { resumeAfterRequest } from "./events/request-ended.ts";
import { receiveText } from "./events/text-received.ts";
import type { SignedText } from "./model/inbound-text.ts";
import { createSenderState } from "./model/turn.ts";
import { type ConsentReport, createConsentReport, recordConsentStatements } from "./records/consent-ledger.ts";
import { exportConversation } from "./records/conversation-export.ts";
import { createDecisionContext } from "./records/due-runner.ts";
import { findLateAnswerWait, findWaitRef, type LateAnswerWait } from "./records/late-answers.ts";
import { NoticeLog, type NoticeRequest } from "./records/notice-log.ts";
import type { SenderStore } from "./records/store.ts";
import {
  applySubscriptionUpdate,
  type ContactSubscriptions,
  getContactSubscriptions,
  type SubscriptionReport,
  type SubscriptionUpdateRequest,
} from "./records/subscription-changes.ts";
import { loadTranscript, type Message, type TranscriptQuery } from "./records/transcript.ts";
import type { TurnLog } from "./records/turn-log.ts";
import { SenderRuntime } from "./runtime.ts";

/**
 * One person's phone: all that can be asked of it. A thin shell: load, decide, commit, arm, perform. Every event is one synchronous
 * transaction; whatever is to be done elsewhere is stored, and has an alarm, before one of the errands tries it.
 */
export class Sender extends DurableObject<Env> {
  readonly #runtime: SenderRuntime;
  readonly #store: SenderStore;
  readonly #turnLog: TurnLog;
  readonly #noticeLog: NoticeLog;
  /** Who waits for the configuration is served before who comes later. */
  readonly #arrivals = new SerialRunner();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#runtime = new SenderRuntime(ctx, env);
    this.#store = this.#runtime.store;
    this.#turnLog = this.#runtime.turnLog;
    this.#noticeLog = new NoticeLog(this.#store, this.#turnLog);
  }

  /** Rows since the object woke: what its operator is billed for. */
  get rows(): { readonly written: number; readonly read: number } {
    return { written: this.#store.rowsWritten, read: this.#store.rowsRead };
  }

  /** Takes a text. Once this returns, the text is stored and its turn has happened, whatever dies; a text seen before changes nothing. */
  async receive(signed: SignedText): Promise<{ readonly duplicate: boolean }> {
    const { text, origin } = signed;
    const works = this.#runtime;
    const { known, linked } = await this.#arrivals.run(async () => ({
      known: await works.loadConfiguration(await works.loadSnapshot(signed.revision)),
      linked: await works.identity.sealTextGuess(await addMediaLinks(this.env, text, origin)),
    }));
    if (createDecisionContext(known, text.from, origin, 0).findApplication(null, text.to) === null)
      throw new Error(`nothing in the configuration answers on ${text.to}`);
    const account = known.snapshot.accounts.get(text.accountSid);
    const now = Date.now();
    const accepted = works.commitEvent(() => {
      if (!this.#store.markSeen(text.sid)) return null;
      const heard = receiveText(this.#store.state(), linked, createDecisionContext(known, text.from, origin, now));
      const decision = works.copies.acceptMedia(heard, this.env.MEDIA !== undefined, now);
      return {
        job: this.#turnLog.acceptTurn(decision, works.canClaimPart(known, text.to) && account !== undefined, now),
      };
    });
    if (accepted === null) return { duplicate: true };
    // Before the alarm is set for what is sent: an alarm for media that are being fetched would be a row written.
    if (text.media.length > 0) this.ctx.waitUntil(works.copyRunner.run());
    works.startErrands(accepted.job === null || account === undefined ? null : { job: accepted.job, account });
    return { duplicate: false };
  }

  /** Takes Twilio's report on a part. */
  report(report: StatusReport): void {
    const now = Date.now();
    const applyReport: DeliveryUpdate = (delivery, turn) =>
      turn.account === report.accountSid ? applyStatusReport(delivery, report, now) : delivery;
    const changed = this.#runtime.commitEvent(() =>
      this.#turnLog.settlePart(report.part.turn, report.part.index, applyReport, now),
    );
    if (changed) this.#runtime.startSending();
    this.#runtime.startOtherErrands();
  }

  /**
   * Takes a text that we begin. Once this returns, it is decided on and stored; one that was taken before changes nothing.
   * @returns what has become of it by now
   */
  async notify(asked: NoticeRequest): Promise<NoticeReport> {
    const works = this.#runtime;
    const known = await this.#arrivals.run(
      async () => await works.loadConfiguration(await works.loadSnapshot(asked.revision)),
    );
    const { id, number } = asked.notice;
    const isCapped = known.snapshot.findSendLimits(number).caps !== null;
    const draft = isCapped ? this.#noticeLog.draftTurn(asked, known, Date.now()) : null;
    const until = draft === null ? null : await works.capGate.findTurnCapEnd(draft, asked.phone, known.snapshot);
    if (until !== null) return { outcome: "refused", reason: "capped", until };
    const now = Date.now();
    works.startErrands(
      works.commitEvent(() => this.#noticeLog.acceptRequest(asked, known, works.canClaimPart(known, number), now)),
    );
    return this.#noticeLog.reportNotice(id, now) ?? UNKNOWN_NOTICE;
  }

  /** A notice is called off: where it still waits, it is not told. @returns what has become of it, or null where it has never come */
  withdraw(id: string): NoticeReport | null {
    if (this.noticed(id)?.outcome === "queued") this.#runtime.commitEvent(() => this.#noticeLog.cancelNotice(id));
    return this.noticed(id);
  }

  /** @returns what has become of a notice, or null where it has never come */
  noticed(id: string): NoticeReport | null {
    return this.#noticeLog.reportNotice(id, Date.now());
  }

  /**
   * Takes answers that somebody brings to a turn.
   * @param sid of the turn's text
   * @param answers as JSON
   * @returns false where the turn waits for none (any more)
   */
  async bring(sid: string, answers: string): Promise<boolean> {
    const snapshot = await this.#runtime.loadSnapshot();
    const asked = findWaitRef(this.#store, sid);
    if (asked === null) return false;
    const outcome: RequestOutcome = { kind: "answered", status: 200, json: JSON.parse(answers) as JsonValue };
    const decide: ResumeTurn = (state, turn, world) => resumeAfterRequest(state, asked, outcome, turn, world);
    const decision = await this.#runtime.resumeTurn({ turn: asked.turn, snapshot, decide });
    return decision !== null;
  }

  /**
   * Who may bring answers to a turn?
   * @returns whether it waits for them, and the name of the secret that they may be signed with (null: none); null where there is no such turn
   */
  async bringing(sid: string): Promise<LateAnswerWait | null> {
    const known = await this.#runtime.loadConfiguration(await this.#runtime.loadSnapshot());
    return findLateAnswerWait(this.#store, known, sid, Date.now());
  }

  /** Sees to what is due, whatever has become of the alarm. @returns when the next errand is due, or null where none is */
  wake(): number | null {
    return this.#runtime.wakeUp();
  }

  override async alarm(): Promise<void> {
    await this.#runtime.handleAlarm();
  }

  /** An operator says what became of a part that is `unknown`. @returns false where it is not unknown, or not there */
  resolve(number: PhoneNumber, { turn, index }: PartId, resolution: PartResolution): boolean {
    if (this.#store.findTurn(turn)?.number !== number) return false;
    const resolved = this.#runtime.commitEvent(() => this.#turnLog.resolvePart(turn, index, resolution, Date.now()));
    if (resolved) this.#runtime.startSending();
    return resolved;
  }

  /** What is known of the sender's consent. */
  consents(): ConsentReport {
    return createConsentReport(this.#store);
  }

  /**
   * Somebody else than the person says what they want. Once this returns, nothing more is sent where it is withdrawn.
   * @returns what has become of each claim
   */
  claim(phone: PhoneNumber, origin: string, claims: readonly ConsentStatement[]): readonly ConsentStatementOutcome[] {
    const beginning = { ...createSenderState(phone), origin };
    const outcomes = this.#runtime.commitEvent(() =>
      recordConsentStatements(this.#store, this.#turnLog, beginning, claims, Date.now()),
    );
    this.#runtime.startErrands(null);
    return outcomes;
  }

  /** Switches a list on or off, for somebody else than the person. @returns what came of it */
  async subscribe(asked: SubscriptionUpdateRequest): Promise<SubscriptionReport> {
    const known = await this.#runtime.loadConfiguration(await this.#runtime.loadSnapshot(asked.revision));
    const report = this.#runtime.commitEvent(() => applySubscriptionUpdate(this.#store, asked, known, Date.now()));
    this.#runtime.startErrands(null);
    return report;
  }

  /** Every list that the person has ever had, as it stands, and the changes that D1 has not heard of. */
  subscriptions(): ContactSubscriptions {
    return getContactSubscriptions(this.#store.state());
  }

  /** One page of the transcript with a number; null where this phone never texted it. */
  transcript(query: TranscriptQuery): readonly Message[] | null {
    return loadTranscript(this.#store, query);
  }

  /**
   * A conversation with a number; null: the newest.
   * @returns a `Recording` as JSON, whose depth the types of RPC cannot follow; null where there is none
   */
  recording(number: PhoneNumber, conversation: string | null): string | null {
    const recording = exportConversation(this.#store, number, conversation);
    return recording === null ? null : JSON.stringify(recording);
  }

  /** What a page shows on which somebody shows who they are, after what they have given there. @param hash of the token in its address */
  async page(hash: string, given: PageInput | null): Promise<PageView | null> {
    return await this.#runtime.identity.processPage(hash, given);
  }

  /** Something has become of a person, who may be linked here. @param person null: they are no longer */
  hearOfPerson(id: string, person: Person | null): void {
    this.#runtime.identity.updatePerson(id, person);
  }
}
