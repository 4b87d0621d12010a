import type { PhoneNumber } from "../../core/phone.ts";
import type { ReadyList } from "../../notify/list.ts";
import {
  changeSubscription,
  getSubscriptionStatus,
  markChangesSynced,
  type Subscription,
  type SubscriptionChange,
} from "../../notify/subscriptions.ts";
import type { DecisionContext } from "../model/context.ts";
import type { SenderState } from "../model/state.ts";
import { createLine, createSenderState } from "../model/turn.ts";
import { createDecisionContext, type LoadedConfiguration } from "./due-runner.ts";

/** What somebody else than the person wants to be changed. */
export interface SubscriptionUpdate {
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

type SubscriptionUpdateDecision =
  | { readonly kind: "changed"; readonly state: SenderState }
  | { readonly kind: "unchanged" }
  | { readonly kind: "refused"; readonly reason: keyof typeof SUBSCRIPTION_REFUSALS };

/** Decides on an order. @param phone the person's */
function decideSubscriptionUpdate(
  before: SenderState | null,
  phone: PhoneNumber,
  { list, account, to, by, proof }: SubscriptionUpdate,
  world: DecisionContext,
): SubscriptionUpdateDecision {
  const state = before ?? createSenderState(phone);
  const line = state.lines[list.number] ?? createLine(account);
  const isOn = getSubscriptionStatus(line, list) === "on";
  if (isOn === (to === "on")) return { kind: "unchanged" };
  if (to === "on" && line.consent.status === "withdrawn") return { kind: "refused", reason: "opted-out" };
  if (to === "on" && list.audience === "linked" && (world.person?.(line) ?? null) === null)
    return { kind: "refused", reason: "not-linked" };
  const own = line.subscriptions?.lists[list.id];
  if (to === "on" && by === "import" && own?.status === "off" && own.by === "person" && own.since >= list.createdAt)
    return { kind: "refused", reason: "switched-off" };
  const after = changeSubscription(line, list, { to, by, proof, at: world.now });
  return { kind: "changed", state: { ...state, lines: { ...state.lines, [list.number]: after } } };
}

/** An order, with what the one who gives it knows of the configuration. */
export interface SubscriptionUpdateRequest extends Pick<SubscriptionUpdate, "to" | "by" | "proof"> {
  readonly phone: PhoneNumber;
  readonly list: string;
  readonly revision: number;
}

export type SubscriptionReport =
  | { readonly kind: "changed" | "unchanged"; readonly subscription: ContactSubscription | null }
  | { readonly kind: "refused"; readonly reason: keyof typeof SUBSCRIPTION_REFUSALS | "no-list" };

/** Does what somebody else than the person wants, within a transaction. */
export function applySubscriptionUpdate(
  store: StateStore,
  asked: SubscriptionUpdateRequest,
  known: LoadedConfiguration,
  now: number,
): SubscriptionReport {
  const { phone, to, by, proof } = asked;
  const { lists, numbers } = known.snapshot;
  const list = lists.get(asked.list);
  if (list === undefined) return { kind: "refused", reason: "no-list" };
  const account = numbers.get(list.number)?.account ?? "";
  const outcome = decideSubscriptionUpdate(
    store.state(),
    phone,
    { list, account, to, by, proof },
    createDecisionContext(known, phone, "", now),
  );
  if (outcome.kind === "refused") return outcome;
  if (outcome.kind === "changed") store.saveState(outcome.state);
  const own = getContactSubscriptions(store.state()).lists.find((each) => each.list === list.id);
  return { kind: outcome.kind, subscription: own ?? null };
}

/** Where a sender's state is. */
interface StateStore {
  state(): SenderState | null;
  saveState(state: SenderState): void;
}

/** A list as a sender has it. */
export interface ContactSubscription extends Subscription {
  readonly list: string;
  readonly number: PhoneNumber;
}

export interface ContactSubscriptions {
  readonly lists: readonly ContactSubscription[];
  /** Changes that D1 has not heard of. */
  readonly untold: readonly PendingSubscriptionSync[];
}

/** @returns every list that a sender has ever had, as it stands */
export function getContactSubscriptions(state: SenderState | null): ContactSubscriptions {
  const lists = Object.entries(state?.lines ?? {}).flatMap(([number, { subscriptions }]) =>
    Object.entries(subscriptions?.lists ?? {}).map(([list, subscription]) => ({ list, number, ...subscription })),
  );
  return { lists, untold: state === null ? [] : allPendingSyncs(state) };
}

/** Changes of one line that D1 has not been told of. */
export interface PendingSubscriptionSync {
  readonly phone: PhoneNumber;
  readonly number: PhoneNumber;
  /** Oldest first. */
  readonly changes: readonly SubscriptionChange[];
}

/** @returns the first line with changes that D1 does not know, or null. @param limit of changes */
export function pendingSync(state: SenderState, limit: number): PendingSubscriptionSync | null {
  const [first] = allPendingSyncs(state);
  return first === undefined ? null : { ...first, changes: first.changes.slice(0, limit) };
}

function allPendingSyncs({ phone, lines }: SenderState): readonly PendingSubscriptionSync[] {
  return Object.entries(lines).flatMap(([number, { subscriptions }]) => {
    const changes = subscriptions?.untold ?? [];
    return changes.length === 0 ? [] : [{ phone, number, changes }];
  });
}

/** @returns the state once D1 knows the changes */
export function settleSyncedChanges(state: SenderState, { number, changes }: PendingSubscriptionSync): SenderState {
  const line = state.lines[number];
  const last = changes.at(-1);
  if (line === undefined || last === undefined) return state;
  return { ...state, lines: { ...state.lines, [number]: markChangesSynced(line, last.seq) } };
}
