import type { Snapshot } from "../configuration/snapshot.ts";
import { type ReadyList, textsOf } from "../notify/list.ts";
import type { NoticeRefusal } from "../notify/notice.ts";
import { noticeSaying } from "../notify/notification.ts";
import { type SubscriberGroup, subscribed } from "../notify/subscriptions.ts";
import { isAllowed } from "../send-limits/countries.ts";
import { MILLIONTHS, priceOf } from "../send-limits/prices.ts";
import { noticed } from "../sender/events/notice-received.ts";
import type { SenderState } from "../sender/model/state.ts";
import { newLine, newSender } from "../sender/model/turn.ts";
import { worldIn } from "../sender/records/due-runner.ts";
import { segmentsOf } from "../sender/records/notice-log.ts";
import { variablesIn } from "../templates/template.ts";
import type { BroadcastBody } from "./broadcast.ts";
import { bulkPace } from "./pace.ts";

/**
 * What a person of the audience would get now, of whom nothing else is known than that they have the list on. In their place stands the number itself,
 * whatever country it is in.
 * @returns the segments of it, or why they would get nothing
 */
export function rehearsed(
  body: BroadcastBody,
  list: ReadyList,
  snapshot: Snapshot,
  now: number,
): number | NoticeRefusal {
  const account = snapshot.numbers.get(list.number)?.account ?? "";
  const line = subscribed(newLine(account), list, { to: "on", by: "admin", proof: "", at: now });
  const state: SenderState = { ...newSender(list.number), lines: { [list.number]: line } };
  const { brakes: _, ...world } = worldIn({ snapshot, past: () => null }, list.number, "", now);
  const person = list.audience === "linked" ? { id: "" } : null;
  const notice = { id: "", number: list.number, list: list.id, audience: "anyone", expiresAt: now + 1 } as const;
  const { record, turn } = noticed(
    state,
    list.number,
    account,
    { ...notice, ...noticeSaying(body) },
    { ...world, person: () => person },
  );
  if (record.outcome !== "refused") return segmentsOf(turn?.parts ?? []);
  // For somebody who is linked it may say something.
  return record.reason === "empty" && textsOf(body.text).some(namesPerson) ? 1 : record.reason;
}

function namesPerson(text: string): boolean {
  return variablesIn(text).includes("person");
}

/** What a broadcast would be. */
export interface Estimate {
  /** Who have the list on, and are where the account may text. */
  readonly people: number;
  /** Who have it on, and are elsewhere. */
  readonly elsewhere: number;
  readonly segmentsEach: number;
  readonly segments: number;
  /** Null: the account has no prices. */
  readonly price: { readonly amount: number; readonly currency: string } | null;
  /** What the number carries for broadcasts. */
  readonly segmentsPerSecond: number;
  /** Nights come on top. */
  readonly seconds: number;
}

/**
 * @param segmentsEach of one person's text
 * @param groups who have the list on, each of one country
 */
export function estimated(
  segmentsEach: number,
  groups: readonly SubscriberGroup[],
  { media }: Pick<BroadcastBody, "media">,
  { number }: ReadyList,
  snapshot: Snapshot,
): Estimate {
  const { account = "", type = "long-code", segmentsPerSecond = null } = snapshot.numbers.get(number) ?? {};
  const prices = snapshot.accounts.get(account)?.prices ?? null;
  const { countries } = snapshot.brakesOn(number);
  const reached = groups.filter(({ phone }) => isAllowed(phone, countries));
  const people = peopleIn(reached);
  const millionths = reached.reduce(
    (sum, each) => sum + each.people * (priceOf(prices, each.phone, segmentsEach, media !== undefined) ?? 0),
    0,
  );
  const pace = bulkPace({ type, segmentsPerSecond });
  return {
    people,
    elsewhere: peopleIn(groups) - people,
    segmentsEach,
    segments: people * segmentsEach,
    price: prices === null ? null : { amount: millionths / MILLIONTHS, currency: prices.currency },
    segmentsPerSecond: pace,
    seconds: Math.ceil((people * segmentsEach) / pace),
  };
}

function peopleIn(groups: readonly SubscriberGroup[]): number {
  return groups.reduce((sum, { people }) => sum + people, 0);
}
