import { DurableObject } from "cloudflare:workers";
import type { Claim, ClaimOutcome } from "../consent/ledger.ts";
import type { RequestOutcome } from "../contract/assistant.ts";
import { InOrder } from "../core/in-order.ts";
import type { Json } from "../core/json.ts";
import type { PhoneNumber } from "../core/phone.ts";
import type { Given, PageView } from "../identity/page-view.ts";
import type { Person } from "../identity/person.ts";
import type { PartId, StatusReport } from "../twilio/status.ts";
import { afterReport, type Resolution } from "./delivery/part-lifecycle.ts";
import { withLinks } from "./errands/copy-media.ts";
import type { Settlement } from "./errands/send-parts.ts";
import type { Ending } from "./events/decision.ts";
import { answered } from "./events/request-ended.ts";
import { hear } from "./events/text-received.ts";
import type { SignedText } from "./model/inbound-text.ts";
import { newSender } from "./model/turn.ts";
import { type ConsentReport, reportOf, takeClaims } from "./records/consent-ledger.ts";
import { recordingOf } from "./records/conversation-export.ts";
import { worldIn } from "./records/due-runner.ts";
import { awaitedIn, type Bringing, bringingIn } from "./records/late-answers.ts";
import { type AskedNotice, type NoticeReport, Notices, UNTOLD } from "./records/notice-log.ts";
import type { SenderStore } from "./records/store.ts";
import {
  type AskedSubscription,
  type OwnSubscriptions,
  order,
  ownSubscriptions,
  type SubscriptionReport,
} from "./records/subscription-changes.ts";
import { type Message, type TranscriptQuery, transcriptIn } from "./records/transcript.ts";
import type { Turns } from "./records/turn-log.ts";
import { Works } from "./runtime.ts";

/**
 * One person's phone: all that can be asked of it. A thin shell: load, decide, commit, arm, perform. Every event is one synchronous
 * transaction; whatever is to be done elsewhere is stored, and has an alarm, before one of the errands tries it.
 */
export class Sender extends DurableObject<Env> {
  readonly #works: Works;
  readonly #store: SenderStore;
  readonly #turns: Turns;
  readonly #notices: Notices;
  /** Who waits for the configuration is served before who comes later. */
  readonly #arrivals = new InOrder();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#works = new Works(ctx, env);
    this.#store = this.#works.store;
    this.#turns = this.#works.turns;
    this.#notices = new Notices(this.#store, this.#turns);
  }

  /** Rows since the object woke: what its operator is billed for. */
  get rows(): { readonly written: number; readonly read: number } {
    return { written: this.#store.rowsWritten, read: this.#store.rowsRead };
  }

  /** Takes a text. Once this returns, the text is stored and its turn has happened, whatever dies; a text seen before changes nothing. */
  async receive(signed: SignedText): Promise<{ readonly duplicate: boolean }> {
    const { text, origin } = signed;
    const works = this.#works;
    const { known, linked } = await this.#arrivals.run(async () => ({
      known: await works.known(await works.configuration(signed.revision)),
      linked: await works.identity.withGuess(await withLinks(this.env, text, origin)),
    }));
    if (worldIn(known, text.from, origin, 0).answering(null, text.to) === null)
      throw new Error(`nothing in the configuration answers on ${text.to}`);
    const account = known.snapshot.accounts.get(text.accountSid);
    const now = Date.now();
    const accepted = works.commit(() => {
      if (!this.#store.see(text.sid)) return null;
      const heard = hear(this.#store.state(), linked, worldIn(known, text.from, origin, now));
      const decision = works.copies.accept(heard, this.env.MEDIA !== undefined, now);
      return { job: this.#turns.accept(decision, works.isFree(known, text.to) && account !== undefined, now) };
    });
    if (accepted === null) return { duplicate: true };
    // Before the alarm is set for what is sent: an alarm for media that are being fetched would be a row written.
    if (text.media.length > 0) this.ctx.waitUntil(works.keeping.run());
    works.begin(accepted.job === null || account === undefined ? null : { job: accepted.job, account });
    return { duplicate: false };
  }

  /** Takes Twilio's report on a part. */
  report(report: StatusReport): void {
    const now = Date.now();
    const settle: Settlement = (delivery, turn) =>
      turn.account === report.accountSid ? afterReport(delivery, report, now) : delivery;
    const changed = this.#works.commit(() => this.#turns.settle(report.part.turn, report.part.index, settle, now));
    if (changed) this.#works.deliver();
    this.#works.ask();
  }

  /**
   * Takes a text that we begin. Once this returns, it is decided on and stored; one that was taken before changes nothing.
   * @returns what has become of it by now
   */
  async notify(asked: AskedNotice): Promise<NoticeReport> {
    const works = this.#works;
    const known = await this.#arrivals.run(async () => await works.known(await works.configuration(asked.revision)));
    const { id, number } = asked.notice;
    const isCapped = known.snapshot.brakesOn(number).caps !== null;
    const draft = isCapped ? this.#notices.draft(asked, known, Date.now()) : null;
    const until = draft === null ? null : await works.metering.until(draft, asked.phone, known.snapshot);
    if (until !== null) return { outcome: "refused", reason: "capped", until };
    const now = Date.now();
    works.begin(works.commit(() => this.#notices.accept(asked, known, works.isFree(known, number), now)));
    return this.#notices.report(id, now) ?? UNTOLD;
  }

  /** A notice is called off: where it still waits, it is not told. @returns what has become of it, or null where it has never come */
  withdraw(id: string): NoticeReport | null {
    if (this.noticed(id)?.outcome === "queued") this.#works.commit(() => this.#notices.withdraw(id));
    return this.noticed(id);
  }

  /** @returns what has become of a notice, or null where it has never come */
  noticed(id: string): NoticeReport | null {
    return this.#notices.report(id, Date.now());
  }

  /**
   * Takes answers that somebody brings to a turn.
   * @param sid of the turn's text
   * @param answers as JSON
   * @returns false where the turn waits for none (any more)
   */
  async bring(sid: string, answers: string): Promise<boolean> {
    const snapshot = await this.#works.configuration();
    const asked = awaitedIn(this.#store, sid);
    if (asked === null) return false;
    const outcome: RequestOutcome = { kind: "answered", status: 200, json: JSON.parse(answers) as Json };
    const decide: Ending = (state, turn, world) => answered(state, asked, outcome, turn, world);
    const decision = await this.#works.resume({ turn: asked.turn, snapshot, decide });
    return decision !== null;
  }

  /**
   * Who may bring answers to a turn?
   * @returns whether it waits for them, and the name of the secret that they may be signed with (null: none); null where there is no such turn
   */
  async bringing(sid: string): Promise<Bringing | null> {
    const known = await this.#works.known(await this.#works.configuration());
    return bringingIn(this.#store, known, sid, Date.now());
  }

  /** Sees to what is due, whatever has become of the alarm. @returns when the next errand is due, or null where none is */
  wake(): number | null {
    return this.#works.wake();
  }

  override async alarm(): Promise<void> {
    await this.#works.rung();
  }

  /** An operator says what became of a part that is `unknown`. @returns false where it is not unknown, or not there */
  resolve(number: PhoneNumber, { turn, index }: PartId, resolution: Resolution): boolean {
    if (this.#store.turn(turn)?.number !== number) return false;
    const resolved = this.#works.commit(() => this.#turns.resolve(turn, index, resolution, Date.now()));
    if (resolved) this.#works.deliver();
    return resolved;
  }

  /** What is known of the sender's consent. */
  consents(): ConsentReport {
    return reportOf(this.#store);
  }

  /**
   * Somebody else than the person says what they want. Once this returns, nothing more is sent where it is withdrawn.
   * @returns what has become of each claim
   */
  claim(phone: PhoneNumber, origin: string, claims: readonly Claim[]): readonly ClaimOutcome[] {
    const beginning = { ...newSender(phone), origin };
    const outcomes = this.#works.commit(() => takeClaims(this.#store, this.#turns, beginning, claims, Date.now()));
    this.#works.begin(null);
    return outcomes;
  }

  /** Switches a list on or off, for somebody else than the person. @returns what came of it */
  async subscribe(asked: AskedSubscription): Promise<SubscriptionReport> {
    const known = await this.#works.known(await this.#works.configuration(asked.revision));
    const report = this.#works.commit(() => order(this.#store, asked, known, Date.now()));
    this.#works.begin(null);
    return report;
  }

  /** Every list that the person has ever had, as it stands, and the changes that D1 has not heard of. */
  subscriptions(): OwnSubscriptions {
    return ownSubscriptions(this.#store.state());
  }

  /** One page of the transcript with a number; null where this phone never texted it. */
  transcript(query: TranscriptQuery): readonly Message[] | null {
    return transcriptIn(this.#store, query);
  }

  /**
   * A conversation with a number; null: the newest.
   * @returns a `Recording` as JSON, whose depth the types of RPC cannot follow; null where there is none
   */
  recording(number: PhoneNumber, conversation: string | null): string | null {
    const recording = recordingOf(this.#store, number, conversation);
    return recording === null ? null : JSON.stringify(recording);
  }

  /** What a page shows on which somebody shows who they are, after what they have given there. @param hash of the token in its address */
  async page(hash: string, given: Given | null): Promise<PageView | null> {
    return await this.#works.identity.page(hash, given);
  }

  /** Something has become of a person, who may be linked here. @param person null: they are no longer */
  hearOfPerson(id: string, person: Person | null): void {
    this.#works.identity.hearOfPerson(id, person);
  }
}
