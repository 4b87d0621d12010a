import type { ConfigurationSnapshot } from "../configuration/snapshot.ts";
import { listTextVariants, type ReadyList } from "../notify/list.ts";
import type { NoticeRefusal } from "../notify/notice.ts";
import { toNoticeContent } from "../notify/notification.ts";
import { changeSubscription, type SubscriberGroup } from "../notify/subscriptions.ts";
import { isCountryAllowed } from "../send-limits/allowed-countries.ts";
import { calculateMessagePrice, MILLIONTHS_PER_UNIT } from "../send-limits/message-prices.ts";
import { decideNotice } from "../sender/events/notice-received.ts";
import type { SenderState } from "../sender/model/state.ts";
import { createLine, createSenderState } from "../sender/model/line.ts";
import { createDecisionContext } from "../sender/records/due-runner.ts";
import { countBilledSegments } from "../sender/records/notice-log.ts";
import { listTemplateVariables } from "../templates/template.ts";
import type { BroadcastBody } from "./broadcast.ts";
import { calculateBulkRate } from "./bulk-rate.ts";

/**
 * What a person of the audience would get now, of whom nothing else is known than that they have the list on. In their place stands the number itself,
 * whatever country it is in.
 * @returns the segments of it, or why they would get nothing
 */
export function estimateSegments(
  body: BroadcastBody,
  list: ReadyList,
  snapshot: ConfigurationSnapshot,
  now: number,
): number | NoticeRefusal {
  const account = snapshot.numbers.get(list.number)?.account ?? "";
  const line = changeSubscription(createLine(account), list, { to: "on", by: "admin", proof: "", at: now });
  const state: SenderState = { ...createSenderState(list.number), lines: { [list.number]: line } };
  const { sendLimits: _, ...world } = createDecisionContext({ snapshot, past: () => null }, list.number, "", now);
  const person = list.audience === "linked" ? { id: "" } : null;
  const notice = { id: "", number: list.number, list: list.id, audience: "anyone", expiresAt: now + 1 } as const;
  const { record, turn } = decideNotice(
    state,
    list.number,
    account,
    { ...notice, ...toNoticeContent(body) },
    { ...world, person: () => person },
  );
  if (record.outcome !== "refused") return countBilledSegments(turn?.parts ?? []);
  // For somebody who is linked it may say something.
  return record.reason === "empty" && listTextVariants(body.text).some(hasPersonVariable) ? 1 : record.reason;
}

function hasPersonVariable(text: string): boolean {
  return listTemplateVariables(text).includes("person");
}

/** What a broadcast would be. */
export interface BroadcastEstimate {
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
export function estimateBroadcast(
  segmentsEach: number,
  groups: readonly SubscriberGroup[],
  { media }: Pick<BroadcastBody, "media">,
  { number }: ReadyList,
  snapshot: ConfigurationSnapshot,
): BroadcastEstimate {
  const { account = "", type = "long-code", segmentsPerSecond = null } = snapshot.numbers.get(number) ?? {};
  const prices = snapshot.accounts.get(account)?.prices ?? null;
  const { countries } = snapshot.findSendLimits(number);
  const reached = groups.filter(({ phone }) => isCountryAllowed(phone, countries));
  const people = countPeople(reached);
  const millionths = reached.reduce(
    (sum, each) =>
      sum + each.people * (calculateMessagePrice(prices, each.phone, segmentsEach, media !== undefined) ?? 0),
    0,
  );
  const pace = calculateBulkRate({ type, segmentsPerSecond });
  return {
    people,
    elsewhere: countPeople(groups) - people,
    segmentsEach,
    segments: people * segmentsEach,
    price: prices === null ? null : { amount: millionths / MILLIONTHS_PER_UNIT, currency: prices.currency },
    segmentsPerSecond: pace,
    seconds: Math.ceil((people * segmentsEach) / pace),
  };
}

function countPeople(groups: readonly SubscriberGroup[]): number {
  return groups.reduce((sum, { people }) => sum + people, 0);
}
