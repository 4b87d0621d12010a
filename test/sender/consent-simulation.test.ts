import { describe, expect, it } from "vitest";
import type { Guard } from "../../src/consent/carrier.ts";
import { Life, OPT_OUTS, type Plan } from "../support/life.ts";
import { Chance } from "../support/prng.ts";

/** `CONSENT_LIVES=100000 CONSENT_SEED=1 npx vitest run --project node test/sender/consent-simulation.test.ts` */
const LIVES = Number(process.env["CONSENT_LIVES"] ?? 1_500);
const FIRST_SEED = Number(process.env["CONSENT_SEED"] ?? 1);

const SOUND: Plan = { settleAfter: 60_000, listLag: 40_000, dedupe: true, dedupeNotices: true, alarm: true };
const MINUTES = 60_000;
const SPAN = 12 * MINUTES;

/** Texts, answers that come later, opt-outs of every kind, at any moment among retries, doubts and deaths; then a quiet day. */
function live(seed: number): Life {
  const chance = new Chance(seed);
  const guard: Guard = chance.is(0.5) ? "twilio" : "parley";
  const life = new Life(chance, { ...SOUND, guard });
  const later = (happen: () => void) => life.later(chance.between(0, SPAN), happen);
  for (let count = chance.between(2, 9); count > 0; count -= 1) {
    const body = chance.is(0.3) ? `ask ${count}` : `m${count} ${chance.between(1, 3)}`;
    later(() => life.text(body));
  }
  for (let count = chance.between(1, 3); count > 0; count -= 1) later(optOut(life, chance));
  for (let count = chance.between(0, 2); count > 0; count -= 1) {
    const word = chance.is(0.5) ? "START" : "yes";
    later(chance.is(0.3) ? () => life.claim("given") : () => life.text(word));
  }
  if (chance.is(0.3)) later(() => life.text("HELP"));
  for (let count = chance.between(0, 3); count > 0; count -= 1) later(() => life.die());
  life.run(life.now + 30 * MINUTES);
  life.faults = false;
  life.run(life.now + 24 * 60 * MINUTES);
  return life;
}

/** By word, by phrase, by OptOutType, by 21610 early or late, by an admin. */
function optOut(life: Life, chance: Chance): () => void {
  const kind = chance.between(0, 5);
  if (kind === 0) return () => life.text("arret", "stop");
  if (kind === 1) return () => life.block();
  if (kind === 2) return () => life.claim("withdrawn");
  const words = OPT_OUTS[chance.between(0, OPT_OUTS.length - 1)] ?? "STOP";
  return () => life.text(words);
}

describe("after an opt-out", () => {
  it(`nothing is POSTed but one confirmation: ${LIVES} lives`, { timeout: 3_600_000 }, () => {
    let [stops, confirmations, sent] = [0, 0, 0];
    for (let seed = FIRST_SEED; seed < FIRST_SEED + LIVES; seed += 1) {
      const life = live(seed);
      expect({ seed, offences: life.offences }).toEqual({ seed, offences: [] });
      stops += life.stops;
      confirmations += life.confirmations;
      sent += life.sent.length;
    }
    console.log(
      `${LIVES} lives: ${stops} opt-outs, ${confirmations} POSTs of confirmations, ${sent} messages, 0 violations.`,
    );
    expect(stops).toBeGreaterThan(LIVES / 2);
    expect(confirmations).toBeGreaterThan(LIVES / 10);
  });
});
