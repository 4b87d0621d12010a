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
import { createSenderState } from "./model/line.ts";
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
 * The Durable Object of one contact, and the RPC methods that the Worker calls. A thin shell: load, decide, commit, set
 * the alarm, run errands. Every event is one synchronous transaction. Work outside of it is stored, and has an alarm,
 * before an errand tries it.
 *
 * RPC methods keep their short names. During a deployment a new Worker may call an object that still runs the old code,
 * so callers could use a new name only from the next release on. Rename one only together with its arguments, and keep
 * the old method for one release.
 */
export class Sender extends DurableObject<Env> {
  readonly #runtime: SenderRuntime;
  readonly #store: SenderStore;
  readonly #turnLog: TurnLog;
  readonly #noticeLog: NoticeLog;
  /** Texts and notices are handled in order of arrival, even while the first one waits for the configuration. */
  readonly #arrivals = new SerialRunner();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#runtime = new SenderRuntime(ctx, env);
    this.#store = this.#runtime.store;
    this.#turnLog = this.#runtime.turnLog;
    this.#noticeLog = new NoticeLog(this.#store, this.#turnLog);
  }

  /** Rows written and read since the object woke. They are billed. */
  get rows(): { readonly written: number; readonly read: number } {
    return { written: this.#store.rowsWritten, read: this.#store.rowsRead };
  }

  /**
   * Takes an inbound text. Once this returns, the text and its turn are stored, and a crash loses neither. A duplicate
   * changes nothing.
   * @throws if no application answers on the number
   */
  async receive(signed: SignedText): Promise<{ readonly duplicate: boolean }> {
    const { text, origin } = signed;
    const runtime = this.#runtime;
    const { configuration, linked } = await this.#arrivals.run(async () => ({
      configuration: await runtime.loadConfiguration(await runtime.loadSnapshot(signed.revision)),
      linked: await runtime.identity.sealTextGuess(await addMediaLinks(this.env, text, origin)),
    }));
    if (createDecisionContext(configuration, text.from, origin, 0).findApplication(null, text.to) === null)
      throw new Error(`no application answers on ${text.to}`);
    const account = configuration.snapshot.accounts.get(text.accountSid);
    const now = Date.now();
    const accepted = runtime.commitEvent(() => {
      if (!this.#store.markSeen(text.sid)) return null;
      const received = receiveText(
        this.#store.state(),
        linked,
        createDecisionContext(configuration, text.from, origin, now),
      );
      const decision = runtime.copies.acceptMedia(received, this.env.MEDIA !== undefined, now);
      return {
        action: this.#turnLog.acceptTurn(
          decision,
          runtime.canClaimPart(configuration, text.to) && account !== undefined,
          now,
        ),
      };
    });
    if (accepted === null) return { duplicate: true };
    // Before the alarm is set for the parts: an alarm for media that are being copied already would cost a row.
    if (text.media.length > 0) this.ctx.waitUntil(runtime.copyRunner.run());
    runtime.startErrands(
      accepted.action === null || account === undefined ? null : { action: accepted.action, account },
    );
    return { duplicate: false };
  }

  /** Takes a status callback of Twilio. */
  report(report: StatusReport): void {
    const now = Date.now();
    const applyReport: DeliveryUpdate = (delivery, turn) =>
      turn.account === report.accountSid ? applyStatusReport(delivery, report, now) : delivery;
    const changed = this.#runtime.commitEvent(() =>
      this.#turnLog.settlePart(report.part.turn, report.part.index, applyReport, now),
    );
    if (changed) this.#runtime.startSending();
    this.#runtime.startDueErrands();
  }

  /**
   * Takes a notice. Once this returns, it is decided and stored. A duplicate changes nothing.
   * @returns the state of the notice
   */
  async notify(request: NoticeRequest): Promise<NoticeReport> {
    const runtime = this.#runtime;
    const configuration = await this.#arrivals.run(
      async () => await runtime.loadConfiguration(await runtime.loadSnapshot(request.revision)),
    );
    const { id, number } = request.notice;
    const isCapped = configuration.snapshot.findSendLimits(number).caps !== null;
    const draft = isCapped ? this.#noticeLog.draftTurn(request, configuration, Date.now()) : null;
    const until =
      draft === null ? null : await runtime.capGate.findTurnCapEnd(draft, request.phone, configuration.snapshot);
    if (until !== null) return { outcome: "refused", reason: "capped", until };
    const now = Date.now();
    runtime.startErrands(
      runtime.commitEvent(() =>
        this.#noticeLog.acceptRequest(request, configuration, runtime.canClaimPart(configuration, number), now),
      ),
    );
    return this.#noticeLog.reportNotice(id, now) ?? UNKNOWN_NOTICE;
  }

  /** Cancels a notice if it still waits. @returns the state of the notice, or null if this contact never got it */
  withdraw(id: string): NoticeReport | null {
    if (this.noticed(id)?.outcome === "queued") this.#runtime.commitEvent(() => this.#noticeLog.cancelNotice(id));
    return this.noticed(id);
  }

  /** @returns the state of a notice, or null if this contact never got it */
  noticed(id: string): NoticeReport | null {
    return this.#noticeLog.reportNotice(id, Date.now());
  }

  /**
   * Takes the answers of a callback, and resumes the turn that waits for them.
   * @param sid of the turn's text
   * @param answers JSON
   * @returns false if the turn does not wait for a callback (any more)
   */
  async bring(sid: string, answers: string): Promise<boolean> {
    const snapshot = await this.#runtime.loadSnapshot();
    const waitRef = findWaitRef(this.#store, sid);
    if (waitRef === null) return false;
    const outcome: RequestOutcome = { kind: "answered", status: 200, json: JSON.parse(answers) as JsonValue };
    const decide: ResumeTurn = (state, turn, context) => resumeAfterRequest(state, waitRef, outcome, turn, context);
    const decision = await this.#runtime.resumeTurn({ turn: waitRef.turn, snapshot, decide });
    return decision !== null;
  }

  /**
   * Tells whether a turn waits for a callback, and how the callback is signed.
   * @param sid of the turn's text
   * @returns null if the turn does not exist
   */
  async bringing(sid: string): Promise<LateAnswerWait | null> {
    const configuration = await this.#runtime.loadConfiguration(await this.#runtime.loadSnapshot());
    return findLateAnswerWait(this.#store, configuration, sid, Date.now());
  }

  /**
   * Starts everything that is due, even if the alarm was lost.
   * @returns when the next task is due, or null if no task is pending
   */
  wake(): number | null {
    return this.#runtime.wakeUp();
  }

  override async alarm(): Promise<void> {
    await this.#runtime.handleAlarm();
  }

  /**
   * Applies an operator's decision on a part with status `unknown`.
   * @returns false if the part does not exist or has another status
   */
  resolve(number: PhoneNumber, { turn, index }: PartId, resolution: PartResolution): boolean {
    if (this.#store.findTurn(turn)?.number !== number) return false;
    const resolved = this.#runtime.commitEvent(() => this.#turnLog.resolvePart(turn, index, resolution, Date.now()));
    if (resolved) this.#runtime.startSending();
    return resolved;
  }

  /** @returns the contact's consent on each number, and the latest ledger entries */
  consents(): ConsentReport {
    return createConsentReport(this.#store);
  }

  /**
   * Applies consent statements of an admin or an import. Once this returns, nothing more is sent after an opt-out.
   * @returns the outcome of each statement
   */
  claim(
    phone: PhoneNumber,
    origin: string,
    statements: readonly ConsentStatement[],
  ): readonly ConsentStatementOutcome[] {
    const initial = { ...createSenderState(phone), origin };
    const outcomes = this.#runtime.commitEvent(() =>
      recordConsentStatements(this.#store, this.#turnLog, initial, statements, Date.now()),
    );
    this.#runtime.startErrands(null);
    return outcomes;
  }

  /** Subscribes or unsubscribes the contact for an admin or an import. */
  async subscribe(request: SubscriptionUpdateRequest): Promise<SubscriptionReport> {
    const configuration = await this.#runtime.loadConfiguration(await this.#runtime.loadSnapshot(request.revision));
    const report = this.#runtime.commitEvent(() =>
      applySubscriptionUpdate(this.#store, request, configuration, Date.now()),
    );
    this.#runtime.startErrands(null);
    return report;
  }

  /**
   * @returns the subscriptions to all lists that the contact ever subscribed to, and the changes that are not synced to
   * D1 yet
   */
  subscriptions(): ContactSubscriptions {
    return getContactSubscriptions(this.#store.state());
  }

  /** @returns one page of the transcript with a number; null if the contact has no line with it */
  transcript(query: TranscriptQuery): readonly Message[] | null {
    return loadTranscript(this.#store, query);
  }

  /**
   * Exports a conversation with a number.
   * @param conversation the id; null for the newest
   * @returns a `ConversationExport` as JSON, since its type is too deep for RPC; null if the conversation does not
   * exist
   */
  recording(number: PhoneNumber, conversation: string | null): string | null {
    const exported = exportConversation(this.#store, number, conversation);
    return exported === null ? null : JSON.stringify(exported);
  }

  /**
   * Returns the view of an identity page, after comparing the input, if any.
   * @param hash of the token in the URL of the page
   * @returns null if the page is used or has expired
   */
  async page(hash: string, input: PageInput | null): Promise<PageView | null> {
    return await this.#runtime.identity.processPage(hash, input);
  }

  /** Updates a person who may be linked to this contact. @param person null if the person does not exist any more */
  hearOfPerson(id: string, person: Person | null): void {
    this.#runtime.identity.updatePerson(id, person);
  }
}
