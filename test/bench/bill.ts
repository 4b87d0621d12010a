/** Cloudflare's list prices for Workers Paid, in US dollars, as read on 2026-11-20 at developers.cloudflare.com (Workers, Durable Objects, D1: pricing). */
export const PRICES = {
  requestsPerMillion: 0.3,
  cpuMillisecondsPerMillion: 0.02,
  objectRequestsPerMillion: 0.15,
  objectGigabyteSecondsPerMillion: 12.5,
  rowsWrittenPerMillion: 1,
  rowsReadPerMillion: 0.001,
  storedGigabyteMonth: 0.2,
} as const;

/** A Durable Object is billed as if it had all of this memory. */
const OBJECT_GIGABYTES = 0.128;

const MILLION = 1e6;
const GIGABYTE = 1e9;

/** What one turn uses. */
export interface Usage {
  readonly requests: number;
  readonly objectRequests: number;
  readonly rowsWritten: number;
  readonly rowsRead: number;
  readonly cpuMilliseconds: number;
  /** How long its object cannot sleep. */
  readonly objectMilliseconds: number;
  readonly storedBytes: number;
}

export interface BillLine {
  readonly what: string;
  /** Of a million turns. */
  readonly quantity: number;
  readonly unit: string;
  readonly dollars: number;
}

/** The bill for a million turns, without what the plan includes. Storage is that of one month. */
export function billOfMillion(usage: Usage): readonly BillLine[] {
  const gigabyteSeconds = usage.objectMilliseconds * 1_000 * OBJECT_GIGABYTES;
  const perMillion = (what: string, unit: string, quantity: number, price: number): BillLine => ({
    what,
    quantity,
    unit,
    dollars: (quantity / MILLION) * price,
  });
  const gigabytes = (usage.storedBytes * MILLION) / GIGABYTE;
  return [
    perMillion("Worker requests", "requests", usage.requests * MILLION, PRICES.requestsPerMillion),
    perMillion("Worker CPU", "ms", usage.cpuMilliseconds * MILLION, PRICES.cpuMillisecondsPerMillion),
    perMillion("object requests", "requests", usage.objectRequests * MILLION, PRICES.objectRequestsPerMillion),
    perMillion("object duration", "GB-s", gigabyteSeconds, PRICES.objectGigabyteSecondsPerMillion),
    perMillion("rows written", "rows", usage.rowsWritten * MILLION, PRICES.rowsWrittenPerMillion),
    perMillion("rows read", "rows", usage.rowsRead * MILLION, PRICES.rowsReadPerMillion),
    { what: "storage", quantity: gigabytes, unit: "GB-months", dollars: gigabytes * PRICES.storedGigabyteMonth },
  ];
}

export function totalOf(lines: readonly BillLine[]): number {
  return lines.reduce((sum, { dollars }) => sum + dollars, 0);
}
