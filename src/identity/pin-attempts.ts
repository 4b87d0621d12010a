import { IDENTITY_TRIES, IDENTITY_TRIES_WINDOW_MILLISECONDS } from "../core/limits/identity.ts";

/**
 * The guesses at a person's PIN or code, over all phones and pages. They are counted per person, so that a second phone
 * gives no further tries.
 */
export type PinAttempts = {
  /** Guesses that count as wrong until they prove right, oldest first. */
  readonly tries: readonly GuessAttempt[];
  /** The last accepted code of the authenticator app, as its TOTP counter: no code is accepted twice. */
  readonly used: { readonly counter: number; readonly by: string } | null;
} & (
  | { readonly status: "open" }
  /** Locked until an admin unlocks the person. */
  | { readonly status: "locked"; readonly at: number }
);

interface GuessAttempt {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The guess's id: a guess that is compared again after a crash counts only once. */
  readonly by: string;
}

export const NO_ATTEMPTS: PinAttempts = { status: "open", tries: [], used: null };

/**
 * Counts a guess. Store the result before comparing the guess.
 * @returns null if the person is locked; then the guess must not be compared
 */
export function countGuess(before: PinAttempts, guess: string, now: number): PinAttempts | null {
  if (before.tries.some(({ by }) => by === guess)) return before;
  if (before.status === "locked") return null;
  const recent = before.tries.filter(({ at }) => at > now - IDENTITY_TRIES_WINDOW_MILLISECONDS);
  const tries = [...recent, { at: now, by: guess }];
  const { used } = before;
  return tries.length < IDENTITY_TRIES ? { status: "open", tries, used } : { status: "locked", at: now, tries, used };
}

/**
 * Removes the guess that was the right PIN from the count. Wrong guesses stay counted, so that knowing the PIN gives no
 * further tries at the code.
 */
export function acceptPin(before: PinAttempts, guess: string): PinAttempts {
  const tries = before.tries.filter(({ by }) => by !== guess);
  if (tries.length === before.tries.length) return before;
  return tries.length < IDENTITY_TRIES ? { status: "open", tries, used: before.used } : { ...before, tries };
}

/**
 * Clears the count after the right code.
 * @param counter the TOTP counter of the authenticator app's code; null for a code that was texted
 * @returns null if that code or a later one was accepted before
 */
export function acceptCode(before: PinAttempts, guess: string, counter: number | null): PinAttempts | null {
  const { used } = before;
  if (counter === null) return { status: "open", tries: [], used };
  if (used !== null && used.by !== guess && used.counter >= counter) return null;
  return { status: "open", tries: [], used: { counter, by: guess } };
}

/** Clears the count and the lock. */
export function unlockAttempts({ used }: PinAttempts): PinAttempts {
  return { status: "open", tries: [], used };
}
