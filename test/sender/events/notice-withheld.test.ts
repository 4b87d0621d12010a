import { describe, expect, it } from "vitest";
import { WAITING_NOTICES_PER_LINE } from "../../../src/core/limits/notify.ts";
import type { Notice } from "../../../src/notify/notice.ts";
import type { PartAction } from "../../../src/sender/delivery/part-lifecycle.ts";
import { resumeAfterRequest } from "../../../src/sender/events/request-ended.ts";
import { receiveText } from "../../../src/sender/events/text-received.ts";
import type { DecisionContext } from "../../../src/sender/model/context.ts";
import type { Delivery, NoticeTurn, Turn } from "../../../src/sender/model/state.ts";
import { exportConversation } from "../../../src/sender/records/conversation-export.ts";
import { handleDueEvents } from "../../../src/sender/records/due-runner.ts";
import { NoticeLog } from "../../../src/sender/records/notice-log.ts";
import { toMessages } from "../../../src/sender/records/transcript.ts";
import { TurnLog } from "../../../src/sender/records/turn-log.ts";
import { answeringWith, inbound, topic } from "../../support/chat.ts";
import { Disk } from "../../support/disk.ts";

const PHONE = "+12125550140";
const NUMBER = "+12025550100";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const at = (text: string) => Date.parse(`${text}Z`);
const iso = (moment: number) => new Date(moment).toISOString();

const application = answeringWith([
  topic("slow", {
    keywords: ["slow"],
    steps: [
      { kind: "call", id: "ask", request: { url: "https://api.example.com/" }, failed: "done" },
      { kind: "end", id: "done", text: "Looked." },
    ],
  }),
  topic("visit", {
    steps: [
      { kind: "confirm", id: "come", text: "Will you come?", no: "sorry" },
      { kind: "end", id: "see", text: "See you." },
      { kind: "end", id: "sorry", text: "A pity." },
    ],
  }),
]);

function notice(id: number, expiresAt: number, more: Partial<Notice> = {}): Notice {
  return {
    id: `NO${String(id).padStart(32, "0")}`,
    number: NUMBER,
    list: null,
    audience: "anyone",
    text: `n${id}`,
    variables: { secret: "x" },
    media: null,
    link: null,
    topic: null,
    expiresAt,
    ...more,
  };
}

/** A contact in New York, over a store in memory, with a controlled clock and controlled actions. */
class Phone {
  now: number;
  readonly disk = new Disk();
  readonly turns = new TurnLog(this.disk, { settleAfter: MINUTE, partWait: 5_000 });
  readonly notices = new NoticeLog(this.disk, this.turns);
  isUsable = true;
  isCapped = false;
  #texts = 0;

  constructor(now: number) {
    this.now = now;
  }

  get context(): DecisionContext {
    return { now: this.now, origin: "https://x", findApplication: () => application };
  }

  notify(each: Notice): void {
    this.notices.takeNotice(PHONE, "AC", each, this.context, false);
    this.settle();
  }

  text(text: string): void {
    this.#texts += 1;
    this.turns.acceptTurn(receiveText(this.disk.state(), inbound(this.#texts, text), this.context), false, this.now);
    this.settle();
  }

  /** Answers the request of the conversation. */
  answer(): void {
    const state = this.disk.state();
    const conversation = state?.lines[NUMBER]?.conversation;
    if (state === null || conversation?.status !== "open" || conversation.rest.kind !== "request")
      throw new Error("nothing is asked");
    const asked = { number: NUMBER, turn: conversation.turn, id: conversation.rest.id };
    const outcome = { kind: "answered", status: 200, json: {} } as const;
    const decision = resumeAfterRequest(state, asked, outcome, this.turn(asked.turn), this.context);
    if (decision !== null) this.turns.extendTurn(decision, this.now);
    this.settle();
  }

  settle(): void {
    handleDueEvents(this.disk, this.turns, () => this.context);
  }

  /** Moves the clock to a moment, and handles what is due. */
  until(moment: number): void {
    this.now = moment;
    this.settle();
  }

  take(): PartAction | null {
    return this.turns.takeAction(
      () => this.isUsable,
      this.now,
      () => this.isCapped,
    );
  }

  /** Lets the Meter refuse the parts. */
  refuse(): void {
    const job = this.take();
    if (job?.kind !== "meter") throw new Error("the Meter is not asked");
    this.turns.settleCapCheck(job, "number", this.now);
  }

  become(turn: number, index: number, delivery: Delivery): void {
    this.turns.settlePart(turn, index, () => delivery, this.now);
  }

  turn(id: number): Turn {
    const turn = this.disk.findTurn(id);
    if (turn === null) throw new Error(`there is no turn ${id}`);
    return turn;
  }

  report(id: number) {
    return this.notices.reportNotice(notice(id, 0).id, this.now);
  }

  get waiting() {
    return this.disk.state()?.lines[NUMBER]?.notices;
  }

  statuses(id: number): readonly string[] {
    return this.turn(id).parts.map(({ delivery }) => delivery.status);
  }
}

const EVENING = at("2026-03-03T01:30");
const NIGHT = { from: "21:00", to: "08:00" };
/** 21:00 and 08:00 in New York. */
const [NINE, EIGHT] = [at("2026-03-03T02:00"), at("2026-03-03T13:00")];
const QUEUED: Delivery = { status: "queued", sid: "SM1", at: 0, error: null };
const BUSY: Delivery = { status: "retrying", tries: 1, dueAt: EVENING, error: null };

describe("a notice that reaches the daily cap", () => {
  const NOON = at("2026-03-02T12:00");
  const MIDNIGHT = at("2026-03-03T00:00");

  it("waits for the next day with its original expiry, and is sent then", () => {
    const phone = new Phone(NOON);
    phone.isCapped = true;
    phone.notify(notice(1, NOON + 24 * HOUR));
    phone.refuse();
    expect(phone.report(1)).toEqual({ outcome: "queued", until: NOON + 24 * HOUR });
    expect(phone.waiting).toEqual([
      { id: notice(1, 0).id, kind: "simple", expiresAt: NOON + 24 * HOUR, notBefore: MIDNIGHT },
    ]);
    phone.until(MIDNIGHT - 1);
    expect([phone.take(), phone.disk.turns().length]).toEqual([null, 1]);
    phone.until(MIDNIGHT);
    phone.isCapped = false;
    expect(phone.take()).toMatchObject({ kind: "post", turn: { id: 2, parts: [{ text: "n1" }] } });
    expect(phone.report(1)).toMatchObject({ outcome: "sent", at: MIDNIGHT, messages: [{ id: "2.0" }] });
  });

  it("leaves a turn that notes why nothing was sent, and is not counted as held back", () => {
    const phone = new Phone(NOON);
    phone.isCapped = true;
    phone.notify(notice(1, NOON + 24 * HOUR));
    phone.refuse();
    const why = `the daily cap of the number was reached: the notice waits until ${iso(MIDNIGHT)}`;
    expect(toMessages(phone.turn(1))).toMatchObject([
      { status: "dropped", error: { message: why }, notes: [`Not sent: ${why}.`] },
    ]);
    expect(phone.disk.state()?.heldBack).toBeUndefined();
  });

  it("expires if the cap lasts longer than the notice may wait", () => {
    const phone = new Phone(NOON);
    phone.isCapped = true;
    phone.notify(notice(1, NOON + HOUR));
    phone.refuse();
    expect(phone.report(1)?.outcome).toBe("queued");
    phone.until(NOON + HOUR);
    expect(phone.report(1)).toEqual({ outcome: "refused", reason: "expired" });
    expect([phone.waiting, phone.disk.turns().length]).toEqual([undefined, 1]);
  });

  it("waits also if it had waited for an answer before, and passed the first look at the cap", () => {
    const phone = new Phone(NOON);
    phone.text("slow");
    phone.notify(notice(1, NOON + 24 * HOUR));
    expect(phone.report(1)?.outcome).toBe("queued");
    phone.answer();
    expect(phone.report(1)?.outcome).toBe("sent");
    phone.take();
    phone.become(1, 0, { ...QUEUED, status: "sent" });
    phone.isCapped = true;
    phone.refuse();
    expect(phone.report(1)?.outcome).toBe("queued");
  });

  it("opens no conversation that the contact has not seen", () => {
    const phone = new Phone(NOON);
    phone.isCapped = true;
    phone.notify(notice(1, NOON + 24 * HOUR, { topic: "visit" }));
    expect(phone.disk.state()?.lines[NUMBER]?.conversation.status).toBe("open");
    phone.refuse();
    expect(phone.disk.state()?.lines[NUMBER]?.conversation.status).toBe("closed");
    phone.until(MIDNIGHT);
    expect(phone.turn(2)).toMatchObject({ conversation: "2", parts: [{ text: "n1" }, { text: "Will you come?" }] });
  });

  it("keeps a conversation that the contact has continued, and begins its topic after it", () => {
    const phone = new Phone(NOON);
    phone.isCapped = true;
    phone.notify(notice(1, NOON + 24 * HOUR, { topic: "visit" }));
    phone.text("hm");
    phone.refuse();
    expect(phone.disk.state()?.lines[NUMBER]?.conversation).toMatchObject({ status: "open", id: "1", turn: 2 });
    expect(phone.report(1)?.outcome).toBe("queued");
  });

  it("is not resent if a part was sent: the rest is dropped and counted", () => {
    const phone = new Phone(NOON);
    phone.notify(notice(1, NOON + 24 * HOUR, { topic: "visit" }));
    phone.take();
    phone.become(1, 0, QUEUED);
    phone.isCapped = true;
    phone.refuse();
    expect([phone.statuses(1), phone.report(1)?.outcome, phone.waiting]).toEqual([
      ["queued", "dropped"],
      "sent",
      undefined,
    ]);
    expect(phone.disk.state()?.heldBack).toMatchObject([{ kind: "cap", count: 1 }]);
  });

  it("is not queued by a verdict that arrives after STOP", () => {
    const phone = new Phone(NOON);
    phone.isCapped = true;
    phone.notify(notice(1, NOON + 24 * HOUR));
    const job = phone.take();
    phone.text("STOP");
    if (job !== null) phone.turns.settleCapCheck(job, "number", phone.now);
    expect([phone.statuses(1), phone.waiting]).toEqual([["dropped"], undefined]);
  });

  it("is refused if too many wait already", () => {
    const phone = new Phone(NOON);
    phone.isCapped = true;
    phone.notify(notice(1, NOON + 24 * HOUR, { topic: "visit" }));
    for (let id = 2; id < 2 + WAITING_NOTICES_PER_LINE; id += 1)
      phone.notify(notice(id, NOON + 24 * HOUR, { topic: "visit" }));
    phone.refuse();
    expect(phone.report(1)).toEqual({ outcome: "refused", reason: "too-many" });
    expect(phone.waiting).toHaveLength(WAITING_NOTICES_PER_LINE);
  });

  it("is cancelled while it waits", () => {
    const phone = new Phone(NOON);
    phone.isCapped = true;
    phone.notify(notice(1, NOON + 24 * HOUR));
    phone.refuse();
    phone.notices.cancelNotice(notice(1, 0).id);
    phone.until(MIDNIGHT);
    expect([phone.report(1), phone.disk.turns().length]).toEqual([{ outcome: "refused", reason: "cancelled" }, 1]);
  });
});

describe("a notice that cannot be sent before the contact's quiet hours", () => {
  const late = (more: Partial<Notice> = {}) => notice(1, EIGHT + HOUR, { quiet: NIGHT, ...more });

  it("waits for their end, however long the account is unusable", () => {
    const phone = new Phone(EVENING);
    phone.isUsable = false;
    phone.notify(late());
    expect(phone.take()).toBeNull();
    phone.until(NINE - 1);
    expect([phone.take(), phone.report(1)?.outcome]).toEqual([null, "sent"]);
    phone.until(NINE + 5 * MINUTE);
    expect([phone.take(), phone.report(1)?.outcome]).toEqual([null, "queued"]);
    phone.isUsable = true;
    phone.until(EIGHT - 1);
    expect([phone.take(), phone.waiting?.[0]?.notBefore]).toEqual([null, EIGHT]);
    expect(phone.turn(1).notes).toEqual([
      `Not sent: the contact's quiet hours had begun: the notice waits until ${iso(EIGHT)}.`,
    ]);
    phone.until(EIGHT);
    expect(phone.take()).toMatchObject({ kind: "post", turn: { id: 2 } });
  });

  it("is sent until the moment before they begin", () => {
    const [before, then] = [new Phone(EVENING), new Phone(EVENING)];
    for (const phone of [before, then]) phone.notify(late());
    before.now = NINE - 1;
    then.now = NINE;
    expect([before.take()?.kind, then.take()]).toEqual(["post", null]);
  });

  it("also waits if Twilio was too busy to accept it", () => {
    const phone = new Phone(EVENING);
    phone.notify(late());
    phone.take();
    phone.become(1, 0, BUSY);
    phone.now = NINE;
    expect([phone.take(), phone.report(1)?.outcome]).toEqual([null, "queued"]);
  });

  it.each<[string, Delivery]>([
    ["claimed", { status: "claimed", tries: 1, at: EVENING }],
    ["uncertain", { status: "uncertain", tries: 1, at: EVENING, settleAt: NINE, asked: 0, reason: "reset" }],
  ])("is looked up at Twilio if it is %s, and only withheld once it is known to be absent", (_, delivery) => {
    const phone = new Phone(EVENING);
    phone.notify(late());
    phone.become(1, 0, delivery);
    phone.now = NINE + MINUTE;
    expect([phone.take()?.kind, phone.report(1)?.outcome]).toEqual(["look-up", "sent"]);
    phone.become(1, 0, BUSY);
    expect([phone.take(), phone.report(1)?.outcome]).toEqual([null, "queued"]);
  });

  it("expires if it expires during the quiet hours", () => {
    const phone = new Phone(EVENING);
    phone.isUsable = false;
    phone.notify(late({ expiresAt: EIGHT, topic: "visit" }));
    phone.now = NINE;
    expect([phone.take(), phone.report(1)]).toEqual([null, { outcome: "refused", reason: "expired" }]);
    expect(phone.disk.state()?.lines[NUMBER]?.conversation.status).toBe("closed");
    expect(phone.turn(1).notes).toEqual(["Not sent: the notice had expired."]);
  });

  it("is only sent in part if a part was sent before", () => {
    const phone = new Phone(EVENING);
    phone.notify(late({ topic: "visit" }));
    phone.take();
    phone.become(1, 0, { ...QUEUED, status: "sent" });
    phone.now = NINE;
    expect([phone.take(), phone.statuses(1), phone.report(1)?.outcome]).toEqual([null, ["sent", "dropped"], "sent"]);
    expect(phone.turn(1).notes).toEqual(["Only sent in part: its sending time was over."]);
  });

  it("withholds no later answers of its topic", () => {
    const phone = new Phone(EVENING);
    phone.notify(late({ topic: "slow" }));
    phone.take();
    phone.become(1, 0, { ...QUEUED, status: "sent" });
    phone.now = NINE;
    phone.answer();
    expect(phone.take()).toMatchObject({ kind: "post", index: 1 });
  });

  it("is resent at any time by an operator", () => {
    const phone = new Phone(EVENING);
    phone.notify(late());
    phone.take();
    phone.become(1, 0, { status: "unknown", at: EVENING, reason: "no answer" });
    phone.now = NINE;
    phone.turns.resolvePart(1, 0, "resend", NINE);
    expect(phone.take()).toMatchObject({ kind: "post", turn: { id: 1 } });
  });
});

describe("a notice that has expired before it is POSTed", () => {
  it("is not sent, and later parts are", () => {
    const phone = new Phone(EVENING);
    phone.isUsable = false;
    phone.notify(notice(1, EVENING + HOUR));
    phone.text("hello");
    phone.now = EVENING + HOUR;
    phone.isUsable = true;
    expect(phone.take()).toMatchObject({ kind: "post", turn: { id: 2 } });
    expect([phone.statuses(1), phone.report(1)]).toEqual([["dropped"], { outcome: "refused", reason: "expired" }]);
  });
});

describe("the original notice", () => {
  it("is removed once a part is sent, and is in no export", () => {
    const phone = new Phone(EVENING);
    phone.notify(notice(1, EVENING + HOUR));
    const asked = () => (phone.turn(1) as NoticeTurn).asked;
    phone.take();
    expect(asked()?.id).toBe(notice(1, 0).id);
    const turnsWith = () => phone.disk.turns();
    const recording = exportConversation({ state: () => phone.disk.state(), listTurns: turnsWith }, NUMBER, null);
    expect(JSON.stringify(recording)).not.toContain("secret");
    phone.become(1, 0, QUEUED);
    expect(asked()).toBeUndefined();
  });

  it("is absent from turns of an older release, which continue as before", () => {
    const phone = new Phone(EVENING);
    phone.notify(notice(1, EVENING + HOUR));
    const { asked: _, term: __, ...old } = phone.turn(1) as NoticeTurn;
    phone.disk.saveTurn(old);
    phone.isCapped = true;
    phone.now = EVENING + 2 * HOUR;
    phone.refuse();
    expect([phone.statuses(1), phone.report(1)?.outcome]).toEqual([["dropped"], "sent"]);
    expect(phone.disk.state()?.heldBack).toMatchObject([{ kind: "cap", count: 1 }]);
  });
});
