import { describe, expect, it } from "vitest";
import { type BroadcastBody, broadcastSchema } from "../../src/broadcasts/broadcast.ts";
import type { OptOutHandler } from "../../src/consent/carrier-keywords.ts";
import type { QuietHours } from "../../src/hours/quiet-hours.ts";
import type { Notice } from "../../src/notify/notice.ts";
import { Agenda } from "../support/agenda.ts";
import { type Airing, Broadcasting, noticeId } from "../support/broadcasting.ts";
import { readRunCount } from "../support/extent.ts";
import { Life, OPT_OUTS, type Plan } from "../support/life.ts";
import { Chance } from "../support/prng.ts";

/** `CONSENT_LIVES=100000 CONSENT_SEED=1 npx vitest run --project node test/sender/consent-simulation.test.ts` */
const LIVES = readRunCount("CONSENT_LIVES", { short: 300, full: 1_500 });
const FIRST_SEED = Number(process.env["CONSENT_SEED"] ?? 1);

const SOUND: Plan = { settleAfter: 60_000, listLag: 40_000, dedupe: true, dedupeNotices: true, alarm: true };
const NUMBER = "+12025550100";
const SECONDS = 1_000;
const MINUTES = 60 * SECONDS;
const HOURS = 60 * MINUTES;
const SPAN = 12 * MINUTES;

/**
 * Phones by town, with the hours by which their clocks are ahead of UTC. The last zone is unknown, so the list's zone
 * counts.
 */
const PEOPLE = [
  { phone: "+12025550140", hours: -5 },
  { phone: "+12065550141", hours: -8 },
  { phone: "+15005550006", hours: 0 },
] as const;

const BODY = broadcastSchema.parse({ list: "news", text: "b" });

/** A broadcast as it was started, and the commands that it got. */
interface Aired {
  readonly id: string;
  readonly body: BroadcastBody;
  isCancelled: boolean;
}

/** One to three contacts of a number, and its broadcasts. */
interface Town {
  readonly lives: readonly Life[];
  readonly broadcasting: Broadcasting;
  readonly aired: readonly Aired[];
  /** Contacts that are subscribed from the beginning and never unsubscribed. */
  readonly faithful: ReadonlySet<Life>;
}

/**
 * Runs texts, late answers, notifications, broadcasts and opt-outs of every kind, at any moment among retries, doubts,
 * crashes and quiet hours; then quiet days.
 */
function live(seed: number, plan: Partial<Plan> = {}, airing: Partial<Airing> = {}): Town {
  const chance = new Chance(seed);
  const agenda = new Agenda();
  const guard: OptOutHandler = chance.is(0.5) ? "twilio" : "parley";
  const people = PEOPLE.slice(0, Math.max(1, chance.between(-1, PEOPLE.length)));
  const lives = people.map(({ phone }) => new Life(chance, { ...SOUND, ...plan, guard }, agenda, phone));
  const faithful = new Set(lives.filter((life, index) => livesThrough(life, index === 0, chance)));
  const pace = [0.02, 0.2, 2, 50][chance.between(0, 3)] ?? 1;
  const broadcasting = new Broadcasting(agenda, chance, { number: NUMBER, pace, ...airing }, lives);
  const aired = Array.from({ length: chance.between(0, 2) }, (_, count) =>
    air(count + 1, broadcasting, agenda, chance),
  );
  for (let count = chance.between(0, 2); count > 0; count -= 1)
    agenda.later(chance.between(0, SPAN), () => broadcasting.die());
  agenda.run(agenda.now + 30 * MINUTES);
  agenda.faults = false;
  broadcasting.proceed();
  for (const { id } of aired) {
    broadcasting.order(id, { kind: "resume" });
    broadcasting.retry(id);
  }
  agenda.run(agenda.now + 100 * HOURS);
  return { lives, broadcasting, aired, faithful };
}

/**
 * @param busy whether much happens to the contact
 * @returns whether the contact is subscribed, and stays so without an opt-out
 */
function livesThrough(life: Life, busy: boolean, chance: Chance): boolean {
  const later = (happen: () => void) => life.later(chance.between(0, SPAN), happen);
  const isOn = chance.is(0.8);
  if (isOn) life.subscribe();
  for (let count = busy ? chance.between(2, 9) : chance.between(0, 2); count > 0; count -= 1) {
    const body = chance.is(0.3) ? `ask ${count}` : `m${count} ${chance.between(1, 3)}`;
    later(() => life.text(body));
  }
  for (let count = busy ? chance.between(1, 3) : chance.between(0, 1); count > 0; count -= 1)
    later(optOut(life, chance));
  for (let count = busy ? chance.between(0, 2) : 0; count > 0; count -= 1) {
    const word = chance.is(0.5) ? "START" : "yes";
    later(chance.is(0.3) ? () => life.claim("given") : () => life.text(word));
  }
  if (busy && chance.is(0.3)) later(() => life.text("HELP"));
  for (let count = busy ? chance.between(0, 3) : 0; count > 0; count -= 1) {
    const told = notice(count, chance);
    later(() => life.notify(told));
    if (chance.is(0.1)) later(() => life.callOff(told.id));
  }
  const isLinked = chance.is(0.6);
  life.link(isLinked);
  if (chance.is(0.5)) later(() => life.link(!isLinked));
  for (let count = busy ? chance.between(0, 3) : 0; count > 0; count -= 1) later(() => life.die());
  const changes = chance.is(0.3) ? chance.between(1, 2) : 0;
  for (let count = changes; count > 0; count -= 1) later(() => life.text(count === 2 ? "STOP News" : "START News"));
  return isOn && changes < 2;
}

/** Opts out by keyword, by phrase, by OptOutType, by an early or late error 21610, or by an admin. */
function optOut(life: Life, chance: Chance): () => void {
  const kind = chance.between(0, 5);
  if (kind === 0) return () => life.text("arret", "stop");
  if (kind === 1) return () => life.block();
  if (kind === 2) return () => life.claim("withdrawn");
  const words = OPT_OUTS[chance.between(0, OPT_OUTS.length - 1)] ?? "STOP";
  return () => life.text(words);
}

/** Sends a notification: simple or actionable, for the list or the contact, by day or also in quiet hours. */
function notice(count: number, chance: Chance): Notice {
  return {
    id: `NO${String(count).padStart(32, "0")}`,
    number: NUMBER,
    list: chance.is(0.4) ? "news" : null,
    audience: chance.is(0.3) ? "linked" : "anyone",
    text: `n${count}`,
    variables: {},
    media: null,
    link: null,
    topic: chance.is(0.4) ? "any" : null,
    quiet: chance.is(0.5) ? night(chance) : null,
    expiresAt: 1_000_000 + chance.between(1, 60) * MINUTES,
  };
}

/** Schedules some minutes of a contact's evening, in the midst of the events. */
function night(chance: Chance): QuietHours {
  const { hours } = PEOPLE[chance.between(0, PEOPLE.length - 1)] ?? PEOPLE[0];
  const begin = (24 + hours) * 60 + chance.between(16, 27);
  const time = (minute: number) =>
    [Math.floor(minute / 60) % 24, minute % 60].map((each) => String(each).padStart(2, "0")).join(":");
  return { from: time(begin), to: time(begin + chance.between(1, 15)) };
}

/** Creates a broadcast and starts it at some moment. It may be paused and resumed, have a deadline, or be cancelled. */
function air(count: number, broadcasting: Broadcasting, agenda: Agenda, chance: Chance): Aired {
  const id = `b${count}`;
  const begin = chance.between(0, SPAN);
  const wait = chance.is(0.3) ? chance.between(1, 300 * SECONDS) : 0;
  const body: BroadcastBody = {
    ...BODY,
    text: id,
    quiet: chance.is(0.6) ? night(chance) : null,
    ...(chance.is(0.25) ? { topic: "any" } : {}),
    ...(chance.is(0.2)
      ? { deadline: new Date(agenda.now + begin + wait + chance.between(1, 20) * MINUTES).toISOString() }
      : {}),
  };
  const aired = { id, body, isCancelled: false };
  agenda.later(begin, () => broadcasting.start(id, body, wait === 0 ? null : agenda.now + wait));
  const pauses = chance.is(0.3) ? [chance.between(0, 300 * SECONDS), chance.between(0, 300 * SECONDS)] : [];
  for (const [index, pause] of pauses.toSorted((a, b) => a - b).entries())
    agenda.later(begin + pause, () => broadcasting.order(id, { kind: index === 0 ? "pause" : "resume" }));
  if (chance.is(0.15))
    agenda.later(begin + chance.between(0, 400 * SECONDS), () => {
      broadcasting.order(id, { kind: "cancel" });
      aired.isCancelled = broadcasting.view(id).life.status === "cancelled";
    });
  // The hourly sweep, in case an alarm was lost.
  agenda.later(begin + 10 * MINUTES, () => broadcasting.proceed());
  return aired;
}

/** @returns violations of what must hold when everything is settled */
function verdict({ lives, broadcasting, aired, faithful }: Town): readonly string[] {
  const offences = lives.flatMap((life) => life.offences.map((offence) => `${life.phone}: ${offence}`));
  for (const { id, body, isCancelled } of aired) {
    let told = 0;
    for (const life of lives) {
      const turns = life.told().filter((turn) => turn.notice.text === id);
      told += turns.length;
      if (turns.length > 1) offences.push(`${life.phone} was told ${id} twice`);
      for (const turn of turns) {
        const sent = life.sent.filter((message) => message.turn === turn.id && message.index === 0).length;
        const status = turn.parts[0]?.delivery.status ?? "";
        const isLost = status === "failed" || status === "unknown" || (status === "dropped" && life.stops > 0);
        if (sent !== 1 && !(sent === 0 && isLost)) offences.push(`${life.phone} got ${id} ${sent} times, ${status}`);
        const own = life.sent.filter((each) => each.turn === turn.id && turn.parts[each.index]?.at === undefined);
        for (const at of [turn.notice.at, ...own.map(({ createdAt }) => createdAt)]) {
          if (body.quiet !== null && sleeps(life.phone, body.quiet, at))
            offences.push(`${life.phone} slept when ${id} was told`);
          if (body.deadline !== undefined && at >= Date.parse(body.deadline))
            offences.push(`${life.phone} was told ${id} too late`);
        }
      }
      const isOwed = faithful.has(life) && life.stops === 0 && !isCancelled && body.deadline === undefined;
      if (isOwed && turns.length === 0)
        offences.push(`${life.phone} never got ${id}: ${life.standing(noticeId(id)) ?? "unasked"}`);
    }
    const isCut = isCancelled || body.deadline !== undefined;
    offences.push(...books(broadcasting, id, lives.length, told, isCut));
  }
  return offences;
}

/**
 * Checks that a broadcast counts every recipient.
 * @param told how many contacts got it
 * @param isCut whether it ended early: recipients in flight then, without a report, are not counted as sent
 */
function books(
  broadcasting: Broadcasting,
  id: string,
  people: number,
  told: number,
  isCut: boolean,
): readonly string[] {
  const view = broadcasting.view(id);
  const { tally, life, waiting, dead, queued } = view;
  const skipped = Object.values(tally.skipped).reduce((sum, count) => sum + count, 0);
  const offences: string[] = [];
  if (life.status !== "done" && life.status !== "cancelled") offences.push(`${id} is still ${life.status}`);
  if (waiting + queued > 0) offences.push(`for ${waiting + queued} people ${id} still waits`);
  if (tally.sent + skipped + dead !== people)
    offences.push(`${id} counts ${tally.sent} sent, ${skipped} skipped and ${dead} dead of ${people} people`);
  if (isCut ? tally.sent > told : tally.sent !== told)
    offences.push(`${id} counts ${tally.sent} sent, and ${told} were told`);
  return offences;
}

/** Calculated by hand, since no zone changes its clocks in the first days of 1970. */
function sleeps(phone: string, { from, to }: QuietHours, at: number): boolean {
  const { hours } = PEOPLE.find((person) => person.phone === phone) ?? PEOPLE[0];
  const minute = (Math.floor(at / MINUTES) + (24 + hours) * 60) % (24 * 60);
  const [begin, end] = [from, to].map((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3)));
  if (begin === undefined || end === undefined) throw new Error("there are no such hours");
  return begin < end ? minute >= begin && minute < end : minute >= begin || minute < end;
}

describe("after an opt-out", () => {
  it(`one confirmation is POSTed and nothing else: ${LIVES} lives`, { timeout: 3_600_000 }, () => {
    const total = { people: 0, stops: 0, confirmations: 0, sent: 0, notices: 0, broadcasts: 0, ofBroadcasts: 0 };
    for (let seed = FIRST_SEED; seed < FIRST_SEED + LIVES; seed += 1) {
      const town = live(seed);
      expect({ seed, offences: verdict(town) }).toEqual({ seed, offences: [] });
      const { lives, aired } = town;
      total.broadcasts += aired.length;
      total.people += lives.length;
      for (const life of lives) {
        const told = life.turns().flatMap((turn) => (turn.kind === "notice" ? [turn.notice.id] : []));
        total.stops += life.stops;
        total.confirmations += life.confirmations;
        total.sent += life.sent.length;
        total.notices += told.length;
        total.ofBroadcasts += told.filter((id) => id.startsWith("BR")).length;
      }
    }
    const { people, stops, confirmations, sent, notices, broadcasts, ofBroadcasts } = total;
    console.log(
      `${LIVES} lives of ${people} people: ${stops} opt-outs, ${confirmations} POSTs of confirmations, ${sent} messages, ` +
        `${notices} notices, ${ofBroadcasts} of them of ${broadcasts} broadcasts, 0 violations.`,
    );
    expect(stops).toBeGreaterThan(LIVES / 2);
    expect(confirmations).toBeGreaterThan(LIVES / 10);
    expect(ofBroadcasts).toBeGreaterThan(LIVES / 10);
    expect(notices - ofBroadcasts).toBeGreaterThan(LIVES / 10);
  });
});

describe("the simulation catches", () => {
  let made = 0;
  const spoilt = (change: (notice: Notice) => Partial<Notice>): Partial<Airing> => ({
    spoil: (each) => ({ ...each, ...change(each) }),
  });
  it.each([
    ["notices that do not ask for consent", { asksConsent: false }, {}, /after STOP/u],
    ["notices that do not ask who is there", { asksPerson: false }, {}, /told although the sender is a guest/u],
    ["notices that are not known again", { dedupeNotices: false }, {}, /told b\d twice/u],
    ["a new id with each delivery", {}, spoilt(() => ({ id: noticeId(`${(made += 1)}`) })), /told b\d twice/u],
    ["a night that is not asked for", {}, { ...spoilt(() => ({ quiet: null })), isRestless: true }, /slept when/u],
  ])("%s", (_, plan, airing, offence) => {
    const offences = new Set<string>();
    for (let seed = FIRST_SEED; seed < FIRST_SEED + 500 && ![...offences].some((each) => offence.test(each)); seed += 1)
      for (const each of verdict(live(seed, plan, airing))) offences.add(each);
    expect([...offences].join("\n")).toMatch(offence);
  });
});
