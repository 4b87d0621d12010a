import type { ConsentSource } from "../consent/ledger.ts";
import { PENDING_SUBSCRIPTION_CHANGES } from "../core/limits/notify.ts";
import type { PhoneNumber } from "../core/phone.ts";
import type { ReadyList } from "./list.ts";

/** The subscriptions of a contact on one number; a part of the line. */
export interface LineSubscriptions {
  readonly lists: Readonly<Record<string, Subscription>>;
  /** The number of changes so far. */
  readonly changes: number;
  /** The changes that are not in D1 yet, oldest first. */
  readonly untold: readonly SubscriptionChange[];
}

export type SubscriptionStatus =
  | "on"
  | "off"
  /** Subscribed by text; the confirming YES has not arrived. */
  | "asked";

/** A contact's state on a list. */
export interface Subscription {
  readonly status: SubscriptionStatus;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly by: ConsentSource;
}

export interface SubscriptionChange extends Subscription {
  /** Counts from 1 for each contact and number. */
  readonly seq: number;
  readonly list: string;
  /** The SID of the contact's text, or the proof that an admin gives. */
  readonly proof: string;
}

/** Subscribers of a list whose phones begin with the same characters. */
export interface SubscriberGroup {
  /** The phone of one of them. */
  readonly phone: PhoneNumber;
  readonly people: number;
}

/** A request to change a subscription. */
export interface SubscriptionRequest {
  readonly to: SubscriptionStatus;
  readonly by: ConsentSource;
  readonly proof: string;
  readonly at: number;
}

/** A question about the lists of a number that the contact's next text may answer until `until`. */
export type ListQuestion = (
  | { readonly kind: "shown" }
  | { readonly kind: "which"; readonly to: "on" | "off" }
  | { readonly kind: "confirm"; readonly list: string }
) & { readonly until: number };

/** The part of a line that holds subscriptions. */
export interface SubscriberLine {
  readonly subscriptions?: LineSubscriptions;
}

const NO_SUBSCRIPTIONS: LineSubscriptions = { lists: {}, changes: 0, untold: [] };

/** @returns the state of a list; `off` if there was no change since the list was created */
export function getSubscriptionStatus(
  { subscriptions = NO_SUBSCRIPTIONS }: SubscriberLine,
  { id, createdAt }: ReadyList,
): SubscriptionStatus {
  const subscription = Object.hasOwn(subscriptions.lists, id) ? subscriptions.lists[id] : undefined;
  return subscription === undefined || subscription.since < createdAt ? "off" : subscription.status;
}

/** @returns the line with the change; the same object if the list has that state already */
export function changeSubscription<Line extends SubscriberLine>(
  line: Line,
  list: ReadyList,
  request: SubscriptionRequest,
): Line {
  return getSubscriptionStatus(line, list) === request.to ? line : addSubscriptionChange(line, list.id, request);
}

/**
 * Ends all subscriptions after an opt-out from the number.
 * @returns the line with the changes; the same object if there are none
 */
export function unsubscribeAll<Line extends SubscriberLine>(
  line: Line,
  request: Omit<SubscriptionRequest, "to">,
): Line {
  const { lists } = line.subscriptions ?? NO_SUBSCRIPTIONS;
  const activeIds = Object.entries(lists).flatMap(([id, { status }]) => (status === "off" ? [] : [id]));
  return activeIds.reduce((after, id) => addSubscriptionChange(after, id, { ...request, to: "off" }), line);
}

function addSubscriptionChange<Line extends SubscriberLine>(
  line: Line,
  list: string,
  { to, by, proof, at }: SubscriptionRequest,
): Line {
  const { lists, changes, untold } = line.subscriptions ?? NO_SUBSCRIPTIONS;
  const subscription: Subscription = { status: to, since: at, by };
  const change: SubscriptionChange = { seq: changes + 1, list, ...subscription, proof };
  const subscriptions: LineSubscriptions = {
    lists: { ...lists, [list]: subscription },
    changes: change.seq,
    untold: dropSupersededChange([...untold, change]),
  };
  return { ...line, subscriptions };
}

/**
 * Limits the pending changes if D1 is unavailable for long, by removing one that a later change of the same list has
 * superseded.
 */
function dropSupersededChange(pending: readonly SubscriptionChange[]): readonly SubscriptionChange[] {
  if (pending.length <= PENDING_SUBSCRIPTION_CHANGES) return pending;
  const superseded = pending.findIndex(({ list }, index) =>
    pending.slice(index + 1).some((later) => later.list === list),
  );
  return pending.toSpliced(Math.max(superseded, 0), 1);
}

/** Removes the pending changes up to one that D1 has. */
export function markChangesSynced<Line extends SubscriberLine>(line: Line, seq: number): Line {
  const { subscriptions } = line;
  if (subscriptions === undefined) return line;
  return {
    ...line,
    subscriptions: { ...subscriptions, untold: subscriptions.untold.filter((each) => each.seq > seq) },
  };
}
