import type { ConfigurationSnapshot } from "../../configuration/snapshot.ts";
import { RECIPIENTS_PER_NOTIFICATION } from "../../core/limits/notify.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import { createProblem, type FieldProblem, type ProblemDocument } from "../../core/problem-document.ts";
import type { DrizzleDatabase } from "../../db/database.ts";
import type { Notification } from "../../notify/notification.ts";
import { listSubscribers } from "../../notify/store.ts";

/** A notification's sender and recipients. */
export interface Addresses {
  readonly number: PhoneNumber;
  readonly phones: readonly PhoneNumber[];
}

/** Finds out who gets a notification, and from which number. */
export async function resolveAddresses(
  db: DrizzleDatabase,
  notification: Notification,
  snapshot: ConfigurationSnapshot,
): Promise<Addresses | ProblemDocument> {
  const { to } = notification;
  const id = "list" in to ? to.list : notification.list;
  const list = id === undefined ? undefined : snapshot.lists.get(id);
  const number = notification.number ?? list?.number;
  const errors = findFieldProblems(notification, number, snapshot);
  if (number === undefined || errors.length > 0) return createProblem(422, "The notification is invalid.", errors);
  if ("phones" in to) return { number, phones: [...new Set(to.phones)] };
  const rows = await listSubscribers(db, to.list, "on", "", RECIPIENTS_PER_NOTIFICATION + 1);
  if (rows.length <= RECIPIENTS_PER_NOTIFICATION) return { number, phones: rows.map(({ phone }) => phone) };
  const detail = `List "${to.list}" has more than ${RECIPIENTS_PER_NOTIFICATION} subscribers. Use a broadcast, which sends at the rate of the number.`;
  return createProblem(422, detail, [{ pointer: "/to/list", detail }]);
}

function findFieldProblems(
  { to, topic, list: condition }: Notification,
  number: PhoneNumber | undefined,
  snapshot: ConfigurationSnapshot,
): readonly FieldProblem[] {
  const [pointer, id] = "list" in to ? ["/to/list", to.list] : ["/list", condition];
  const list = id === undefined ? undefined : snapshot.lists.get(id);
  if (id !== undefined && list === undefined) return [{ pointer, detail: `List "${id}" does not exist.` }];
  if (number === undefined)
    return [{ pointer: "/number", detail: "The number is missing. Name the number that the texts come from." }];
  const own = snapshot.numbers.get(number);
  if (own === undefined) return [{ pointer: "/number", detail: `Number ${number} does not exist.` }];
  if (list !== undefined && list.number !== number)
    return [
      { pointer: "/number", detail: `List "${list.id}" is on ${list.number}. Leave the number out, or use that one.` },
    ];
  const begins = snapshot.findApplication(own.application)?.assistant.canBeginTopic;
  if (topic === undefined || begins?.(topic) === true) return [];
  return [{ pointer: "/topic", detail: `Application "${own.application}" on ${number} has no topic "${topic}".` }];
}
