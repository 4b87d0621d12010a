import type { PhoneNumber } from "../core/phone.ts";
import { findPhoneCountry, type IsoCountry } from "./allowed-countries.ts";

/**
 * The prices of an account's messages as its operator states them, because carriers' prices change and depend on
 * contracts.
 */
export interface MessagePrices {
  /** An ISO 4217 code such as "USD". */
  readonly currency: string;
  /** The price of a segment to countries not listed in `countries`. */
  readonly segment: number;
  /** The price of a segment by country. */
  readonly countries: Readonly<Record<IsoCountry, number>>;
  /** The price of a message with pictures, independent of its text; absent: the price of one segment. */
  readonly media?: number | undefined;
}

/** Amounts are counted in whole millionths of the currency, so that sums are exact. */
export const MILLIONTHS_PER_UNIT = 1_000_000;

/**
 * Calculates the price of one message.
 * @param prices the account's prices; null: not stated
 * @param hasMedia whether the message has pictures
 * @returns millionths of the currency; null if the account has no prices
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
