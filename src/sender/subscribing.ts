import type { PhoneNumber } from "../core/phone.ts";
import type { ReadyList } from "../notify/list.ts";
import { type Change, type Subscription, statusOf, subscribed, told } from "../notify/subscriptions.ts";
import { newLine, newSender } from "./beginning.ts";
import type { World } from "./conversing.ts";
import type { SenderState } from "./state.ts";

/** What somebody else than the person wants to be changed. */
export interface SubscriptionOrder {
  readonly list: ReadyList;
  readonly account: string;
  readonly to: "on" | "off";
  readonly by: "admin" | "import";
  /** How it is known that the person wants it. */
  readonly proof: string;
}

/** Why nobody but the person themselves can switch a list on. */
export const SUBSCRIPTION_REFUSALS = {
  "opted-out": "They have opted out of texts from this number, and only they can opt in again, by START.",
  "not-linked": "The list is for linked persons, and they are a guest.",
  "switched-off": "They have switched the list off themselves; an import cannot switch it on again.",
} as const;

export type Ordered =
  | { readonly kind: "changed"; readonly state: SenderState }
  | { readonly kind: "unchanged" }
  | { readonly kind: "refused"; readonly reason: keyof typeof SUBSCRIPTION_REFUSALS };

/** Decides on an order. @param phone the person's */
export function ordered(
  before: SenderState | null,
  phone: PhoneNumber,
  { list, account, to, by, proof }: SubscriptionOrder,
  world: World,
): Ordered {
  const state = before ?? newSender(phone);
  const line = state.lines[list.number] ?? newLine(account);
  const isOn = statusOf(line, list) === "on";
  if (isOn === (to === "on")) return { kind: "unchanged" };
  if (to === "on" && line.consent.status === "withdrawn") return { kind: "refused", reason: "opted-out" };
  if (to === "on" && list.audience === "linked" && (world.person?.(line) ?? null) === null)
    return { kind: "refused", reason: "not-linked" };
  const own = line.subscriptions?.lists[list.id];
  if (to === "on" && by === "import" && own?.status === "off" && own.by === "person" && own.since >= list.createdAt)
    return { kind: "refused", reason: "switched-off" };
  const after = subscribed(line, list, { to, by, proof, at: world.now });
  return { kind: "changed", state: { ...state, lines: { ...state.lines, [list.number]: after } } };
}

/** A list as a sender has it. */
export interface OwnSubscription extends Subscription {
  readonly list: string;
  readonly number: PhoneNumber;
}

/** @returns every list that a sender has ever had, as it stands */
export function subscriptionsIn(state: SenderState | null): readonly OwnSubscription[] {
  return Object.entries(state?.lines ?? {}).flatMap(([number, { subscriptions }]) =>
    Object.entries(subscriptions?.lists ?? {}).map(([list, subscription]) => ({ list, number, ...subscription })),
  );
}

/** Changes of one line that D1 has not been told of. */
export interface Untold {
  readonly phone: PhoneNumber;
  readonly number: PhoneNumber;
  /** Oldest first. */
  readonly changes: readonly Change[];
}

/** @returns the first line with changes that D1 does not know, or null. @param limit of changes */
export function untoldIn(state: SenderState, limit: number): Untold | null {
  const [first] = allUntold(state);
  return first === undefined ? null : { ...first, changes: first.changes.slice(0, limit) };
}

export function allUntold({ phone, lines }: SenderState): readonly Untold[] {
  return Object.entries(lines).flatMap(([number, { subscriptions }]) => {
    const changes = subscriptions?.untold ?? [];
    return changes.length === 0 ? [] : [{ phone, number, changes }];
  });
}

/** D1 has been told. */
export function withTold(state: SenderState, { number, changes }: Untold): SenderState {
  const line = state.lines[number];
  const last = changes.at(-1);
  if (line === undefined || last === undefined) return state;
  return { ...state, lines: { ...state.lines, [number]: told(line, last.seq) } };
}
