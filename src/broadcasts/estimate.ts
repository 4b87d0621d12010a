import type { ConfigurationSnapshot } from "../configuration/snapshot.ts";
import { listTextVariants, type ReadyList } from "../notify/list.ts";
import type { NoticeRefusal } from "../notify/notice.ts";
import { toNoticeContent } from "../notify/notification.ts";
import { changeSubscription, type SubscriberGroup } from "../notify/subscriptions.ts";
import { isCountryAllowed } from "../send-limits/allowed-countries.ts";
import { calculateMessagePrice, MILLIONTHS_PER_UNIT } from "../send-limits/message-prices.ts";
import { decideNotice } from "../sender/events/notice-received.ts";
import type { SenderState } from "../sender/model/state.ts";
import { createLine, createSenderState } from "../sender/model/turn.ts";
import { createDecisionContext } from "../sender/records/due-runner.ts";
import { countBilledSegments } from "../sender/records/notice-log.ts";
import { listTemplateVariables } from "../templates/template.ts";
import type { BroadcastBody } from "./broadcast.ts";
import { calculateBulkRate } from "./bulk-rate.ts";

/**
 * Estimates the text that a subscriber gets, by deciding a notice to the number itself as if it were a contact about
 * which only the subscription is known; its country is ignored.
 * @returns the segments of the text, or the reason why there would be none
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
  const { sendLimits: _, ...context } = createDecisionContext({ snapshot, past: () => null }, list.number, "", now);
  const person = list.audience === "linked" ? { id: "" } : null;
  const notice = { id: "", number: list.number, list: list.id, audience: "anyone", expiresAt: now + 1 } as const;
  const { record, turn } = decideNotice(
    state,
    list.number,
    account,
    { ...notice, ...toNoticeContent(body) },
    { ...context, person: () => person },
  );
  if (record.outcome !== "refused") return countBilledSegments(turn?.parts ?? []);
  // The text may be empty only because `person` is: for a linked contact it would not be.
  return record.reason === "empty" && listTextVariants(body.text).some(hasPersonVariable) ? 1 : record.reason;
}

function hasPersonVariable(text: string): boolean {
  return listTemplateVariables(text).includes("person");
}

/** The estimated size, cost and duration of a broadcast. */
export interface BroadcastEstimate {
  /** Subscribers in countries that the account may text. */
  readonly people: number;
  /** Subscribers in other countries. */
  readonly elsewhere: number;
  readonly segmentsEach: number;
  readonly segments: number;
  /** Null: the account has no prices. */
  readonly price: { readonly amount: number; readonly currency: string } | null;
  /** The rate of the number for broadcasts. */
  readonly segmentsPerSecond: number;
  /** The duration without quiet hours. */
  readonly seconds: number;
}

/**
 * @param segmentsEach the segments of one recipient's text
 * @param groups the list's subscribers in groups, each from one country
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
  const reachable = groups.filter(({ phone }) => isCountryAllowed(phone, countries));
  const people = countPeople(reachable);
  const millionths = reachable.reduce(
    (sum, each) =>
      sum + each.people * (calculateMessagePrice(prices, each.phone, segmentsEach, media !== undefined) ?? 0),
    0,
  );
  const bulkRate = calculateBulkRate({ type, segmentsPerSecond });
  return {
    people,
    elsewhere: countPeople(groups) - people,
    segmentsEach,
    segments: people * segmentsEach,
    price: prices === null ? null : { amount: millionths / MILLIONTHS_PER_UNIT, currency: prices.currency },
    segmentsPerSecond: bulkRate,
    seconds: Math.ceil((people * segmentsEach) / bulkRate),
  };
}

function countPeople(groups: readonly SubscriberGroup[]): number {
  return groups.reduce((sum, { people }) => sum + people, 0);
}
