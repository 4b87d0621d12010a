import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WAITING_NOTICES_PER_LINE } from "../../src/core/limits/notify.ts";
import type { Notice } from "../../src/notify/notice.ts";
import { receiveText } from "../../src/sender/events/text-received.ts";
import type { DecisionContext } from "../../src/sender/model/context.ts";
import type { SenderState } from "../../src/sender/model/state.ts";
import { handleDueEvents } from "../../src/sender/records/due-runner.ts";
import { NoticeLog } from "../../src/sender/records/notice-log.ts";
import { TurnLog } from "../../src/sender/records/turn-log.ts";
import { answeringWith, inbound, playChat, topic } from "../support/chat.ts";
import { Disk } from "../support/disk.ts";
import { list } from "../support/lists.ts";

const HEADING = "You have a new notification. You can continue our conversation after reading it.";

const TOPICS = [
  topic("order", {
    keywords: ["order"],
    steps: [
      { kind: "ask", id: "what", text: "What?", save: "what" },
      { kind: "end", id: "done", text: "You get {{ what }}." },
    ],
  }),
  topic("slow", {
    keywords: ["slow"],
    steps: [
      { kind: "call", id: "ask", request: { url: "https://api.example.com/" }, failed: "done" },
      { kind: "say", id: "done", text: "Looked." },
    ],
  }),
  topic("visit", {
    steps: [
      { kind: "confirm", id: "come", text: "Will you come{% if at %} at {{ at }}{% endif %}?", no: "sorry" },
      { kind: "end", id: "see", text: "See you." },
      { kind: "end", id: "sorry", text: "A pity." },
    ],
  }),
];
const answering = answeringWith(TOPICS, {
  messages: { notUnderstood: "Hm?", greeting: "Welcome!" },
  idleSeconds: 3_600,
});
const LISTS = [list("news"), list("staff", { audience: "linked" }), list("club", { heading: "Club news:" })];

function goes(chat: string): void {
  expect(playChat(chat, answering, { lists: LISTS })).toBe(chat);
}

describe("a notice without a topic", () => {
  it("is sent at once, also to a phone that has never texted", () => {
    goes("! Your parcel is here.\n< Your parcel is here.\n> order\n< Welcome!\n< What?");
  });

  it("is sent with a heading during a conversation, and leaves its question open", () => {
    goes(`> order
< Welcome!
< What?
! [https://example.com/parcel.png] Your parcel is here.
< [https://example.com/parcel.png] ${HEADING}
  Your parcel is here.
> pizza
< You get pizza.
! Your bill.
< Your bill.`);
  });

  it("waits while an answer is being prepared", () => {
    goes(`> slow
< Welcome!
? GET https://api.example.com/
! Your parcel is here.
(no more texts)
= 200 {}
< Looked.
< ${HEADING}
  Your parcel is here.`);
  });

  it("waits while an answer is being prepared, and for the texts that wait for it", () => {
    goes(`> slow
< Welcome!
? GET https://api.example.com/
> order
(no more texts)
! Your parcel is here.
(no more texts)
! And your letter.
(no more texts)
= 200 {}
< Looked.
< What?
< ${HEADING}
  Your parcel is here.
< ${HEADING}
  And your letter.
> soup
< You get soup.`);
  });

  it("reaches only subscribers of its list, with the heading of the list", () => {
    goes(`! [list club] We meet at five.
(no more texts)
> start club
< Club: on. To switch it off, text STOP 2.
! [list club] We meet at six.
< Club news:
  We meet at six.
> stop club
< Club: off. To switch it on, text START 2.
! [list club] We meet at seven.
(no more texts)
! [list nothing] Hello?
(no more texts)
! [list staff] Only for staff.
(no more texts)`);
  });

  it("is refused after STOP and accepted again after START", () => {
    goes(`> STOP
(no more texts)
! Your parcel is here.
(no more texts)
> START
(no more texts)
! Your parcel is still here.
< Your parcel is still here.`);
  });
});

describe("a notice that begins a topic", () => {
  it("begins a conversation, which the next text answers", () => {
    goes(`! [topic visit] Your table is free.
< Your table is free.
< Will you come?
> yes
< See you.
! [topic gone] Nothing has this topic.
(no more texts)`);
  });

  it("waits until the conversation has ended", () => {
    goes(`> order
< Welcome!
< What?
! [topic visit] Your table is free.
(no more texts)
! [topic visit] Another one, too.
(no more texts)
! Your parcel is here.
< ${HEADING}
  Your parcel is here.
> pizza
< You get pizza.
< Your table is free.
< Will you come?
> no
< A pity.
< Another one, too.
< Will you come?
wait 1h
> order
< Welcome!
< What?`);
  });

  it("begins one also if the conversation has just become idle", () => {
    goes(`> order
< Welcome!
< What?
! [topic visit] Your table is free.
(no more texts)
wait 59m
wait 1m
< Your table is free.
< Will you come?`);
  });

  it("expires", () => {
    const patient = answeringWith(TOPICS, { idleSeconds: 9 * 3_600 });
    const chat = `> order
< What?
! [topic visit] Your table is free.
(no more texts)
wait 8h
> pizza
< You get pizza.`;
    expect(playChat(chat, patient)).toBe(chat);
  });

  it("is dropped by STOP while it waits", () => {
    goes(`> order
< Welcome!
< What?
! [topic visit] Your table is free.
(no more texts)
> STOP
(no more texts)
> START
(no more texts)
> order
< Welcome!
< What?
> pizza
< You get pizza.`);
  });
});

const PHONE = "+12025550140";
const NUMBER = "+12025550100";

function notice(id: number, more: Partial<Notice> = {}): Notice {
  return {
    id: `NO${String(id).padStart(32, "0")}`,
    number: NUMBER,
    list: null,
    audience: "anyone",
    text: `n${id}`,
    variables: {},
    media: null,
    link: null,
    topic: null,
    expiresAt: 1e12,
    ...more,
  };
}

/** One contact over a store, with a controlled clock. */
class Phone {
  now = 1_000;
  readonly disk = new Disk();
  readonly turns = new TurnLog(this.disk, { settleAfter: 60_000, partWait: 5_000 });
  readonly notices = new NoticeLog(this.disk, this.turns);
  #texts = 0;

  get world(): DecisionContext {
    return { now: this.now, origin: "https://x", findApplication: () => answering, lists: () => LISTS };
  }

  text(text: string): void {
    this.#texts += 1;
    this.turns.acceptTurn(receiveText(this.disk.state(), inbound(this.#texts, text), this.world), false, this.now);
    this.settle();
  }

  notify(each: Notice): void {
    this.notices.takeNotice(PHONE, "AC", each, this.world, false);
    this.settle();
  }

  settle(): void {
    handleDueEvents(this.disk, this.turns, () => this.world);
  }

  outcome(id: number): string | undefined {
    const report = this.notices.reportNotice(notice(id).id, this.now);
    return report?.outcome === "refused" ? report.reason : report?.outcome;
  }

  get state(): SenderState | null {
    return this.disk.state();
  }

  get said(): readonly string[] {
    return this.disk.turns().flatMap(({ parts }) => parts.map(({ text }) => text));
  }
}

describe("the outcome of a notice", () => {
  it.each<readonly [string, Partial<Notice>]>([
    ["not-linked", { audience: "linked" }],
    ["not-linked", { list: "staff" }],
    ["not-subscribed", { list: "news" }],
    ["no-list", { list: "none" }],
    ["no-topic", { topic: "none" }],
    ["empty", { text: "{{ nothing }}" }],
    ["not-rendered", { text: "{% for i in (1..100000) %}{{ i }}{% endfor %}" }],
  ])("is %s for %j, and no state is stored", (reason, more) => {
    const phone = new Phone();
    phone.notify(notice(1, more));
    expect([phone.outcome(1), phone.state, phone.outcome(2)]).toEqual([reason, null, undefined]);
  });

  it("has the language, variables and link of its request", () => {
    const phone = new Phone();
    phone.notify(
      notice(1, {
        text: { en: "Hello {{ name }}, {{ application.name }}", es: "Hola" },
        variables: { name: "Ada", path: "a/1" },
        link: { url: "https://example.com/{{ path }}", label: { en: "Details" } },
      }),
    );
    expect(phone.said).toEqual(["Hello Ada, Sample\nDetails: https://example.com/a/1"]);
    expect(phone.notices.reportNotice(notice(1).id, 0)).toEqual({
      outcome: "sent",
      at: 1_000,
      segments: 1,
      messages: [{ id: "1.0", status: "pending", sid: null, error: null, at: new Date(1_000).toISOString() }],
    });
  });

  it("gives its variables to the topic that it begins", () => {
    const phone = new Phone();
    phone.notify(notice(1, { topic: "visit", variables: { at: "five" } }));
    expect(phone.said).toEqual(["n1", "Will you come at five?"]);
  });

  it("is the same for every retry", () => {
    const phone = new Phone();
    for (const _ of [1, 2, 3]) phone.notify(notice(1));
    phone.text("order");
    for (const _ of [1, 2]) phone.notify(notice(2, { topic: "visit" }));
    phone.notify(notice(3, { list: "news" }));
    phone.text("start news");
    phone.notify(notice(3, { list: "news" }));
    expect([phone.outcome(1), phone.outcome(2), phone.outcome(3)]).toEqual(["sent", "queued", "not-subscribed"]);
    expect(phone.said.filter((text) => text === "n1")).toHaveLength(1);
    expect(phone.state?.lines[NUMBER]?.notices).toHaveLength(1);
  });

  it("is decided again when its turn has come", () => {
    const phone = new Phone();
    phone.text("start news");
    phone.text("order");
    phone.notify(notice(1, { topic: "visit", list: "news" }));
    phone.text("stop news");
    expect(phone.outcome(1)).toBe("queued");
    phone.text("pizza");
    expect([phone.outcome(1), phone.said.includes("n1")]).toEqual(["not-subscribed", false]);
  });

  it("is refused if the notice arrives after its expiry", () => {
    const phone = new Phone();
    phone.notify(notice(1, { expiresAt: phone.now }));
    phone.notify(notice(2, { expiresAt: phone.now + 1 }));
    expect([phone.outcome(1), phone.outcome(2)]).toEqual(["expired", "sent"]);
  });

  it("reports an expiry, an opt-out and a full backlog", () => {
    const phone = new Phone();
    phone.text("order");
    phone.notify(notice(1, { topic: "visit", expiresAt: 2_000 }));
    phone.now = 2_000;
    phone.settle();
    expect([phone.outcome(1), phone.state?.lines[NUMBER]?.notices]).toEqual(["expired", undefined]);
    for (let id = 2; id < 2 + WAITING_NOTICES_PER_LINE; id += 1) phone.notify(notice(id, { topic: "visit" }));
    phone.notify(notice(50, { topic: "visit" }));
    expect([phone.outcome(2), phone.outcome(50)]).toEqual(["queued", "too-many"]);
    phone.text("STOP");
    expect([phone.outcome(2), phone.outcome(50)]).toEqual(["opted-out", "too-many"]);
  });
});

it("a waiting notice is dropped by STOP even if START follows before its turn", () => {
  const phone = new Phone();
  phone.text("order");
  phone.notify(notice(1, { topic: "visit" }));
  for (const [count, word] of ["STOP", "START"].entries())
    phone.turns.acceptTurn(receiveText(phone.state, inbound(90 + count, word), phone.world), false, phone.now);
  phone.settle();
  expect([phone.outcome(1), phone.said]).toEqual(["opted-out", ["Welcome!", "What?"]]);
});

type Step =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "notice";
      readonly id: number;
      readonly actionable: boolean;
      readonly list: boolean;
      readonly seconds: number;
    }
  | { readonly kind: "pass"; readonly seconds: number };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant("text" as const),
    text: fc.constantFrom(
      "order",
      "pizza",
      "yes",
      "no",
      "START",
      "STOP",
      "start news",
      "stop news",
      "notification",
      "1",
      "slow",
    ),
  }),
  fc.record({
    kind: fc.constant("notice" as const),
    id: fc.integer({ min: 1, max: 6 }),
    actionable: fc.boolean(),
    list: fc.boolean(),
    seconds: fc.integer({ min: 60, max: 20_000 }),
  }),
  fc.record({ kind: fc.constant("pass" as const), seconds: fc.integer({ min: 1, max: 9_000 }) }),
);

describe("texts, notices and time in any order", () => {
  const RUNS = Number(process.env["NOTICE_RUNS"] ?? 400);

  it("send each notice at most once, none after its expiry, after STOP or without a subscription, and begin no topic in a conversation", () => {
    let told = 0;
    fc.assert(
      fc.property(fc.array(anyStep, { minLength: 5, maxLength: 40 }), (steps) => {
        const phone = new Phone();
        const expiries = new Map<string, number>();
        let known = 0;
        for (const step of steps) {
          const before = phone.state?.lines[NUMBER];
          if (step.kind === "text") phone.text(step.text);
          else if (step.kind === "pass") {
            phone.now += step.seconds * 1_000;
            phone.settle();
          } else {
            const expiresAt = phone.now + step.seconds * 1_000;
            const more = { topic: step.actionable ? "visit" : null, list: step.list ? "news" : null, expiresAt };
            // A repeated notice keeps its original content.
            if (phone.outcome(step.id) === undefined) expiries.set(notice(step.id).id, expiresAt);
            phone.notify(notice(step.id, more));
          }
          const turns = phone.disk.turns();
          for (const turn of turns.slice(known)) {
            if (turn.kind !== "notice") continue;
            told += 1;
            expect(expiries.get(turn.notice.id)).toBeGreaterThan(phone.now);
            const line = phone.state?.lines[NUMBER];
            expect(line?.consent.status).not.toBe("withdrawn");
            if (turn.notice.list !== undefined) expect(line?.subscriptions?.lists["news"]?.status).toBe("on");
            if (turn.notice.topic !== undefined) expect(turn.conversation).toBe(String(turn.id));
            const open = before?.conversation;
            if (turn.notice.topic !== undefined && step.kind === "notice" && open?.status === "open")
              expect(open.idleAt).toBeLessThanOrEqual(phone.now);
          }
          known = turns.length;
        }
        const ids = phone.disk.turns().flatMap((turn) => (turn.kind === "notice" ? [turn.notice.id] : []));
        expect(new Set(ids).size).toBe(ids.length);
        // The turns of conversations do not interleave, so that the contact sees each conversation as one.
        const conversations = phone.disk.turns().map(({ conversation }) => conversation);
        const changes = conversations.filter((each, index) => each !== conversations[index - 1]);
        expect(new Set(changes).size).toBe(changes.length);
        for (const id of ids) expect(phone.notices.reportNotice(id, phone.now)?.outcome).toBe("sent");
      }),
      { numRuns: RUNS },
    );
    // Some hundreds; the exact number depends on chance.
    expect(told).toBeGreaterThan(RUNS / 4);
  });
});
