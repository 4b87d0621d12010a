import type { PhoneNumber } from "../../core/phone.ts";
import type { ReadyList } from "../../notify/list.ts";
import { type Change, type Subscription, statusOf, subscribed, told } from "../../notify/subscriptions.ts";
import type { World } from "../model/context.ts";
import type { SenderState } from "../model/state.ts";
import { newLine, newSender } from "../model/turn.ts";
import { type Known, worldIn } from "./due-runner.ts";

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

type Ordered =
  | { readonly kind: "changed"; readonly state: SenderState }
  | { readonly kind: "unchanged" }
  | { readonly kind: "refused"; readonly reason: keyof typeof SUBSCRIPTION_REFUSALS };

/** Decides on an order. @param phone the person's */
function ordered(
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

/** An order, with what the one who gives it knows of the configuration. */
export interface AskedSubscription extends Pick<SubscriptionOrder, "to" | "by" | "proof"> {
  readonly phone: PhoneNumber;
  readonly list: string;
  readonly revision: number;
}

export type SubscriptionReport =
  | { readonly kind: "changed" | "unchanged"; readonly subscription: OwnSubscription | null }
  | { readonly kind: "refused"; readonly reason: keyof typeof SUBSCRIPTION_REFUSALS | "no-list" };

/** Does what somebody else than the person wants, within a transaction. */
export function order(store: Shelf, asked: AskedSubscription, known: Known, now: number): SubscriptionReport {
  const { phone, to, by, proof } = asked;
  const { lists, numbers } = known.snapshot;
  const list = lists.get(asked.list);
  if (list === undefined) return { kind: "refused", reason: "no-list" };
  const account = numbers.get(list.number)?.account ?? "";
  const outcome = ordered(store.state(), phone, { list, account, to, by, proof }, worldIn(known, phone, "", now));
  if (outcome.kind === "refused") return outcome;
  if (outcome.kind === "changed") store.saveState(outcome.state);
  const own = ownSubscriptions(store.state()).lists.find((each) => each.list === list.id);
  return { kind: outcome.kind, subscription: own ?? null };
}

/** Where a sender's state is. */
interface Shelf {
  state(): SenderState | null;
  saveState(state: SenderState): void;
}

/** A list as a sender has it. */
export interface OwnSubscription extends Subscription {
  readonly list: string;
  readonly number: PhoneNumber;
}

export interface OwnSubscriptions {
  readonly lists: readonly OwnSubscription[];
  /** Changes that D1 has not heard of. */
  readonly untold: readonly Untold[];
}

/** @returns every list that a sender has ever had, as it stands */
export function ownSubscriptions(state: SenderState | null): OwnSubscriptions {
  const lists = Object.entries(state?.lines ?? {}).flatMap(([number, { subscriptions }]) =>
    Object.entries(subscriptions?.lists ?? {}).map(([list, subscription]) => ({ list, number, ...subscription })),
  );
  return { lists, untold: state === null ? [] : allUntold(state) };
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

function allUntold({ phone, lines }: SenderState): readonly Untold[] {
  return Object.entries(lines).flatMap(([number, { subscriptions }]) => {
    const changes = subscriptions?.untold ?? [];
    return changes.length === 0 ? [] : [{ phone, number, changes }];
  });
}

/** @returns the state once D1 knows the changes */
export function withToldChanges(state: SenderState, { number, changes }: Untold): SenderState {
  const line = state.lines[number];
  const last = changes.at(-1);
  if (line === undefined || last === undefined) return state;
  return { ...state, lines: { ...state.lines, [number]: told(line, last.seq) } };
}
