import { UNTOLD_CHANGES } from "../core/limits/notify.ts";
import type { PhoneNumber } from "../core/phone.ts";
import type { ReadyList } from "./list.ts";

/** What a person gets of the lists of one of our numbers; a part of their line. */
export interface Subscriptions {
  readonly lists: Readonly<Record<string, Subscription>>;
  /** How many changes there have been. */
  readonly changes: number;
  /** Those that D1 has not been told of yet, oldest first. */
  readonly untold: readonly Change[];
}

export type Status =
  | "on"
  | "off"
  /** Switched on by text, and waiting for the YES that the list wants. */
  | "asked";

export interface Subscription {
  readonly status: Status;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly by: By;
}

/** Who has changed it: the person by a text or an answer in a topic, the carrier after a STOP, an admin, an import. */
export type By = "person" | "carrier" | "admin" | "import";

export interface Change extends Subscription {
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
export interface Wish {
  readonly to: Status;
  readonly by: By;
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
export interface Subscriber {
  readonly subscriptions?: Subscriptions;
}

const NOBODY: Subscriptions = { lists: {}, changes: 0, untold: [] };

/** @returns how a list stands; off, unless somebody has said otherwise since it was made */
export function statusOf({ subscriptions = NOBODY }: Subscriber, { id, createdAt }: ReadyList): Status {
  const own = Object.hasOwn(subscriptions.lists, id) ? subscriptions.lists[id] : undefined;
  return own === undefined || own.since < createdAt ? "off" : own.status;
}

/** @returns the line with the change; the same one where the list stands so already */
export function subscribed<Line extends Subscriber>(line: Line, list: ReadyList, wish: Wish): Line {
  return statusOf(line, list) === wish.to ? line : changed(line, list.id, wish);
}

/** The person has opted out of everything from the number: no list stays on. @returns the same line where none was */
export function unsubscribed<Line extends Subscriber>(line: Line, wish: Omit<Wish, "to">): Line {
  const { lists } = line.subscriptions ?? NOBODY;
  const left = Object.entries(lists).flatMap(([id, { status }]) => (status === "off" ? [] : [id]));
  return left.reduce((after, id) => changed(after, id, { ...wish, to: "off" }), line);
}

function changed<Line extends Subscriber>(line: Line, list: string, { to, by, proof, at }: Wish): Line {
  const { lists, changes, untold } = line.subscriptions ?? NOBODY;
  const subscription: Subscription = { status: to, since: at, by };
  const change: Change = { seq: changes + 1, list, ...subscription, proof };
  const subscriptions: Subscriptions = {
    lists: { ...lists, [list]: subscription },
    changes: change.seq,
    untold: bounded([...untold, change]),
  };
  return { ...line, subscriptions };
}

/** Where D1 is away for long, only what a later change has overtaken is given up. */
function bounded(untold: readonly Change[]): readonly Change[] {
  if (untold.length <= UNTOLD_CHANGES) return untold;
  const overtaken = untold.findIndex(({ list }, index) => untold.slice(index + 1).some((later) => later.list === list));
  return untold.toSpliced(Math.max(overtaken, 0), 1);
}

/** D1 knows of the changes up to one. */
export function told<Line extends Subscriber>(line: Line, seq: number): Line {
  const { subscriptions } = line;
  if (subscriptions === undefined) return line;
  return {
    ...line,
    subscriptions: { ...subscriptions, untold: subscriptions.untold.filter((each) => each.seq > seq) },
  };
}
