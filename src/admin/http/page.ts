/** One page of a collection. */
export interface ListPage<Item> {
  readonly items: readonly Item[];
  /** Pass it as `after` to get the next page; null on the last page. */
  readonly next: string | null;
}

/** @param rows one more than the page holds if there are more */
export function createListPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  cursor: (row: Row) => string,
  show: (row: Row) => Item,
): ListPage<Item> {
  const last = rows[limit - 1];
  return {
    items: rows.slice(0, limit).map(show),
    next: rows.length > limit && last !== undefined ? cursor(last) : null,
  };
}
