import { IDENTITY_TRIES, IDENTITY_TRIES_WINDOW_MILLISECONDS } from "../core/limits/identity.ts";

/** Guesses at a person's PIN or code, from whatever phone or page. They are the person's, so that two phones have no six tries. */
export type PinAttempts = {
  /** Those that are counted as wrong until they are known to be right, oldest first. */
  readonly tries: readonly GuessAttempt[];
  /** The last code of the authenticator app that was taken, as the number of its half minute: no code is taken twice. */
  readonly used: { readonly counter: number; readonly by: string } | null;
} & (
  | { readonly status: "open" }
  /** Until an admin unlocks the person. */
  | { readonly status: "locked"; readonly at: number }
);

interface GuessAttempt {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The guess's id: whoever died while a guess was compared may compare it again, and it counts once. */
  readonly by: string;
}

export const NO_ATTEMPTS: PinAttempts = { status: "open", tries: [], used: null };

/**
 * Counts a guess. Only when this is stored may it be compared.
 * @returns null where the person is locked: it must not be compared
 */
export function countGuess(before: PinAttempts, guess: string, now: number): PinAttempts | null {
  if (before.tries.some(({ by }) => by === guess)) return before;
  if (before.status === "locked") return null;
  const recent = before.tries.filter(({ at }) => at > now - IDENTITY_TRIES_WINDOW_MILLISECONDS);
  const tries = [...recent, { at: now, by: guess }];
  const { used } = before;
  return tries.length < IDENTITY_TRIES ? { status: "open", tries, used } : { status: "locked", at: now, tries, used };
}

/** The guess was the right PIN: it does not count as wrong. The others do, so that a known PIN gives no more tries at the code. */
export function acceptPin(before: PinAttempts, guess: string): PinAttempts {
  const tries = before.tries.filter(({ by }) => by !== guess);
  if (tries.length === before.tries.length) return before;
  return tries.length < IDENTITY_TRIES ? { status: "open", tries, used: before.used } : { ...before, tries };
}

/**
 * The guess was the right code: the person is linked, and begins anew.
 * @param counter which code of the authenticator app it was; null: one by text
 * @returns null where that code, or a later one, was taken before
 */
export function acceptCode(before: PinAttempts, guess: string, counter: number | null): PinAttempts | null {
  const { used } = before;
  if (counter === null) return { status: "open", tries: [], used };
  if (used !== null && used.by !== guess && used.counter >= counter) return null;
  return { status: "open", tries: [], used: { counter, by: guess } };
}

/** An admin unlocks the person. */
export function unlockAttempts({ used }: PinAttempts): PinAttempts {
  return { status: "open", tries: [], used };
}
