import type { PhoneNumber } from "../core/phone.ts";
import { deriveAllowedCountries, type IsoCountry } from "./allowed-countries.ts";
import type { MessagePrices } from "./message-prices.ts";
import { type CapSettings, DEFAULT_RATE_LIMIT, type RateLimit } from "./schema.ts";

/** The brakes on one of our numbers. */
export interface SendLimits {
  /** Where it may text. */
  readonly countries: readonly IsoCountry[];
  /** How many texts of one person are answered; null: all of them. */
  readonly rateLimit: RateLimit | null;
  readonly hasLoopGuard: boolean;
  /** Null: as much is sent as there is to send. */
  readonly caps: DailyCaps | null;
}

/** The caps that hold for a number, its own and its account's; one of them at least. */
export interface DailyCaps {
  readonly account: CapSettings | null;
  readonly number: CapSettings | null;
  readonly prices: MessagePrices | null;
}

/** Why something is held back. */
export const HELD_BACK_KINDS = ["rate", "loop", "country", "cap"] as const;
export type HeldBackKind = (typeof HELD_BACK_KINDS)[number];

/** What is configured of a number; null or left out: as is usual. */
interface NumberLimitSettings {
  readonly number: PhoneNumber;
  readonly rateLimit?: RateLimit | false | null;
  readonly loopGuard?: boolean | null;
  readonly caps?: CapSettings | null;
}

/** What is configured of an account; null or left out: as is usual. */
interface AccountLimitSettings {
  readonly countries?: readonly IsoCountry[] | null;
  readonly caps?: CapSettings | null;
  readonly prices?: MessagePrices | null;
}

/** @param account left out: it cannot be used @param numbers all of the account's */
export function resolveSendLimits(
  { rateLimit, loopGuard, caps: own = null }: NumberLimitSettings,
  account: AccountLimitSettings | undefined,
  numbers: readonly PhoneNumber[],
): SendLimits {
  const { countries, caps = null, prices = null } = account ?? {};
  return {
    countries: countries ?? deriveAllowedCountries(numbers),
    rateLimit: rateLimit === false ? null : (rateLimit ?? DEFAULT_RATE_LIMIT),
    hasLoopGuard: loopGuard ?? true,
    caps: own === null && caps === null ? null : { account: caps, number: own, prices },
  };
}
