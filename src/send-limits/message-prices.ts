import type { PhoneNumber } from "../core/phone.ts";
import { findPhoneCountry, type IsoCountry } from "./allowed-countries.ts";

/** What messages of an account cost, as its operator has told us: the carrier's prices change, and are not the same for everybody. */
export interface MessagePrices {
  /** ISO 4217, as "USD". */
  readonly currency: string;
  /** Of a segment, where its country is not named. */
  readonly segment: number;
  /** Of a segment, by country. */
  readonly countries: Readonly<Record<IsoCountry, number>>;
  /** Of a message with pictures, whatever its text; left out: as one segment. */
  readonly media?: number | undefined;
}

/** Amounts are counted in whole millionths of the currency: a day of them adds up exactly. */
export const MILLIONTHS_PER_UNIT = 1_000_000;

/**
 * The price of one message.
 * @param prices the account's; null: it has told us none
 * @param hasMedia it has pictures
 * @returns millionths of the prices' currency, or null where it is not known
 */
export function calculateMessagePrice(
  prices: MessagePrices | null,
  phone: PhoneNumber,
  segments: number,
  hasMedia = false,
): number | null {
  if (prices === null) return null;
  const segment = prices.countries[findPhoneCountry(phone) ?? ""] ?? prices.segment;
  const price = hasMedia ? (prices.media ?? segment) : segment * segments;
  return Math.round(price * MILLIONTHS_PER_UNIT);
}
