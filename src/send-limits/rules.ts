import type { PhoneNumber } from "../core/phone.ts";
import { type Country, countriesOf } from "./countries.ts";
import { type Caps, type RateLimit, USUAL_RATE } from "./nouns.ts";
import type { Prices } from "./prices.ts";

/** The brakes on one of our numbers. */
export interface Brakes {
  /** Where it may text. */
  readonly countries: readonly Country[];
  /** How many texts of one person are answered; null: all of them. */
  readonly rate: RateLimit | null;
  readonly guardsLoops: boolean;
  /** Null: as much is sent as there is to send. */
  readonly caps: DailyCaps | null;
}

/** The caps that hold for a number, its own and its account's; one of them at least. */
export interface DailyCaps {
  readonly account: Caps | null;
  readonly number: Caps | null;
  readonly prices: Prices | null;
}

/** Why something is held back. */
export const HELD_BACK_KINDS = ["rate", "loop", "country", "cap"] as const;
export type HeldBackKind = (typeof HELD_BACK_KINDS)[number];

/** What is configured of a number; null or left out: as is usual. */
interface BrakedNumber {
  readonly number: PhoneNumber;
  readonly rateLimit?: RateLimit | false | null;
  readonly loopGuard?: boolean | null;
  readonly caps?: Caps | null;
}

/** What is configured of an account; null or left out: as is usual. */
interface BrakedAccount {
  readonly countries?: readonly Country[] | null;
  readonly caps?: Caps | null;
  readonly prices?: Prices | null;
}

/** @param account left out: it cannot be used @param numbers all of the account's */
export function brakesOf(
  { rateLimit, loopGuard, caps: own = null }: BrakedNumber,
  account: BrakedAccount | undefined,
  numbers: readonly PhoneNumber[],
): Brakes {
  const { countries, caps = null, prices = null } = account ?? {};
  return {
    countries: countries ?? countriesOf(numbers),
    rate: rateLimit === false ? null : (rateLimit ?? USUAL_RATE),
    guardsLoops: loopGuard ?? true,
    caps: own === null && caps === null ? null : { account: caps, number: own, prices },
  };
}
