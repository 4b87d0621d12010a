import { rm } from "node:fs/promises";
import { afterEach, describe, expect, it } from "vitest";
import { PROJECT_ROOT } from "../../src/cli/bundle.ts";
import { isFullRun } from "../support/extent.ts";
import { type Edit, plant } from "../support/plant.ts";
import type { OffenceKind } from "../torture/evidence.ts";
import { ambiguousIn, askedAgain, countOf, report } from "../torture/report.ts";
import { type Options, torture } from "../torture/run.ts";
import { STOP } from "../torture/words.ts";

const SEED = Number(process.env["TORTURE_SEED"] ?? 7);

const KILLS = 10;

const run = (more: Partial<Options> = {}) =>
  torture({ kills: KILLS, seed: SEED, minutes: 1, senders: 32, source: PROJECT_ROOT, ...more });

describe("the torture", () => {
  it("finds nothing lost, nothing sent twice, nothing out of order", async () => {
    const outcome = await run();
    expect(outcome.offences, report(outcome, SEED)).toEqual([]);
    expect(outcome.kills).toBe(KILLS);
    expect(outcome.evidence.texts.filter(({ acceptedAt }) => acceptedAt !== null).length).toBeGreaterThan(50);
    expect(outcome.evidence.taken.length).toBeGreaterThan(100);
    expect(ambiguousIn(outcome)).toBeGreaterThan(5);
    expect(outcome.evidence.asked.length).toBeGreaterThan(10);
    expect(askedAgain(outcome.evidence)).toBeGreaterThan(0);
    const messages = outcome.evidence.transcripts.flatMap((transcript) => transcript.messages);
    expect(messages.filter(({ direction, text }) => direction === "in" && text === STOP).length).toBeGreaterThan(2);
    expect(messages.filter(({ status }) => status === "dropped").length).toBeGreaterThan(2);
  });
});

/** A Worker with one thing wrong, and the offence that it must be caught at. */
interface Plant {
  readonly what: string;
  readonly kind: OffenceKind;
  readonly edits: readonly Edit[];
  /** Whether `npm test` tries it, too: one that sends twice and one that loses. */
  readonly isTriedAlways?: true;
}

const PLANTED: readonly Plant[] = [
  {
    what: "sends again without a look at Twilio's list",
    kind: "duplicated",
    isTriedAlways: true,
    edits: [["twilio/client.ts", "messages.flatMap(parseListedMessage)", "[]"]],
  },
  {
    what: "takes a 5xx for a refusal",
    kind: "lost",
    isTriedAlways: true,
    edits: [["twilio/client.ts", 'kind: "unsure", reason: `HTTP ${status}` }', 'kind: "refused", refusal }']],
  },
  {
    what: "sends again what it had claimed when it died",
    kind: "duplicated",
    edits: [
      [
        "sender/delivery/part-lifecycle.ts",
        'return status === "pending" || status === "retrying";',
        'return status === "pending" || status === "retrying" || status === "claimed";',
      ],
    ],
  },
  {
    what: "marks a part as sent before the POST",
    kind: "lost",
    edits: [
      [
        "sender/delivery/part-lifecycle.ts",
        'const claim: Delivery = { status: "claimed", tries: countTries(delivery) + 1, at: now };',
        'const claim: Delivery = { status: "sent", sid: null, at: now, error: null };',
      ],
    ],
  },
  {
    what: "sends without a claim",
    kind: "duplicated",
    edits: [
      ["sender/records/turn-log.ts", "this.#store.addTurn(action?.turn ?? turn);", "this.#store.addTurn(turn);"],
      [
        "sender/records/turn-log.ts",
        "if (turn !== head) this.#store.saveTurn(turn);",
        'if (turn !== head && planned.kind !== "act") this.#store.saveTurn(turn);',
      ],
      [
        "sender/delivery/part-lifecycle.ts",
        'if (delivery.status !== "claimed") return delivery;\n  const { tries, at } = delivery;',
        "if (!isUnsent(delivery)) return delivery;\n  const { tries, at } = { tries: 1, at: now };",
      ],
    ],
  },
  {
    what: "does not arm its alarm again",
    kind: "lost",
    edits: [
      [
        "sender/runtime.ts",
        "async handleAlarm(): Promise<void> {\n    this.#alarm.restoreAlarm(null);",
        "async handleAlarm(): Promise<void> {",
      ],
    ],
  },
  {
    what: "does not mind STOP",
    kind: "unwanted",
    edits: [
      ["consent/ledger.ts", "return blocked ? { status, at, by, blocked } : { status, at, by };", "return consent;"],
    ],
  },
  {
    what: "sends what waited when STOP came",
    kind: "unwanted",
    edits: [
      [
        "sender/records/turn-log.ts",
        "this.#blockUnsentParts(state, ({ number }) => !isInConsentScope(state, number, entry.scope), now);",
        "",
      ],
      [
        "sender/records/turn-log.ts",
        "if (withdrawn && entry === null) this.#blockUnsentParts(state, () => true, now);",
        "",
      ],
      [
        "sender/delivery/part-lifecycle.ts",
        "if (isWaiting(delivery.status) && isForbidden(getPart(turn, index), withdrawn))",
        "if (false)",
      ],
    ],
  },
  {
    what: "forgets when it dies what it has asked a bot",
    kind: "lost",
    edits: [
      [
        "sender/records/store.ts",
        "JSON.parse(row.state)",
        `JSON.parse(row.state.replaceAll('"rest":{"kind":"request"', '"rest":{"kind":"text","silentAt":null,"was":"request"'))`,
      ],
    ],
  },
  {
    what: "asks a bot again under another id",
    kind: "misasked",
    edits: [["assistants/client.ts", "id: toTurnId(id), secret", "id: crypto.randomUUID(), secret"]],
  },
  {
    what: "does not remember what it has heard",
    kind: "duplicated",
    edits: [["sender/records/store.ts", "sid) > 0;", "sid) >= 0;"]],
  },
];

/** Long enough for a Worker that is right, when Twilio has misbehaved as usual and a few times only. */
const REST_MILLISECONDS = 20_000;

describe("the torture of a Worker that", () => {
  const folders: string[] = [];
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
  });

  const tried = PLANTED.filter(({ isTriedAlways }) => isFullRun || isTriedAlways);

  it.each(tried)("$what fails", { timeout: 120_000 }, async ({ kind, edits }) => {
    const source = await plant(edits);
    folders.push(source);
    const outcome = await run({ source, restMilliseconds: REST_MILLISECONDS });
    expect(countOf(outcome.offences, kind), report(outcome, SEED)).toBeGreaterThan(0);
    expect(report(outcome, SEED)).toContain(`--seed ${SEED}`);
  });
});
