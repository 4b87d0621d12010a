import { Hono } from "hono";
import * as z from "zod/mini";
import { PAGE_ITEMS_DEFAULT, PAGE_ITEMS_MAXIMUM } from "../core/limits/admin.ts";
import { parsePhone } from "../core/phone.ts";
import { toProblemResponse } from "../core/problem-document.ts";
import { openDatabase } from "../db/database.ts";
import { type HistoryPosition, listSubscriptionChanges, type SubscriptionChangeRow } from "../notify/store.ts";
import { phoneNumber } from "../schema/ids.ts";
import { checkValue, createListPage } from "./http.ts";

export const subscriptionRoutes = new Hono<{ Bindings: Env }>();

const PLACE = /^(\d{1,16})~(\+?\d{5,15})~(\d{1,15})$/u;

const historyQuery = z.strictObject({
  phone: phoneNumber,
  limit: z._default(z.coerce.number().check(z.int(), z.gte(1), z.lte(PAGE_ITEMS_MAXIMUM)), PAGE_ITEMS_DEFAULT),
  after: z.optional(z.string().check(z.regex(PLACE, "must be `next` of the page before"))),
});

/** What a person gets, as their Sender has it, and every change of it, the latest first. */
subscriptionRoutes.get("/:phone/subscriptions", async (c) => {
  const query = checkValue(
    historyQuery,
    { ...c.req.query(), ...c.req.param() },
    400,
    "The history asked for cannot be given.",
  );
  if (!query.ok) return toProblemResponse(query.failure);
  const { phone, limit, after } = query.value;
  const { lists, untold } = await c.env.SENDER.getByName(phone).subscriptions();
  const known = await listSubscriptionChanges(openDatabase(c.env.DB), phone, placeIn(after), limit + 1);
  // What D1 has not heard of yet is the latest of each number.
  const fresh =
    after === undefined
      ? untold.flatMap(({ number, changes }) =>
          changes.map(({ since, ...change }) => ({ phone, number, at: since, ...change })),
        )
      : [];
  const told = new Set(known.map(placeOf));
  const all = [...fresh.filter((change) => !told.has(placeOf(change))), ...known].toSorted(latestFirst);
  const page = createListPage(all.slice(0, limit + 1), limit, placeOf, show);
  const subscriptions = lists.map(({ since, ...own }) => ({ ...own, since: new Date(since).toISOString() }));
  return c.json({ subscriptions, ...page });
});

function latestFirst(a: SubscriptionChangeRow, b: SubscriptionChangeRow): number {
  return b.at - a.at || (a.number < b.number ? 1 : a.number > b.number ? -1 : b.seq - a.seq);
}

function placeOf({ at, number, seq }: Pick<SubscriptionChangeRow, "at" | "number" | "seq">): string {
  return `${at}~${number}~${seq}`;
}

function placeIn(after: string | undefined): HistoryPosition | null {
  const [, at, number = "", seq] = PLACE.exec(after ?? "") ?? [];
  return at === undefined ? null : { at: Number(at), number: parsePhone(number) ?? number, seq: Number(seq) };
}

function show({ number, list, status, at, by, proof }: SubscriptionChangeRow) {
  return { number, list, status, at: new Date(at).toISOString(), by, proof };
}
