import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MEDIA_TURNS_WAITING, MEDIA_WAIT_MILLISECONDS } from "../../../src/core/limits/media.ts";
import type { HeardMedia, MediaCopy, SenderState, Turn } from "../../../src/sender/model/state.ts";
import { getTurnMedia } from "../../../src/sender/model/turn.ts";
import { type CopyOutcome, MediaCopies } from "../../../src/sender/records/media-copies.ts";
import { toMessages } from "../../../src/sender/records/transcript.ts";
import { Disk } from "../../support/disk.ts";

const NOW = Date.UTC(2026, 2, 2);
const KEPT: CopyOutcome = { kind: "kept", key: "f/1.0", contentType: "image/png", size: 8 };

function passing(reason = "HTTP 503", retryAfterMilliseconds: number | null = null): CopyOutcome {
  return { kind: "passing", reason, retryAfterMilliseconds };
}

function newTurn(id: number, media: number): Turn {
  return {
    id,
    number: "+12025550100",
    account: "AC",
    conversation: "1",
    kind: "heard",
    heard: {
      at: NOW,
      sid: `MM${id}`,
      text: "",
      media: Array.from({ length: media }, (_, index) => ({
        url: `https://api.twilio.com/${id}.${index}`,
        contentType: "image/png",
      })),
      segments: 1,
    },
    parts: [],
    whenUnknown: "hold",
    notes: [],
  };
}

/** A contact whose texts have so many media each. */
class Phone {
  readonly disk = new Disk();
  copies = new MediaCopies(this.disk);
  #next = 1;

  hear(media: number, keeps = true): void {
    const id = this.#next;
    this.#next += 1;
    const before: SenderState = this.disk.state() ?? {
      version: 2,
      phone: "+12025550140",
      nextTurn: 1,
      firstUnsent: 1,
      origin: "https://parley.example",
      lines: {},
    };
    const decision = { state: { ...before, nextTurn: id + 1 }, turn: newTurn(id, media) };
    const { state, turn } = this.copies.acceptMedia(decision, keeps, NOW);
    this.disk.addTurn(turn);
    this.disk.saveState(state);
  }

  restart(): void {
    this.copies = new MediaCopies(this.disk);
  }

  get state(): SenderState {
    const state = this.disk.state();
    if (state === null) throw new Error("nothing was heard");
    return state;
  }

  statuses(turn: number): readonly (MediaCopy["status"] | undefined)[] {
    return this.media(turn).map(({ copy }) => copy?.status);
  }

  media(id: number): readonly HeardMedia[] {
    const turn = this.disk.findTurn(id);
    return turn === null ? [] : getTurnMedia(turn);
  }

  copy(turn: number): MediaCopy | undefined {
    return this.media(turn)[0]?.copy;
  }

  try(outcome: CopyOutcome, now = NOW, chance = 1): string | null {
    const task = this.copies.nextDueMedium(now);
    if (task === null) return null;
    this.copies.settleCopy(task.turn.id, task.index, outcome, { now, chance });
    return task.url;
  }
}

describe("the media of texts", () => {
  it("are copied one after the other, oldest first, until nothing is due", () => {
    const phone = new Phone();
    for (const media of [0, 2, 0, 1]) phone.hear(media);
    expect(phone.copies.nextMediumAt(phone.state)).toBe(0);
    expect([phone.try(KEPT), phone.try(KEPT), phone.try(KEPT), phone.try(KEPT)]).toEqual([
      "https://api.twilio.com/2.0",
      "https://api.twilio.com/2.1",
      "https://api.twilio.com/4.0",
      null,
    ]);
    expect(phone.copies.nextMediumAt(phone.state)).toBeNull();
    phone.hear(0);
    expect(phone.state.mediaTurns).toEqual([]);
  });

  it("are still due after a restart", () => {
    const phone = new Phone();
    for (const media of [2, 0, 1]) phone.hear(media);
    phone.try(KEPT);
    phone.restart();
    expect([phone.try(KEPT), phone.try(KEPT), phone.try(KEPT)]).toEqual([
      "https://api.twilio.com/1.1",
      "https://api.twilio.com/3.0",
      null,
    ]);
  });

  it("leave the state unchanged if the contact never sent media", () => {
    const phone = new Phone();
    phone.hear(0);
    expect(phone.state).not.toHaveProperty("mediaTurns");
    expect(phone.copies.nextMediumAt(phone.state)).toBeNull();
  });

  it("stay at Twilio if there is no bucket", () => {
    const phone = new Phone();
    phone.hear(1, false);
    expect(phone.statuses(1)).toEqual(["at-twilio"]);
    expect(phone.copies.nextMediumAt(phone.state)).toBeNull();
    phone.hear(1);
    expect(phone.try({ kind: "homeless" })).not.toBeNull();
    expect(phone.statuses(2)).toEqual(["at-twilio"]);
  });

  it("of a release without copies are shown as at Twilio", () => {
    const [message] = toMessages(newTurn(1, 1));
    expect(message?.media).toMatchObject([{ status: "at-twilio", source: "https://api.twilio.com/1.0", key: null }]);
  });

  it("do not block each other", () => {
    const phone = new Phone();
    phone.hear(2);
    phone.try(passing());
    expect(phone.try(KEPT)).toBe("https://api.twilio.com/1.1");
    expect(phone.statuses(1)).toEqual(["waiting", "kept"]);
  });

  it("of too many texts at once are given up, oldest first", () => {
    const phone = new Phone();
    for (let texts = 0; texts < MEDIA_TURNS_WAITING + 2; texts += 1) phone.hear(2);
    expect([1, 2, 3].map((turn) => phone.statuses(turn)[1])).toEqual(["lost", "lost", "waiting"]);
    expect(phone.state.mediaTurns).toHaveLength(MEDIA_TURNS_WAITING);
  });

  it("wait while the configuration is not available", () => {
    const phone = new Phone();
    phone.hear(1);
    phone.copies.pauseCopying(NOW);
    expect(phone.copies.nextDueMedium(NOW)).toBeNull();
    expect(phone.copies.isTroubled(phone.state, NOW)).toBe(true);
    const due = phone.copies.nextMediumAt(phone.state) ?? 0;
    expect(due).toBeGreaterThan(NOW);
    expect(phone.copies.nextDueMedium(due)).not.toBeNull();
  });
});

describe("a copy that failed", () => {
  it("is retried with backoff, and reports trouble until it succeeds", () => {
    const phone = new Phone();
    phone.hear(1);
    expect(phone.copies.isTroubled(phone.state, NOW)).toBe(false);
    const waits: number[] = [];
    for (let now = NOW; waits.length < 12; now = phone.copies.nextMediumAt(phone.state) ?? 0) {
      phone.try(passing(), now);
      waits.push((phone.copies.nextMediumAt(phone.state) ?? 0) - now);
      expect(phone.copies.nextDueMedium(now)).toBeNull();
    }
    expect(waits.slice(0, 4)).toEqual([2_000, 4_000, 8_000, 16_000]);
    expect(waits.at(-1)).toBe(600_000);
    expect(phone.copies.isTroubled(phone.state, NOW)).toBe(true);
  });

  it("waits as long as Twilio asks, up to a limit", () => {
    for (const [asked, waits] of [
      [20_000, 20_000],
      [3_600_000, 300_000],
    ] as const) {
      const phone = new Phone();
      phone.hear(1);
      phone.try(passing("busy", asked), NOW, 0);
      expect(phone.copies.nextMediumAt(phone.state)).toBe(NOW + waits);
    }
  });

  it("is lost after six hours and a last try, with the reason of that try", () => {
    const phone = new Phone();
    phone.hear(1);
    const last = NOW + MEDIA_WAIT_MILLISECONDS;
    phone.try(passing("Twilio does not have it"), last - 1, 0);
    expect(phone.statuses(1)).toEqual(["waiting"]);
    phone.try(passing("HTTP 503"), last);
    expect(phone.copy(1)).toEqual({ status: "lost", at: last, reason: "HTTP 503" });
    expect(phone.copies.nextMediumAt(phone.state)).toBeNull();
  });

  it.each<readonly [CopyOutcome, object]>([
    [
      { kind: "refused", because: "size", reason: "it is so" },
      { status: "refused", because: "size" },
    ],
    [
      { kind: "refused", because: "type", reason: "it is so" },
      { status: "refused", because: "type" },
    ],
    [{ kind: "barred", reason: "it is so" }, { status: "lost" }],
  ])("is not retried if the result is %j", (outcome, copy) => {
    const phone = new Phone();
    phone.hear(1);
    phone.try(outcome);
    expect(phone.copy(1)).toEqual({ ...copy, at: NOW, reason: "it is so" });
    expect(phone.copies.nextMediumAt(phone.state)).toBeNull();
  });
});

it("settled copies never change, and waiting copies are always due", () => {
  const outcome = fc.oneof(
    fc.constantFrom<CopyOutcome>(
      KEPT,
      { kind: "refused", because: "size", reason: "too large" },
      { kind: "barred", reason: "not public" },
    ),
    fc.record({
      kind: fc.constant("passing" as const),
      reason: fc.constant("HTTP 500"),
      retryAfterMilliseconds: fc.option(fc.nat(10_000_000)),
    }),
  );
  const event = fc.oneof(
    fc.record({ kind: fc.constant("text" as const), media: fc.nat(3) }),
    fc.record({
      kind: fc.constant("settle" as const),
      turn: fc.integer({ min: 1, max: 6 }),
      index: fc.nat(2),
      outcome,
      chance: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    fc.record({ kind: fc.constant("restart" as const) }),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), fc.nat(5_000_000), (events, step) => {
      const phone = new Phone();
      phone.hear(1);
      let now = NOW;
      for (const one of events) {
        now += step;
        const before = phone.disk.turns();
        if (one.kind === "text") phone.hear(one.media);
        else if (one.kind === "restart") phone.restart();
        else phone.copies.settleCopy(one.turn, one.index, one.outcome, { now, chance: one.chance });
        const settled = before.flatMap((turn) =>
          getTurnMedia(turn).flatMap(({ copy }, index) =>
            copy?.status === "waiting" ? [] : [{ id: turn.id, index, copy }],
          ),
        );
        for (const { id, index, copy } of settled) expect(phone.media(id)[index]?.copy).toEqual(copy);
        const waiting = phone.disk
          .turns()
          .flatMap((turn) =>
            getTurnMedia(turn).flatMap(({ copy }) => (copy?.status === "waiting" ? [Math.max(copy.dueAt, 0)] : [])),
          );
        expect(phone.copies.nextMediumAt(phone.state)).toBe(waiting.length === 0 ? null : Math.min(...waiting));
      }
    }),
  );
});
