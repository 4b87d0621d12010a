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
import { createLine, createSenderState, updateLine, withLine } from "../model/line.ts";
import type { SenderState } from "../model/state.ts";
import { createDecisionContext, type LoadedConfiguration } from "./due-runner.ts";
import type { TurnStore } from "./turn-store.ts";

/** A change of a subscription by an admin or an import. */
export interface SubscriptionUpdate {
  readonly list: ReadyList;
  readonly account: string;
  readonly to: "on" | "off";
  readonly by: "admin" | "import";
  /** How the contact gave permission. */
  readonly proof: string;
}

/** Why only the contact can subscribe. */
export const SUBSCRIPTION_REFUSALS = {
  "opted-out": "The contact has opted out of texts from this number, and can only opt in again by texting START.",
  "not-linked": "The list is for linked persons, and the contact is a guest.",
  "switched-off": "The contact has unsubscribed from the list, and an import cannot subscribe the contact again.",
} as const;

type SubscriptionUpdateDecision =
  | { readonly kind: "changed"; readonly state: SenderState }
  | { readonly kind: "unchanged" }
  | { readonly kind: "refused"; readonly reason: keyof typeof SUBSCRIPTION_REFUSALS };

/** @param phone the contact's */
function decideSubscriptionUpdate(
  before: SenderState | null,
  phone: PhoneNumber,
  { list, account, to, by, proof }: SubscriptionUpdate,
  context: DecisionContext,
): SubscriptionUpdateDecision {
  const state = before ?? createSenderState(phone);
  const line = state.lines[list.number] ?? createLine(account);
  const isOn = getSubscriptionStatus(line, list) === "on";
  if (isOn === (to === "on")) return { kind: "unchanged" };
  if (to === "on" && line.consent.status === "withdrawn") return { kind: "refused", reason: "opted-out" };
  if (to === "on" && list.audience === "linked" && (context.person?.(line) ?? null) === null)
    return { kind: "refused", reason: "not-linked" };
  const current = line.subscriptions?.lists[list.id];
  const hasUnsubscribed = current?.status === "off" && current.by === "person" && current.since >= list.createdAt;
  if (to === "on" && by === "import" && hasUnsubscribed) return { kind: "refused", reason: "switched-off" };
  const after = changeSubscription(line, list, { to, by, proof, at: context.now });
  return { kind: "changed", state: withLine(state, list.number, after) };
}

/** A request for a change, with the revision of the configuration that the caller used. */
export interface SubscriptionUpdateRequest extends Pick<SubscriptionUpdate, "to" | "by" | "proof"> {
  readonly phone: PhoneNumber;
  readonly list: string;
  readonly revision: number;
}

export type SubscriptionReport =
  | { readonly kind: "changed" | "unchanged"; readonly subscription: ContactSubscription | null }
  | { readonly kind: "refused"; readonly reason: keyof typeof SUBSCRIPTION_REFUSALS | "no-list" };

/** Decides on a change by an admin or an import, and stores it. Must run within a transaction. */
export function applySubscriptionUpdate(
  store: Pick<TurnStore, "state" | "saveState">,
  request: SubscriptionUpdateRequest,
  configuration: LoadedConfiguration,
  now: number,
): SubscriptionReport {
  const { phone, to, by, proof } = request;
  const { lists, numbers } = configuration.snapshot;
  const list = lists.get(request.list);
  if (list === undefined) return { kind: "refused", reason: "no-list" };
  const account = numbers.get(list.number)?.account ?? "";
  const outcome = decideSubscriptionUpdate(
    store.state(),
    phone,
    { list, account, to, by, proof },
    createDecisionContext(configuration, phone, "", now),
  );
  if (outcome.kind === "refused") return outcome;
  if (outcome.kind === "changed") store.saveState(outcome.state);
  const subscription = getContactSubscriptions(store.state()).lists.find((each) => each.list === list.id) ?? null;
  return { kind: outcome.kind, subscription };
}

/** A contact's subscription to a list. */
export interface ContactSubscription extends Subscription {
  readonly list: string;
  readonly number: PhoneNumber;
}

/** All subscriptions of a contact. */
export interface ContactSubscriptions {
  readonly lists: readonly ContactSubscription[];
  /** Changes that are not synced to D1 yet. */
  readonly untold: readonly PendingSubscriptionSync[];
}

/** @returns the subscriptions to all lists that a contact ever subscribed to */
export function getContactSubscriptions(state: SenderState | null): ContactSubscriptions {
  const lists = Object.entries(state?.lines ?? {}).flatMap(([number, { subscriptions }]) =>
    Object.entries(subscriptions?.lists ?? {}).map(([list, subscription]) => ({ list, number, ...subscription })),
  );
  return { lists, untold: state === null ? [] : listPendingSyncs(state) };
}

/** Changes of one line that are not synced to D1 yet. */
export interface PendingSubscriptionSync {
  readonly phone: PhoneNumber;
  readonly number: PhoneNumber;
  /** Oldest first. */
  readonly changes: readonly SubscriptionChange[];
}

/** @returns the first line with changes to sync, or null. @param limit the maximum number of changes */
export function findPendingSync(state: SenderState, limit: number): PendingSubscriptionSync | null {
  const [first] = listPendingSyncs(state);
  return first === undefined ? null : { ...first, changes: first.changes.slice(0, limit) };
}

function listPendingSyncs({ phone, lines }: SenderState): readonly PendingSubscriptionSync[] {
  return Object.entries(lines).flatMap(([number, { subscriptions }]) => {
    const changes = subscriptions?.untold ?? [];
    return changes.length === 0 ? [] : [{ phone, number, changes }];
  });
}

/** @returns the state after D1 has the changes */
export function settleSyncedChanges(state: SenderState, { number, changes }: PendingSubscriptionSync): SenderState {
  const last = changes.at(-1);
  return last === undefined ? state : updateLine(state, number, (line) => markChangesSynced(line, last.seq));
}
