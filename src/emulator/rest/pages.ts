import { PAGE_SIZE_DEFAULT, PAGE_SIZE_MAXIMUM } from "../limits.ts";

/** An item of a paged list. */
export interface OrderedItem {
  /** Decreases along the list, and does not change when other items are added or removed. */
  readonly order: number;
}

/**
 * Creates one page of a list that is sorted by descending `order`, with Twilio's paging fields. A PageToken names the
 * item after which the page begins (`PA…`) or before which it ends (`PB…`), so that new items do not shift pages.
 *
 * @param request the request's URL, whose path and filters are repeated in the URLs of other pages
 */
export function createPage<Item extends OrderedItem>(request: URL, items: readonly Item[]) {
  const size = parsePageSize(request.searchParams.get("PageSize"));
  const page = Math.max(0, Math.trunc(Number(request.searchParams.get("Page")) || 0));
  const token = parsePageToken(request.searchParams.get("PageToken"));
  const start = findPageStart(items, token, size, page * size);
  const pageItems = items.slice(start, start + size);
  const [first, last] = [pageItems[0], pageItems.at(-1)];
  const hasMore = start + pageItems.length < items.length;
  const toUri = (number: number, pageToken: string): string => toPageUri(request, size, number, pageToken);
  return {
    items: pageItems,
    fields: {
      first_page_uri: toUri(0, ""),
      next_page_uri: hasMore && last !== undefined ? toUri(page + 1, `PA${last.order}`) : null,
      previous_page_uri: start > 0 && first !== undefined ? toUri(Math.max(0, page - 1), `PB${first.order}`) : null,
      page,
      page_size: size,
      start: page * size,
      end: page * size + Math.max(0, pageItems.length - 1),
      uri: `${request.pathname}${request.search}`,
    },
  };
}

function parsePageSize(input: string | null): number {
  const size = Math.trunc(Number(input));
  return size >= 1 ? Math.min(size, PAGE_SIZE_MAXIMUM) : PAGE_SIZE_DEFAULT;
}

interface PageToken {
  readonly side: "after" | "before";
  readonly order: number;
}

function parsePageToken(input: string | null): PageToken | null {
  const match = /^P([AB])(\d{1,15})$/u.exec(input ?? "");
  return match === null ? null : { side: match[1] === "A" ? "after" : "before", order: Number(match[2]) };
}

function findPageStart(items: readonly OrderedItem[], token: PageToken | null, size: number, offset: number): number {
  if (token === null) return offset;
  if (token.side === "before") return Math.max(0, items.filter(({ order }) => order > token.order).length - size);
  const index = items.findIndex(({ order }) => order < token.order);
  return index === -1 ? items.length : index;
}

function toPageUri(request: URL, size: number, page: number, token: string): string {
  const query = new URLSearchParams(request.searchParams);
  query.set("PageSize", String(size));
  query.set("Page", String(page));
  query.delete("PageToken");
  if (token !== "") query.set("PageToken", token);
  return `${request.pathname}?${query.toString()}`;
}
