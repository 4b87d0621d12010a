import * as z from "zod/mini";
import { parsePhone } from "../../core/phone.ts";
import { openDatabase } from "../../db/database.ts";
import { type HistoryPosition, listSubscriptionChanges, type SubscriptionChangeRow } from "../../notify/store.ts";
import { phoneNumber } from "../../schema/ids.ts";
import { answer, json } from "../http/answer.ts";
import { createListPage } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import { pageQueryWith } from "../http/schema.ts";
import { subscriptionsResource } from "./schema.ts";

const PLACE = /^(\d{1,16})~(\+?\d{5,15})~(\d{1,15})$/u;

const placeCursor = z.string().check(z.regex(PLACE, "must be `next` of the previous page"));

export const subscriptionRoutes: readonly Route[] = [
  route({
    tag: "Contacts",
    method: "get",
    path: "/v1/senders/{phone}/subscriptions",
    operationId: "listSubscriptions",
    summary: "List a contact's subscriptions and all their changes",
    parameters: { phone: phoneNumber },
    query: pageQueryWith(placeCursor),
    responses: { 200: json("The current subscriptions, and one page of changes.", subscriptionsResource) },
    handle: async ({ parameters: { phone }, query: { limit, after } }, c) => {
      const { lists, untold } = await c.env.SENDER.getByName(phone).subscriptions();
      const stored = await listSubscriptionChanges(openDatabase(c.env.DB), phone, parsePlace(after), limit + 1);
      // Changes that D1 does not have yet are the newest ones of each number.
      const pending =
        after === undefined
          ? untold.flatMap(({ number, changes }) =>
              changes.map(({ since, ...change }) => ({ phone, number, at: since, ...change })),
            )
          : [];
      const known = new Set(stored.map(toCursor));
      const fresh = pending.filter((change) => !known.has(toCursor(change)));
      const all = [...fresh, ...stored].toSorted(compareNewestFirst);
      const page = createListPage(all.slice(0, limit + 1), limit, toCursor, showChange);
      const subscriptions = lists.map(({ since, ...own }) => ({ ...own, since: new Date(since).toISOString() }));
      return answer(200, { subscriptions, ...page });
    },
  }),
];

function compareNewestFirst(a: SubscriptionChangeRow, b: SubscriptionChangeRow): number {
  return b.at - a.at || (a.number < b.number ? 1 : a.number > b.number ? -1 : b.seq - a.seq);
}

function toCursor({ at, number, seq }: Pick<SubscriptionChangeRow, "at" | "number" | "seq">): string {
  return `${at}~${number}~${seq}`;
}

function parsePlace(after: string | undefined): HistoryPosition | null {
  const [, at, number = "", seq] = PLACE.exec(after ?? "") ?? [];
  return at === undefined ? null : { at: Number(at), number: parsePhone(number) ?? number, seq: Number(seq) };
}

function showChange({ number, list, status, at, by, proof }: SubscriptionChangeRow) {
  return { number, list, status, at: new Date(at).toISOString(), by, proof };
}
