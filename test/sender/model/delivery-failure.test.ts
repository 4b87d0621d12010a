import { beforeEach, describe, expect, it } from "vitest";
import type { Assistant, DeliveryFailure } from "../../../src/contract/assistant.ts";
import { applyStatusReport } from "../../../src/sender/delivery/part-lifecycle.ts";
import { receiveText } from "../../../src/sender/events/text-received.ts";
import { handleDueEvent } from "../../../src/sender/events/time-passed.ts";
import type { DueTurnEvent } from "../../../src/sender/events/timeouts.ts";
import { TurnLog } from "../../../src/sender/records/turn-log.ts";
import type { DeliveryStatus } from "../../../src/twilio/status-callback.ts";
import { answeringWith, inbound } from "../../support/chat.ts";
import { Disk } from "../../support/disk.ts";

/** The delivery failure that the assistant got with each text. */
let failures: (DeliveryFailure | undefined)[] = [];

/** Pauses before it answers "slow", and ends the conversation at "bye". */
const assistant: Assistant = {
  handleEvent: (event) => {
    if (event.kind === "text") failures.push(event.undelivered);
    const text = event.kind === "text" ? event.text : "";
    const awaits =
      text === "slow"
        ? ({ kind: "pause", seconds: 5 } as const)
        : text === "bye"
          ? ({ kind: "end" } as const)
          : ({ kind: "text", silentAfter: null } as const);
    return { answers: [{ kind: "text", text: `You said ${text}.` }], memory: null, notes: [], awaits };
  },
};

const application = { ...answeringWith([]), assistant };

/** A contact whose texts are answered, with controlled deliveries. */
class Contact {
  readonly #disk = new Disk();
  readonly #turns = new TurnLog(this.#disk, { settleAfter: 60_000, partWait: 5_000 });
  #texts = 0;

  text(text: string): number {
    this.#texts += 1;
    const decision = receiveText(this.#disk.state(), inbound(this.#texts, text), this.#context);
    this.#turns.acceptTurn(decision, false, 0);
    return decision.turn.id;
  }

  proceed(due: DueTurnEvent): void {
    const [state, turn] = [this.#disk.state(), this.#disk.findTurn(due.turn)];
    if (state !== null && turn !== null) this.#turns.extendTurn(handleDueEvent(state, due, turn, this.#context), 0);
  }

  report(turn: number, progress: DeliveryStatus, errorCode: number | null = null): void {
    const { accountSid, from: sender } = inbound(turn, "");
    const sid = `SM${String(turn).padStart(32, "f")}`;
    const report = { sid, accountSid, sender, part: { turn, index: 0 }, progress, errorCode };
    this.#turns.settlePart(turn, 0, (delivery) => applyStatusReport(delivery, report, 0), 0);
  }

  readonly #context = { now: 0, origin: "https://sms.example.com", findApplication: () => application };
}

let contact: Contact;

beforeEach(() => {
  failures = [];
  contact = new Contact();
});

describe("an assistant gets delivery failures with the next text", () => {
  it("once", () => {
    const first = contact.text("a");
    contact.report(first, "undelivered", 30_006);
    contact.text("b");
    contact.text("c");
    expect(failures).toMatchObject([undefined, { code: 30_006 }, undefined]);
    expect(failures[1]?.message).not.toBe("");
  });

  it("the latest of several", () => {
    const first = contact.text("a");
    const second = contact.text("b");
    contact.report(first, "failed", 30_003);
    contact.report(second, "undelivered", 30_006);
    contact.text("c");
    expect(failures.at(-1)).toMatchObject({ code: 30_006 });
  });

  it("also if Twilio gives no reason", () => {
    const first = contact.text("a");
    contact.report(first, "failed");
    contact.text("b");
    expect(failures.at(-1)).toEqual({ code: null, message: "Twilio gave no reason" });
  });

  it("also if the assistant is busy when it arrives", () => {
    const first = contact.text("slow");
    contact.report(first, "undelivered", 30_006);
    contact.proceed({ kind: "paused", number: inbound(1, "").to, turn: first });
    contact.text("b");
    expect(failures).toMatchObject([undefined, { code: 30_006 }]);
  });

  it.each<DeliveryStatus>(["queued", "sent", "delivered"])("and nothing of what is %s", (progress) => {
    contact.report(contact.text("a"), progress);
    contact.text("b");
    expect(failures).toEqual([undefined, undefined]);
  });

  it("but not those of a closed conversation", () => {
    const last = contact.text("bye");
    contact.report(last, "undelivered", 30_006);
    contact.text("a");
    contact.text("b");
    expect(failures).toEqual([undefined, undefined, undefined]);
  });

  it("but not a late one of the conversation before", () => {
    const last = contact.text("bye");
    contact.text("a");
    contact.report(last, "undelivered", 30_006);
    contact.text("b");
    expect(failures).toEqual([undefined, undefined, undefined]);
  });
});
