import type { ReadyApplication, RequestOutcome } from "../../src/contract/assistant.ts";
import type { Notice } from "../../src/notify/notice.ts";
import { type TurnDecision } from "../../src/sender/events/decision.ts";
import {
  decideNotice,
  decideWaitingNotice,
  type NoticeDecision,
  removeWaitingNotice,
} from "../../src/sender/events/notice-received.ts";
import { resumeAfterRequest } from "../../src/sender/events/request-ended.ts";
import { receiveText } from "../../src/sender/events/text-received.ts";
import { handleDueEvent } from "../../src/sender/events/time-passed.ts";
import { type DueEvent, nextDueAt, nextDueEvent } from "../../src/sender/events/timeouts.ts";
import type { SenderState, Turn } from "../../src/sender/model/state.ts";
import { type ConversationExport, exportConversation } from "../../src/sender/records/conversation-export.ts";
import type { InboundText } from "../../src/twilio/inbound-text.ts";
import { inbound } from "./chat.ts";

const TO = "+12025550100";

/** A sender that lives by the clock, as in production: its alarm comes late, and nothing is rounded. */
export class Life {
  readonly #answering: ReadyApplication;
  readonly #turns: Turn[] = [];
  #state: SenderState | null = null;
  #now: number;
  #texts = 0;
  readonly #waiting = new Map<string, Notice>();

  constructor(answering: ReadyApplication, now: number) {
    this.#answering = answering;
    this.#now = now;
  }

  text(text: string, more: Partial<InboundText> = {}): void {
    this.#texts += 1;
    this.#now += 1;
    this.#keep(receiveText(this.#state, { ...inbound(this.#texts, text), ...more }, this.#world()));
    this.#proceed();
  }

  /** We begin a text. */
  notice(text: string, topic: string | null): void {
    this.#texts += 1;
    this.#now += 1;
    const notice: Notice = {
      id: `NO${String(this.#texts).padStart(32, "0")}`,
      number: TO,
      list: null,
      audience: "anyone",
      text,
      variables: {},
      media: null,
      link: null,
      topic,
      expiresAt: this.#now + 8 * 3_600_000,
    };
    this.#waiting.set(notice.id, notice);
    this.#told(decideNotice(this.#state, "+12025550140", "AC", notice, this.#world()));
    this.#proceed();
  }

  /** @param late milliseconds that each alarm comes too late */
  pass(milliseconds: number, late: number): void {
    const until = this.#now + milliseconds;
    for (let next = this.#nextAlarm(late); next !== null && next <= until; next = this.#nextAlarm(late)) {
      this.#now = Math.max(this.#now, next);
      this.#proceed();
    }
    this.#now = until;
  }

  /** @returns milliseconds until something is due, or null where nothing is */
  get untilDue(): number | null {
    const next = this.#state === null ? null : nextDueAt(this.#state);
    return next === null ? null : next - this.#now;
  }

  answer(outcome: RequestOutcome): void {
    const conversation = this.#state?.lines[TO]?.conversation;
    if (this.#state === null || conversation?.status !== "open" || conversation.rest.kind !== "request") return;
    const turn = this.#turn(conversation.turn);
    this.#now += 1;
    const asked = { number: TO, turn: turn.id, id: conversation.rest.id };
    const decision = resumeAfterRequest(this.#state, asked, outcome, turn, this.#world());
    if (decision !== null) this.#keep(decision);
    this.#proceed();
  }

  recording(conversation: string | null = null): ConversationExport | null {
    // As stored: what does not survive JSON is found out.
    const turns = JSON.parse(JSON.stringify(this.#turns)) as readonly Turn[];
    const turnsWith = (_: string, from: number, order: "asc" | "desc", limit: number) =>
      (order === "asc"
        ? turns.filter(({ id }) => id >= from)
        : turns.filter(({ id }) => id <= from).toReversed()
      ).slice(0, limit);
    return exportConversation({ state: () => this.#state, listTurns: turnsWith }, TO, conversation);
  }

  #nextAlarm(late: number): number | null {
    const until = this.untilDue;
    return until === null ? null : this.#now + Math.max(until, 0) + late;
  }

  #proceed(): void {
    for (;;) {
      const next = this.#state === null ? null : nextDueEvent(this.#state, this.#now);
      if (this.#state === null || next === null) return;
      if (next.kind === "notice") this.#tell(this.#state, next);
      else this.#keep(handleDueEvent(this.#state, next, this.#turn(next.turn), this.#world()));
    }
  }

  #tell(state: SenderState, { id, number, isExpired }: Extract<DueEvent, { kind: "notice" }>): void {
    const notice = this.#waiting.get(id);
    if (notice === undefined || isExpired) this.#state = removeWaitingNotice(state, number, id);
    else this.#told(decideWaitingNotice(state, notice, this.#world()));
  }

  #told({ state, turn }: NoticeDecision): void {
    if (state !== null && turn !== null) this.#keep({ state, turn });
    else this.#state = state;
  }

  #keep({ state, turn }: TurnDecision): void {
    this.#state = state;
    this.#turns[turn.id - 1] = turn;
  }

  #turn(id: number): Turn {
    const turn = this.#turns[id - 1];
    if (turn === undefined) throw new RangeError(`there is no turn ${id}`);
    return turn;
  }

  #world() {
    return { now: this.#now, origin: "https://sms.example.com", findApplication: () => this.#answering };
  }
}
