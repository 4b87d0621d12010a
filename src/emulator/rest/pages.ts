import { PAGE_SIZE_DEFAULT, PAGE_SIZE_MAXIMUM } from "../limits.ts";

/** What a page must know of an item: a number that falls along the list, and stays when other items come and go. */
export interface OrderedItem {
  readonly order: number;
}

/**
 * One page of a list that is sorted by falling `order`, with Twilio's paging fields. A PageToken names the place where the
 * page begins (`PA…`: after it) or ends (`PB…`: before it), so that items which arrive meanwhile shift nothing.
 *
 * @param request the URL that was asked for: its path and filters come back in the page's addresses
 */
export function createPage<Item extends OrderedItem>(request: URL, items: readonly Item[]) {
  const size = parsePageSize(request.searchParams.get("PageSize"));
  const page = Math.max(0, Math.trunc(Number(request.searchParams.get("Page")) || 0));
  const token = parsePageToken(request.searchParams.get("PageToken"));
  const start = findPageStart(items, token, size, page * size);
  const shown = items.slice(start, start + size);
  const [first, last] = [shown[0], shown.at(-1)];
  const more = start + shown.length < items.length;
  const toAddress = (number: number, pageToken: string): string => toPageUri(request, size, number, pageToken);
  return {
    items: shown,
    fields: {
      first_page_uri: toAddress(0, ""),
      next_page_uri: more && last !== undefined ? toAddress(page + 1, `PA${last.order}`) : null,
      previous_page_uri: start > 0 && first !== undefined ? toAddress(Math.max(0, page - 1), `PB${first.order}`) : null,
      page,
      page_size: size,
      start: page * size,
      end: page * size + Math.max(0, shown.length - 1),
      uri: `${request.pathname}${request.search}`,
    },
  };
}

function parsePageSize(written: string | null): number {
  const size = Math.trunc(Number(written));
  return size >= 1 ? Math.min(size, PAGE_SIZE_MAXIMUM) : PAGE_SIZE_DEFAULT;
}

interface PageToken {
  readonly side: "after" | "before";
  readonly order: number;
}

function parsePageToken(written: string | null): PageToken | null {
  const match = /^P([AB])(\d{1,15})$/u.exec(written ?? "");
  return match === null ? null : { side: match[1] === "A" ? "after" : "before", order: Number(match[2]) };
}

function findPageStart(items: readonly OrderedItem[], token: PageToken | null, size: number, offset: number): number {
  if (token === null) return offset;
  if (token.side === "before") return Math.max(0, items.filter(({ order }) => order > token.order).length - size);
  const at = items.findIndex(({ order }) => order < token.order);
  return at === -1 ? items.length : at;
}

function toPageUri(request: URL, size: number, page: number, token: string): string {
  const query = new URLSearchParams(request.searchParams);
  query.set("PageSize", String(size));
  query.set("Page", String(page));
  query.delete("PageToken");
  if (token !== "") query.set("PageToken", token);
  return `${request.pathname}?${query.toString()}`;
}
