import { describe, expect, it } from "vitest";
import type { Notice } from "../../src/notify/notice.ts";
import { readRunCount } from "../support/extent.ts";
import { Life, type Plan } from "../support/life.ts";
import { Chance } from "../support/prng.ts";

/** `SIMULATION_LIVES=100000 SIMULATION_SEED=7 npx vitest run --project node test/sender/simulation.test.ts` */
const LIVES = readRunCount("SIMULATION_LIVES", { short: 300, full: 1_500 });
const FIRST_SEED = Number(process.env["SIMULATION_SEED"] ?? 1);

const SOUND: Plan = { settleAfter: 60_000, listLag: 40_000, dedupe: true, dedupeNotices: true, alarm: true };
const HOUR = 3_600_000;

interface Outcome {
  readonly violations: readonly string[];
  readonly life: Life;
}

/** Twenty minutes of texts, crashes and faults; then a quiet day. */
function live(seed: number, plan: Plan): Outcome {
  const chance = new Chance(seed);
  const life = new Life(chance, plan);
  const count = chance.between(1, 12);
  for (let text = 0; text < count; text += 1) {
    const words = chance.is(0.12)
      ? (["STOP", "START", "start news"][chance.between(0, 2)] ?? "")
      : `m${text} ${chance.between(1, 3)}`;
    life.later(chance.between(0, 20 * 60_000), () => life.text(words));
  }
  for (let notice = chance.between(0, 5); notice > 0; notice -= 1) {
    const [list, topic] = [chance.is(0.3) ? "news" : null, chance.is(0.4) ? "any" : null];
    life.later(chance.between(0, 20 * 60_000), () =>
      life.notify(noticeOf(notice, list, topic, life.now + chance.between(60, 3_600) * 1_000)),
    );
  }
  for (let death = chance.between(0, 4); death > 0; death -= 1)
    life.later(chance.between(0, 20 * 60_000), () => life.die());
  life.run(life.now + 30 * 60_000);
  life.faults = false;
  life.run(life.now + 24 * HOUR);
  return { violations: [...life.offences, ...findViolations(life)], life };
}

function noticeOf(count: number, list: string | null, topic: string | null, expiresAt: number): Notice {
  return {
    id: `NO${String(count).padStart(32, "0")}`,
    number: "+12025550100",
    list,
    audience: "anyone",
    text: `n${count}`,
    variables: {},
    media: null,
    link: null,
    topic,
    expiresAt,
  };
}

/** @returns violations of what must hold when everything is settled */
function findViolations(life: Life): readonly string[] {
  const turns = life.turns();
  const told = life.told().map(({ notice }) => notice.id);
  const heard = turns.flatMap((turn) => (turn.kind === "heard" ? [turn.heard.sid] : []));
  const violations = [...life.accepted].filter((sid) => !heard.includes(sid)).map((sid) => `text ${sid} was lost`);
  if (new Set(heard).size < heard.length) violations.push("a text made two turns");
  if (new Set(told).size < told.length) violations.push("a notice was told twice");
  for (const id of life.notified) {
    const outcome = life.standing(id);
    if (outcome === null || outcome === "queued") violations.push(`notice ${id} is ${outcome ?? "lost"}`);
    if ((outcome === "sent") !== told.includes(id)) violations.push(`notice ${id} is ${outcome}, and has another end`);
  }
  for (const turn of turns) {
    for (const [index, { delivery }] of turn.parts.entries()) {
      const sends = life.sent.filter((message) => message.part === `${turn.id}.${index}`);
      const id = `part ${turn.id}.${index}`;
      if (!isFinal(delivery.status)) violations.push(`${id} is still ${delivery.status}`);
      if (isTaken(delivery.status) && sends.length !== 1)
        violations.push(`${id} is ${delivery.status}, and was sent ${sends.length} times`);
      if (delivery.status === "dropped" && sends.length > 0) violations.push(`${id} was dropped, and was sent`);
    }
  }
  return violations;
}

function isTaken(status: string): boolean {
  return ["queued", "sent", "delivered", "undelivered"].includes(status);
}

function isFinal(status: string): boolean {
  return isTaken(status) || ["failed", "dropped", "unknown"].includes(status);
}

/** Runs lives from the first seed on, until one has a violation. */
function search(plan: Plan, lives: number): { readonly seed: number; readonly violations: readonly string[] } | null {
  for (let seed = FIRST_SEED; seed < FIRST_SEED + lives; seed += 1) {
    const { violations } = live(seed, plan);
    if (violations.length > 0) return { seed, violations };
  }
  return null;
}

describe("the life of a Sender", () => {
  it(`loses no text, answers none twice and none out of order: ${LIVES} lives`, { timeout: 3_600_000 }, () => {
    expect(search(SOUND, LIVES)).toBeNull();
  });

  it(`sends no more than its cap allows, and charges nothing twice: ${LIVES} lives`, {
    timeout: 3_600_000,
  }, () => {
    const offends = Array.from({ length: LIVES }, (_, index) => index).flatMap((index) => {
      const cap = index % 6;
      const { life, violations } = live(FIRST_SEED + index, { ...SOUND, cap });
      const parts = life.turns().flatMap((turn) => turn.parts.map((part) => ({ ...part, number: turn.number })));
      const sent = new Set(life.sent.map(({ part }) => part)).size - life.confirmations;
      const held = parts.filter(
        ({ delivery }) =>
          delivery.status === "dropped" && delivery.reason === "the daily cap of the number was reached",
      ).length;
      const all = [...violations, ...(sent > cap ? [`${sent} parts were sent, ${cap} may be`] : [])];
      if (held > 0 && (life.counted === 0 || life.counted > held))
        all.push(`${held} held back, ${life.counted} counted`);
      return all.map((offence) => `seed ${FIRST_SEED + index}: ${offence}`);
    });
    expect(offends).toEqual([]);
  });

  it("is eventful: it has many doubts, crashes and texts", () => {
    const lives = Array.from({ length: 200 }, (_, index) => live(FIRST_SEED + index, SOUND).life);
    const sum = (count: (life: Life) => number) => lives.reduce((total, life) => total + count(life), 0);
    expect(sum((life) => life.doubts)).toBeGreaterThan(200);
    expect(sum((life) => life.deaths)).toBeGreaterThan(400);
    expect(sum((life) => life.sent.length)).toBeGreaterThan(1_000);
    expect(sum((life) => life.turns().filter(({ kind }) => kind === "notice").length)).toBeGreaterThan(200);
  });

  it("is the same with the same seed", () => {
    expect(live(42, SOUND).life.turns()).toEqual(live(42, SOUND).life.turns());
  });
});

describe("the simulation catches", () => {
  it.each([
    ["a list that is asked too early", { ...SOUND, settleAfter: 1_000 }, /sent twice|sent 2 times/u],
    ["texts that are not known again", { ...SOUND, dedupe: false }, /made two turns/u],
    ["notices that are not known again", { ...SOUND, dedupeNotices: false }, /a notice was told twice/u],
    ["an alarm that is not set", { ...SOUND, alarm: false }, /still/u],
  ])("%s", (_, broken, offence) => {
    const found = search(broken, 300);
    expect(found?.violations.join("\n")).toMatch(offence);
  });
});
