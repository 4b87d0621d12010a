import type { OptOutHandler } from "../../src/consent/carrier-keywords.ts";
import type { ReadyApplication } from "../../src/contract/assistant.ts";
import type { PhoneNumber } from "../../src/core/phone.ts";
import type { ReadyList } from "../../src/notify/list.ts";
import type { Notice, NoticeReport } from "../../src/notify/notice.ts";
import { changeSubscription } from "../../src/notify/subscriptions.ts";
import type { CapVerdict } from "../../src/send-limits/daily-caps.ts";
import {
  applyLookupAnswer,
  applyPostAnswer,
  applyStatusReport,
  getPart,
  type PartAction,
} from "../../src/sender/delivery/part-lifecycle.ts";
import { decideConsentStatement } from "../../src/sender/events/consent-stated.ts";
import { resumeAfterRequest } from "../../src/sender/events/request-ended.ts";
import { receiveText } from "../../src/sender/events/text-received.ts";
import { nextDueAt } from "../../src/sender/events/timeouts.ts";
import type { DecisionContext } from "../../src/sender/model/context.ts";
import { type WaitRef } from "../../src/sender/model/context.ts";
import type { Delivery, NoticeTurn, Part, Turn } from "../../src/sender/model/state.ts";
import { createLine, createSenderState, turnStartedAt } from "../../src/sender/model/turn.ts";
import { handleDueEvents } from "../../src/sender/records/due-runner.ts";
import { NoticeLog } from "../../src/sender/records/notice-log.ts";
import { getPartContent, TurnLog, type TurnStore } from "../../src/sender/records/turn-log.ts";
import type { InboundText } from "../../src/twilio/inbound-text.ts";
import type { AcceptedMessage, ListedMessage, TwilioAnswer } from "../../src/twilio/rest-answer.ts";
import { type DeliveryStatus, formatPartId } from "../../src/twilio/status-callback.ts";
import { Agenda, type Sleeper } from "./agenda.ts";
import { answeringWith, inbound } from "./chat.ts";
import { Disk } from "./disk.ts";
import type { Chance } from "./prng.ts";
import { Wishes } from "./wishes.ts";

/**
 * One sender's whole life, simulated: the real machine, outbox and turns; a storage that loses nothing that was committed, a Twilio and a
 * network that misbehave, and an object that dies at any moment. No clock but its own.
 */
export class Life implements Sleeper {
  readonly sent: SentMessage[] = [];
  readonly accepted = new Set<string>();
  readonly notified = new Set<string>();
  readonly offences: string[] = [];
  doubts = 0;
  deaths = 0;
  stops = 0;
  /** POSTs after an opt-out. */
  confirmations = 0;
  /** When it is woken. */
  alarmAt: number | null = null;
  readonly phone: PhoneNumber;
  readonly #chance: Chance;
  readonly #plan: Plan;
  readonly #agenda: Agenda;
  readonly #disk = new Disk();
  readonly #pace;
  #object: LivingObject | null = null;
  /** Messages that were looked at. */
  #checked = 0;
  /** The first turn that was not looked at. */
  #unseen = 1;
  readonly #wishes = new Wishes();
  #texts = 0;
  /** The last opt-out that holds; null: the sender is opted in. */
  #stop: Stop | null = null;
  /** Parts that were there when the sender opted out, now or before. */
  readonly #forbidden = new Set<string>();
  /** Notices that were handed over before that. */
  readonly #past = new Set<string>();
  /** Those that were handed over, as they came first. */
  readonly #notices = new Map<string, Notice>();
  /** When the sender last opted in. */
  #startedAt = 0;
  /** Twilio takes nothing for the sender. */
  #blocked = false;
  /** What the Meter has let pass: how many parts of a turn from one on. */
  readonly #charged = new Map<string, number>();

  constructor(chance: Chance, plan: Plan, agenda = new Agenda(), phone = inbound(0, "").from) {
    this.#chance = chance;
    this.#plan = plan;
    this.#agenda = agenda;
    this.phone = phone;
    this.#pace = { settleAfter: plan.settleAfter, partWait: 5_000 };
    agenda.join(this);
  }

  get now(): number {
    return this.#agenda.now;
  }

  get faults(): boolean {
    return this.#agenda.faults;
  }

  set faults(faults: boolean) {
    this.#agenda.faults = faults;
  }

  run(until: number): void {
    this.#agenda.run(until);
  }

  later(milliseconds: number, happen: () => void): void {
    this.#agenda.later(milliseconds, happen);
  }

  /** The person texts; Twilio brings it once or several times, also after answers got lost. */
  text(body: string, optOut: InboundText["optOut"] = null): void {
    this.#texts += 1;
    const message = { ...inbound(this.#texts, body), from: this.phone, optOut };
    const word = optOut ?? (this.#guard === "twilio" ? body.toLowerCase() : "");
    if (word === "stop") this.#blocked = true;
    if (word === "start" || word === "yes") this.#blocked = false;
    const times = this.faults && this.#chance.is(0.2) ? this.#chance.between(2, 5) : 1;
    for (let time = 0; time < times; time += 1) this.later(this.#chance.between(0, 3_000), () => this.#bring(message));
  }

  /** Somebody notifies the person, once or, not knowing whether it was taken, several times. */
  notify(notice: Notice): void {
    const times = this.faults && this.#chance.is(0.3) ? this.#chance.between(2, 4) : 1;
    for (let time = 0; time < times; time += 1) this.later(this.#chance.between(0, 3_000), () => this.hand(notice));
  }

  /** Somebody else than the person switches the list on. */
  subscribe(): void {
    const { to, accountSid } = inbound(0, "");
    const [list] = LISTS;
    const state = this.#disk.state() ?? createSenderState(this.phone);
    const line = state.lines[to] ?? createLine(accountSid);
    if (list === undefined || line.consent.status === "withdrawn") return;
    this.#wishes.isOn = true;
    const after = changeSubscription(line, list, { to: "on", by: "admin", proof: "a form", at: this.now });
    this.#disk.transaction(() => this.#disk.saveState({ ...state, lines: { ...state.lines, [to]: after } }));
  }

  /** The person shows who they are, or is a guest again. */
  link(isLinked: boolean): void {
    this.#wishes.isLinked = isLinked;
  }

  /** Somebody calls a notice off, while it waits. */
  callOff(id: string): void {
    const object = this.#alive();
    if (this.standing(id) === "queued") this.#wishes.callOff(id);
    this.#disk.transaction(() => new NoticeLog(this.#disk, object.turns).cancelNotice(id));
  }

  /** @returns what has become of a notice, or null where it was never taken */
  report(id: string): NoticeReport | null {
    return new NoticeLog(this.#disk, this.#alive().turns).reportNotice(id, this.now);
  }

  /** @returns the same in a word */
  standing(id: string): NoticeReport["outcome"] | null {
    return this.report(id)?.outcome ?? null;
  }

  /** The plug is pulled: what was committed stays, nothing else. */
  die(): void {
    this.#object = null;
    this.deaths += 1;
  }

  /** The carrier blocks, and tells nobody. */
  block(): void {
    this.#blocked = true;
  }

  /** An admin says what the sender wants. */
  claim(status: "given" | "withdrawn"): void {
    const object = this.#alive();
    const { to, accountSid } = inbound(0, "");
    const claim = { number: to, account: accountSid, status, by: "admin", at: this.now, proof: "on paper" } as const;
    this.#disk.transaction(() => {
      const state = this.#disk.state() ?? createSenderState(this.phone);
      const after = decideConsentStatement(state, claim, this.#disk.entries(), this.now);
      if (after.state !== state) object.turns.storeConsentUpdate(after, this.now);
    });
    if (status === "withdrawn") this.#stopped(false);
    else this.#started();
    this.#continue(object);
  }

  turns(): readonly Turn[] {
    return this.#disk.turns();
  }

  /** The turns of notices, but for those that were taken back before anything of them was POSTed. */
  told(): readonly NoticeTurn[] {
    return this.turns().filter(
      (turn) => turn.kind === "notice" && !turn.notes.some((note) => note.startsWith("Not sent:")),
    ) as readonly NoticeTurn[];
  }

  /** How often something was held back. */
  get counted(): number {
    return (this.#disk.state()?.heldBack ?? []).reduce((sum, { count }) => sum + count, 0);
  }

  #bring(message: InboundText): void {
    const object = this.#alive();
    if (this.faults && this.#chance.is(0.03)) return this.die();
    const decided = this.#disk.transaction(() => {
      if (this.#plan.dedupe && this.#disk.see(message.sid)) return null;
      const decision = receiveText(this.#disk.state(), message, this.#world());
      return { decision, job: object.turns.acceptTurn(decision, this.#isFree(object), this.now) };
    });
    this.accepted.add(message.sid);
    if (decided === null) return;
    this.#mind(message, decided.decision.turn.id);
    this.#begin(object, decided.job);
    this.#ask();
    if (this.faults && this.#chance.is(0.05)) this.die();
  }

  /** Hands a notice over, once. @returns what the object says of it; null: it has died, and nobody knows */
  hand(notice: Notice): NoticeReport | null {
    const object = this.#alive();
    if (this.faults && this.#chance.is(0.03)) {
      this.die();
      return null;
    }
    const isNew = !this.notified.has(notice.id);
    this.#wishes.hand(notice);
    this.#notices.set(notice.id, this.#notices.get(notice.id) ?? notice);
    const notices = new NoticeLog(this.#shelf(), object.turns);
    const job = this.#disk.transaction(() =>
      notices.takeNotice(this.phone, "AC", notice, this.#world(), this.#isFree(object)),
    );
    this.notified.add(notice.id);
    const report = this.report(notice.id);
    if (isNew && this.#stop !== null && report?.outcome !== "refused")
      this.#offend(`notice ${notice.id} was taken although the sender had opted out`);
    this.#begin(object, job);
    if (!this.faults || !this.#chance.is(0.05)) return report;
    this.die();
    return null;
  }

  #shelf(): TurnStore {
    if (!this.#plan.dedupeNotices) return forgetful(this.#disk);
    return this.#plan.asksConsent === false ? deaf(this.#disk) : this.#disk;
  }

  #isFree(object: LivingObject): boolean {
    return object.job === null && this.#plan.cap === undefined;
  }

  #begin(object: LivingObject, job: PartAction | null): void {
    if (job !== null) this.#perform(object, job);
    else if (this.#plan.cap === undefined) this.#arm(object);
    else this.#continue(object);
  }

  #world(): DecisionContext {
    return {
      now: this.now,
      origin: "https://x",
      findApplication: () => ANSWERING,
      optOutHandler: () => this.#guard,
      lists: () => LISTS,
      person: () => (this.#wishes.isLinked || this.#plan.asksPerson === false ? { id: "somebody" } : null),
    };
  }

  get #guard(): OptOutHandler {
    return this.#plan.guard ?? "twilio";
  }

  /** What the life itself knows of the words of consent. */
  #mind({ text, optOut }: InboundText, turn: number): void {
    const isOut = optOut === "stop" || (optOut === null && OUT.has(text));
    const isIn =
      optOut === "start" || (optOut === null && (text === "START" || (text === "yes" && this.#stop !== null)));
    const isAnswered = optOut !== null || (this.#guard === "twilio" && text === "STOP");
    if (isOut) return this.#stopped(!isAnswered, turn);
    this.#wishes.text(text);
    if (isIn) this.#started();
  }

  /** @param owed Parley owes a confirmation */
  #stopped(owed: boolean, turn = 0): void {
    if (this.#stop !== null) return;
    this.stops += 1;
    this.#wishes.optOut();
    this.#stop = { at: this.now, owed, turn, confirmations: new Set() };
    const parts = this.#disk.turns().flatMap(({ id, parts: all }) => all.map((_, index) => ({ id, index })));
    for (const id of this.notified) this.#past.add(id);
    for (const { id, index } of parts) if (id !== turn) this.#forbidden.add(formatPartId({ turn: id, index }));
  }

  #started(): void {
    // Who is in already, and says so again, is in since the first time.
    if (this.#stop !== null || this.#startedAt === 0) this.#startedAt = this.now;
    this.#stop = null;
    this.#wishes.isOut = false;
  }

  /** An assistant's answer comes later. */
  #ask(): void {
    const conversation = this.#disk.state()?.lines[inbound(0, "").to]?.conversation;
    if (conversation?.status !== "open" || conversation.rest.kind !== "request") return;
    const asked = { number: inbound(0, "").to, turn: conversation.turn, id: conversation.rest.id };
    this.later(this.#chance.between(0, 90_000), () => this.#hear(asked));
  }

  #hear(asked: WaitRef): void {
    const object = this.#alive();
    this.#disk.transaction(() => {
      const [state, turn] = [this.#disk.state(), this.#disk.findTurn(asked.turn)];
      if (state === null || turn === null) return;
      const outcome = { kind: "answered", status: 200, json: null } as const;
      const decision = resumeAfterRequest(state, asked, outcome, turn, this.#world());
      if (decision !== null) object.turns.extendTurn(decision, this.now);
      this.#proceed(object);
    });
    this.#ask();
    this.#continue(object);
  }

  wake(): void {
    this.alarmAt = null;
    const object = this.#alive();
    this.#disk.transaction(() => this.#proceed(object));
    this.#ask();
    this.#continue(object);
  }

  #proceed({ turns }: LivingObject): void {
    handleDueEvents(this.#disk, turns, () => this.#world());
  }

  #alive(): LivingObject {
    this.#object ??= { turns: new TurnLog(this.#disk, this.#pace), job: null };
    return this.#object;
  }

  #continue(object: LivingObject): void {
    if (object.job !== null) return this.#arm(object);
    const usable = !(this.faults && this.#chance.is(0.05));
    const job = this.#disk.transaction(() =>
      object.turns.takeAction(
        () => usable,
        this.now,
        () => this.#plan.cap !== undefined,
      ),
    );
    if (job === null) this.#arm(object);
    else this.#perform(object, job);
  }

  #perform(object: LivingObject, job: PartAction): void {
    object.job = job;
    this.#arm(object);
    if (job.kind === "meter") this.#meter(object, job);
    else if (job.kind === "post") this.#post(object, job);
    else this.#lookUp(object, job);
  }

  /** The Meter counts before anybody knows that it has, and the object may die before it hears of it. */
  #meter(object: LivingObject, job: PartAction): void {
    const verdict = this.#charge(job);
    if (this.faults && this.#chance.is(0.2)) return this.die();
    this.later(this.#chance.between(5, 100), () => {
      if (this.#object !== object) return;
      object.job = null;
      this.#disk.transaction(() => object.turns.settleCapCheck(job, verdict, this.now));
      this.#continue(object);
    });
  }

  #charge({ turn, index }: PartAction): CapVerdict {
    const key = `${turn.id}-${index}`;
    const more = turn.parts.length - index;
    const used = [...this.#charged.values()].reduce((sum, each) => sum + each, 0);
    if (!this.#charged.has(key) && used + more > (this.#plan.cap ?? 0)) return "number";
    this.#charged.set(key, this.#charged.get(key) ?? more);
    return "passes";
  }

  #post(object: LivingObject, job: PartAction): void {
    this.#judge(job);
    if (this.#blocked && (!this.faults || this.#chance.is(0.6))) {
      const refusal = { httpStatus: 400, code: 21_610, message: "unsubscribed" };
      return this.#answer(object, job, { kind: "refused", refusal });
    }
    const fault = this.faults ? this.#chance.next() : 1;
    if (fault < 0.06)
      return this.#answer(object, job, { kind: "busy", retryAfterMilliseconds: this.#chance.is(0.5) ? 2_000 : null });
    if (fault < 0.08)
      return this.#answer(object, job, {
        kind: "refused",
        refusal: { httpStatus: 400, code: 21_611, message: "full" },
      });
    if (fault < 0.16) return this.#answer(object, job, { kind: "unsure", reason: "reset before it was taken" });
    const message = this.#take(job);
    if (fault < 0.3) return this.#answer(object, job, { kind: "unsure", reason: "reset after it was taken" });
    this.#answer(object, job, { kind: "done", value: { sid: message.sid, status: "queued", errorCode: null } });
  }

  /** After an opt-out nothing is POSTed but one confirmation, and nothing from before it, not even when the sender is in again. */
  #judge({ turn, index }: PartAction): void {
    const part = formatPartId({ turn: turn.id, index });
    if (this.#forbidden.has(part)) this.#offend(`part ${part} was POSTed although the sender had opted out before`);
    if (turn.kind === "notice" && this.#past.has(turn.notice.id))
      this.#offend(`notice ${turn.notice.id} was told although the sender had opted out after it came`);
    if (turn.kind === "notice") this.#judgeTime(turn.notice.id, getPart(turn, index), part);
    if (this.#stop === null) return;
    const { owed, confirmations, at } = this.#stop;
    const isConfirmation = owed && turn.id === this.#stop.turn;
    if (isConfirmation) confirmations.add(part);
    if (!isConfirmation || confirmations.size > 1) this.#offend(`POST of ${part} at ${this.now} after STOP at ${at}`);
    this.confirmations += 1;
  }

  /** What a notice says is not POSTed once it has expired; what its topic says later may be. */
  #judgeTime(id: string, { at }: Part, part: string): void {
    const { expiresAt = 0 } = this.#notices.get(id) ?? {};
    if (at === undefined && expiresAt <= this.now) this.#offend(`part ${part} was POSTed after ${id} had expired`);
  }

  #take(job: PartAction): SentMessage {
    const { turn, index } = job;
    const lag = this.faults ? this.#chance.between(0, this.#plan.listLag) : 0;
    const sid = `SM${this.sent.length}`;
    const message = {
      sid,
      part: formatPartId({ turn: turn.id, index }),
      turn: turn.id,
      index,
      ...getPartContent(job),
      decidedAt: turn.parts[index]?.at ?? turnStartedAt(turn),
      createdAt: this.now,
      listedAt: this.now + lag,
    };
    this.sent.push(message);
    if (this.#blocked) {
      this.later(this.#chance.between(100, 30_000), () => this.#report(message, "failed", 21_610));
      return message;
    }
    const reports: readonly DeliveryStatus[] =
      this.faults && this.#chance.is(0.2) ? ["delivered", "sent"] : ["sent", "delivered"];
    for (const [place, progress] of reports.entries()) {
      if (this.faults && this.#chance.is(0.1)) continue;
      const times = this.faults && this.#chance.is(0.1) ? 2 : 1;
      for (let time = 0; time < times; time += 1) {
        this.later(this.#chance.between(0, 800) + place * 400, () => this.#report(message, progress));
      }
    }
    return message;
  }

  #report(message: SentMessage, progress: DeliveryStatus, errorCode: number | null = null): void {
    if (this.faults && this.#chance.is(0.03)) this.die();
    const object = this.#alive();
    const { turn, index, sid } = message;
    const report = { sid, accountSid: "", sender: "", part: { turn, index }, progress, errorCode };
    const changed = this.#settle(object, turn, index, (delivery) => applyStatusReport(delivery, report, this.now));
    if (changed) this.#continue(object);
  }

  #lookUp(object: LivingObject, job: PartAction): void {
    this.doubts += 1;
    const failing = this.faults && this.#chance.is(0.2);
    const listed = this.sent.filter(({ listedAt }) => listedAt <= this.now).map(listedMessage);
    this.#answer(
      object,
      job,
      failing ? { kind: "unsure", reason: "HTTP 500" } : { kind: "done", value: listed.toReversed() },
    );
  }

  #answer(
    object: LivingObject,
    job: PartAction,
    answer: TwilioAnswer<AcceptedMessage> | TwilioAnswer<readonly ListedMessage[]>,
  ): void {
    if (this.faults && this.#chance.is(0.04)) return this.die();
    this.later(this.#chance.between(5, 400), () => {
      if (this.#object !== object) return;
      object.job = null;
      this.#settle(object, job.turn.id, job.index, (delivery, turn) =>
        this.#become(job, answer, delivery, turn, object),
      );
      this.#continue(object);
    });
  }

  #become(
    job: PartAction,
    answer: TwilioAnswer<AcceptedMessage> | TwilioAnswer<readonly ListedMessage[]>,
    delivery: Delivery,
    turn: Turn,
    object: LivingObject,
  ): Delivery {
    const moment = { now: this.now, chance: this.#chance.next(), pace: this.#pace };
    if (job.kind === "post") return applyPostAnswer(delivery, answer as TwilioAnswer<AcceptedMessage>, moment);
    const known = object.turns.collectSids();
    return applyLookupAnswer(getPart(turn, job.index), answer as TwilioAnswer<readonly ListedMessage[]>, known, {
      ...moment,
      whenUnknown: turn.whenUnknown,
    });
  }

  #settle(
    object: LivingObject,
    turn: number,
    index: number,
    become: (delivery: Delivery, turn: Turn) => Delivery,
  ): boolean {
    return this.#disk.transaction(() => {
      const before = this.#disk.findTurn(turn)?.parts[index]?.delivery;
      const changed = object.turns.settlePart(turn, index, become, this.now);
      const after = this.#disk.findTurn(turn)?.parts[index]?.delivery;
      this.#hearOfBlock(this.#disk.findTurn(turn), index);
      if (before !== undefined && after !== undefined && rank(after) < rank(before))
        this.#offend(`${before.status} became ${after.status}`);
      return changed;
    });
  }

  /** Twilio's word of an opt-out is as good as STOP, unless it is of what was said before the sender opted in. */
  #hearOfBlock(turn: Turn | null, index: number): void {
    const part = turn?.parts[index];
    if (turn === null || part === undefined || !("error" in part.delivery)) return;
    if (part.delivery.error?.code === 21_610 && (part.at ?? turnStartedAt(turn)) >= this.#startedAt)
      this.#stopped(false);
  }

  #arm(object: LivingObject): void {
    const state = this.#disk.state();
    if (state === null || !this.#plan.alarm) return;
    const dueAt = object.turns.nextActionAt(state);
    const heard = object.job === null ? 0 : this.now + this.#pace.settleAfter;
    const moments = [dueAt === null ? null : Math.max(dueAt, heard), nextDueAt(state)].filter(
      (moment) => moment !== null,
    );
    const at = Math.max(Math.min(...moments), this.now + 500);
    if (moments.length > 0 && (this.alarmAt === null || at < this.alarmAt)) this.alarmAt = at;
  }

  check(): void {
    this.#checkNotices();
    const last = this.sent.at(-1);
    if (last === undefined || this.sent.length === this.#checked) return;
    this.#checked = this.sent.length;
    if (this.sent.filter(({ part }) => part === last.part).length > 1) this.#offend(`part ${last.part} was sent twice`);
    const former = this.sent.at(-2);
    const isEarlier = former !== undefined && last.turn * 100 + last.index < former.turn * 100 + former.index;
    // What was decided later, for a turn that had waited, may come after a later turn.
    if (isEarlier && last.decidedAt <= former.decidedAt) {
      this.#offend(`part ${last.part} was sent after part ${former.part}`);
    }
  }

  /** Whoever decides on a notice goes by what the person wants at that moment. */
  #checkNotices(): void {
    const { nextTurn } = this.#disk.state() ?? { nextTurn: 1 };
    for (; this.#unseen < nextTurn; this.#unseen += 1) {
      const turn = this.#disk.findTurn(this.#unseen);
      const reason = turn?.kind === "notice" ? this.#wishes.against(turn.notice.id) : null;
      if (turn?.kind === "notice" && reason !== null)
        this.#offend(`notice ${turn.notice.id} was told although ${reason}`);
    }
  }

  #offend(offence: string): void {
    if (!this.offences.includes(offence)) this.offences.push(offence);
  }
}

/** Knows of no notice what has become of it. */
function forgetful(disk: Disk): TurnStore {
  return { ...over(disk), findNotice: () => null };
}

/** Knows of nobody that they have opted out. */
function deaf(disk: Disk): TurnStore {
  const state = () => {
    const known = disk.state();
    const lines = Object.entries(known?.lines ?? {}).map(([number, line]) => [
      number,
      { ...line, consent: { status: "unstated" } as const },
    ]);
    return known === null ? null : { ...known, lines: Object.fromEntries(lines) as typeof known.lines };
  };
  return { ...over(disk), state };
}

function over(disk: Disk): TurnStore {
  return {
    state: () => disk.state(),
    saveState: (state) => disk.saveState(state),
    findTurn: (id) => disk.findTurn(id),
    addTurn: (turn) => disk.addTurn(turn),
    saveTurn: (turn) => disk.saveTurn(turn),
    listEarlierTurns: (id, limit) => disk.listEarlierTurns(id, limit),
    findNotice: (id) => disk.findNotice(id),
    saveNotice: (id, record) => disk.saveNotice(id, record),
    recordConsent: (entry) => disk.recordConsent(entry),
  };
}

/** Anyone may have it. */
const LISTS: readonly ReadyList[] = [
  {
    id: "news",
    number: "+12025550100",
    title: "News",
    audience: "anyone",
    doubleOptIn: false,
    zone: "UTC",
    createdAt: 0,
  },
];

export interface Plan {
  /** Milliseconds before the list is asked. */
  readonly settleAfter: number;
  /** At most so long after Twilio has taken a message its list shows it. */
  readonly listLag: number;
  readonly dedupe: boolean;
  readonly dedupeNotices: boolean;
  /** False: whoever decides on a notice does not know that the person has opted out. */
  readonly asksConsent?: boolean;
  /** False: whoever decides on a notice takes everybody for linked. */
  readonly asksPerson?: boolean;
  readonly alarm: boolean;
  /** Who minds the words of consent; left out: Twilio. */
  readonly guard?: OptOutHandler;
  /** So many parts may be sent, and confirmations beside; left out: as many as there are. */
  readonly cap?: number;
}

/** An opt-out. */
interface Stop {
  readonly at: number;
  readonly owed: boolean;
  /** The turn that it was said in; 0: none. */
  readonly turn: number;
  readonly confirmations: Set<string>;
}

/** What opts out, as the lives say it. */
export const OPT_OUTS = ["STOP", "please stop texting me", "Stop.", "take me off your list"] as const;

const OUT: ReadonlySet<string> = new Set(OPT_OUTS);

interface LivingObject {
  readonly turns: TurnLog;
  job: PartAction | null;
}

interface SentMessage {
  readonly sid: string;
  readonly part: string;
  readonly turn: number;
  readonly index: number;
  readonly text: string;
  readonly media: readonly string[];
  readonly decidedAt: number;
  readonly createdAt: number;
  readonly listedAt: number;
}

function listedMessage({ sid, text, media, createdAt }: SentMessage): ListedMessage {
  return { sid, status: "sent", errorCode: null, text, mediaCount: media.length, createdAt };
}

const REQUEST = { method: "GET", url: "https://bot.example.com", headers: {}, body: null } as const;

/** Answers with one to three parts; every third says the same as others do, so that equal texts are told apart too. */
const ANSWERING: ReadyApplication = {
  ...answeringWith([]),
  idleSeconds: 600,
  assistant: {
    canBeginTopic: () => true,
    handleEvent: (event) => {
      const [name = "", count = "1"] = event.kind === "text" ? event.text.split(" ") : ["later", "2"];
      if (name === "ask")
        return { answers: [], memory: null, notes: [], awaits: { kind: "request", request: REQUEST } };
      const answers = Array.from({ length: Number(count) }, (_, index) => ({
        kind: "text" as const,
        text: index === 2 ? "The end." : `${name} ${index}`,
      }));
      return { answers, memory: null, notes: [], awaits: { kind: "text", silentAfter: null } };
    },
  },
};

function rank({ status }: Delivery): number {
  const ranks: Partial<Record<Delivery["status"], number>> = {
    queued: 1,
    sent: 2,
    delivered: 3,
    undelivered: 3,
    failed: 3,
  };
  return ranks[status] ?? 0;
}
