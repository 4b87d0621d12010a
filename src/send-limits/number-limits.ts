import type { PhoneNumber } from "../core/phone.ts";
import { deriveAllowedCountries, type IsoCountry } from "./allowed-countries.ts";
import type { MessagePrices } from "./message-prices.ts";
import { type CapSettings, DEFAULT_RATE_LIMIT, type RateLimit } from "./schema.ts";

/** The send limits of one number. */
export interface SendLimits {
  /** The countries that the number may text. */
  readonly countries: readonly IsoCountry[];
  /** The number of a contact's texts that are answered; null: all of them. */
  readonly rateLimit: RateLimit | null;
  readonly hasLoopGuard: boolean;
  /** Null: no cap. */
  readonly caps: DailyCaps | null;
}

/** The daily caps of a number and of its account; at least one of them is set. */
export interface DailyCaps {
  readonly account: CapSettings | null;
  readonly number: CapSettings | null;
  readonly prices: MessagePrices | null;
}

/** The reasons for holding back a text or an answer. */
export const HELD_BACK_KINDS = ["rate", "loop", "country", "cap"] as const;
export type HeldBackKind = (typeof HELD_BACK_KINDS)[number];

/** The settings of a number; null or absent: the default. */
interface NumberLimitSettings {
  readonly number: PhoneNumber;
  readonly rateLimit?: RateLimit | false | null;
  readonly loopGuard?: boolean | null;
  readonly caps?: CapSettings | null;
}

/** The settings of an account; null or absent: the default. */
interface AccountLimitSettings {
  readonly countries?: readonly IsoCountry[] | null;
  readonly caps?: CapSettings | null;
  readonly prices?: MessagePrices | null;
}

/**
 * Resolves the settings of a number and its account to limits, with defaults.
 * @param account absent if it cannot be used
 * @param numbers all numbers of the account
 */
export function resolveSendLimits(
  { rateLimit, loopGuard, caps: numberCaps = null }: NumberLimitSettings,
  account: AccountLimitSettings | undefined,
  numbers: readonly PhoneNumber[],
): SendLimits {
  const { countries, caps: accountCaps = null, prices = null } = account ?? {};
  return {
    countries: countries ?? deriveAllowedCountries(numbers),
    rateLimit: rateLimit === false ? null : (rateLimit ?? DEFAULT_RATE_LIMIT),
    hasLoopGuard: loopGuard ?? true,
    caps: numberCaps === null && accountCaps === null ? null : { account: accountCaps, number: numberCaps, prices },
  };
}
