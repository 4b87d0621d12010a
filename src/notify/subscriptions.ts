import { PENDING_SUBSCRIPTION_CHANGES } from "../core/limits/notify.ts";
import type { PhoneNumber } from "../core/phone.ts";
import type { ReadyList } from "./list.ts";

/** What a person gets of the lists of one of our numbers; a part of their line. */
export interface LineSubscriptions {
  readonly lists: Readonly<Record<string, Subscription>>;
  /** How many changes there have been. */
  readonly changes: number;
  /** Those that D1 has not been told of yet, oldest first. */
  readonly untold: readonly SubscriptionChange[];
}

export type SubscriptionStatus =
  | "on"
  | "off"
  /** Switched on by text, and waiting for the YES that the list wants. */
  | "asked";

export interface Subscription {
  readonly status: SubscriptionStatus;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly by: ConsentSource;
}

/** Who has changed it: the person by a text or an answer in a topic, the carrier after a STOP, an admin, an import. */
export type ConsentSource = "person" | "carrier" | "admin" | "import";

export interface SubscriptionChange extends Subscription {
  /** Counts from 1 for each sender and number. */
  readonly seq: number;
  readonly list: string;
  /** The SID of the text that said so, or what the admin gives as proof. */
  readonly proof: string;
}

/** People who have a list on and whose phones begin alike. */
export interface SubscriberGroup {
  /** One of them. */
  readonly phone: PhoneNumber;
  readonly people: number;
}

/** What changes a subscription. */
export interface SubscriptionRequest {
  readonly to: SubscriptionStatus;
  readonly by: ConsentSource;
  readonly proof: string;
  readonly at: number;
}

/** What we have asked of a number's lists: the next text may answer it, until then. */
export type ListQuestion = (
  | { readonly kind: "shown" }
  | { readonly kind: "which"; readonly to: "on" | "off" }
  | { readonly kind: "confirm"; readonly list: string }
) & { readonly until: number };

/** Where a sender's subscriptions are. */
export interface SubscriberLine {
  readonly subscriptions?: LineSubscriptions;
}

const NO_SUBSCRIPTIONS: LineSubscriptions = { lists: {}, changes: 0, untold: [] };

/** @returns how a list stands; off, unless somebody has said otherwise since it was made */
export function getSubscriptionStatus(
  { subscriptions = NO_SUBSCRIPTIONS }: SubscriberLine,
  { id, createdAt }: ReadyList,
): SubscriptionStatus {
  const own = Object.hasOwn(subscriptions.lists, id) ? subscriptions.lists[id] : undefined;
  return own === undefined || own.since < createdAt ? "off" : own.status;
}

/** @returns the line with the change; the same one where the list stands so already */
export function changeSubscription<Line extends SubscriberLine>(
  line: Line,
  list: ReadyList,
  wish: SubscriptionRequest,
): Line {
  return getSubscriptionStatus(line, list) === wish.to ? line : addSubscriptionChange(line, list.id, wish);
}

/** The person has opted out of everything from the number: no list stays on. @returns the same line where none was */
export function unsubscribeAll<Line extends SubscriberLine>(line: Line, wish: Omit<SubscriptionRequest, "to">): Line {
  const { lists } = line.subscriptions ?? NO_SUBSCRIPTIONS;
  const left = Object.entries(lists).flatMap(([id, { status }]) => (status === "off" ? [] : [id]));
  return left.reduce((after, id) => addSubscriptionChange(after, id, { ...wish, to: "off" }), line);
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
    untold: dropOvertakenChange([...untold, change]),
  };
  return { ...line, subscriptions };
}

/** Where D1 is away for long, only what a later change has overtaken is given up. */
function dropOvertakenChange(untold: readonly SubscriptionChange[]): readonly SubscriptionChange[] {
  if (untold.length <= PENDING_SUBSCRIPTION_CHANGES) return untold;
  const overtaken = untold.findIndex(({ list }, index) => untold.slice(index + 1).some((later) => later.list === list));
  return untold.toSpliced(Math.max(overtaken, 0), 1);
}

/** D1 knows of the changes up to one. */
export function markChangesSynced<Line extends SubscriberLine>(line: Line, seq: number): Line {
  const { subscriptions } = line;
  if (subscriptions === undefined) return line;
  return {
    ...line,
    subscriptions: { ...subscriptions, untold: subscriptions.untold.filter((each) => each.seq > seq) },
  };
}
