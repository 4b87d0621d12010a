import {
  MEDIA_RETRY_CEILING_MILLISECONDS,
  MEDIA_TURNS_WAITING,
  MEDIA_WAIT_MILLISECONDS,
} from "../../core/limits/media.ts";
import { ACCOUNT_RETRY_MILLISECONDS, RETRY_AFTER_CEILING_MILLISECONDS } from "../../core/limits/sender.ts";
import { calculateBackoff } from "../delivery/retry-timing.ts";
import type { TurnDecision } from "../events/decision.ts";
import type { HeardMedia, MediaCopy, SenderState, Turn } from "../model/state.ts";
import { getTurnMedia, turnStartedAt } from "../model/turn.ts";
import type { TurnStore } from "./turn-store.ts";

/** A medium whose copy is due. */
export interface DueMedium {
  readonly turn: Turn;
  readonly index: number;
  readonly url: string;
}

/**
 * The result of a try to copy a medium. `refused` (not a file that Parley keeps) and `barred` (cannot be fetched) are
 * final; `passing` is retried.
 */
export type CopyOutcome =
  | { readonly kind: "kept"; readonly key: string; readonly contentType: string; readonly size: number }
  | { readonly kind: "refused"; readonly because: "size" | "type"; readonly reason: string }
  | { readonly kind: "barred"; readonly reason: string }
  | { readonly kind: "passing"; readonly reason: string; readonly retryAfterMilliseconds: number | null }
  /** There is no bucket for copies. */
  | { readonly kind: "homeless" };

/** The time and the randomness of a try. */
export interface AttemptContext {
  readonly now: number;
  /** A random number from 0 to 1, for the jitter. */
  readonly chance: number;
}

/** The copies of media in a contact's texts. Has no clock and no network. */
export class MediaCopies {
  readonly #store: TurnStore;
  /** Turns without waiting media. They leave the state with the next text. */
  readonly #settledTurns = new Set<number>();
  /** Nothing is fetched until then, because the configuration was not available. */
  #pausedUntil = 0;

  constructor(store: TurnStore) {
    this.#store = store;
  }

  /** Forgets which turns are settled, after a transaction has failed. */
  forgetProgress(): void {
    this.#settledTurns.clear();
  }

  /**
   * Queues the media of a new text for copying.
   * @param hasBucket whether there is a bucket for copies
   */
  acceptMedia(decision: TurnDecision, hasBucket: boolean, now: number): TurnDecision {
    const { state, turn } = decision;
    if (turn.kind !== "heard" || turn.heard.media.length === 0)
      return { ...decision, state: withMediaTurns(state, this.#listWaitingTurns(state)) };
    const { heard } = turn;
    const copy: MediaCopy = hasBucket
      ? { status: "waiting", tries: 0, dueAt: 0, reason: null }
      : { status: "at-twilio" };
    const media = heard.media.map((medium) => ({ ...medium, copy }));
    return {
      ...decision,
      state: hasBucket ? this.#queueTurn(state, turn.id, now) : state,
      turn: { ...turn, heard: { ...heard, media } },
    };
  }

  /** @returns when the next medium is due (0: now), or null if no medium waits */
  nextMediumAt(state: SenderState): number | null {
    const moments = this.#listWaitingMedia(state).map(({ copy }) => copy.dueAt);
    return moments.length === 0 ? null : Math.max(Math.min(...moments), this.#pausedUntil);
  }

  /** Returns whether a medium waits that could not be copied at once. */
  isTroubled(state: SenderState, now: number): boolean {
    const waiting = this.#listWaitingMedia(state);
    return waiting.length > 0 && (this.#pausedUntil > now || waiting.some(({ copy }) => copy.tries > 0));
  }

  /** @returns the next due medium. It is not claimed, since copying it twice does no harm */
  nextDueMedium(now: number): DueMedium | null {
    const state = this.#store.state();
    if (state === null || now < this.#pausedUntil) return null;
    const due = this.#listWaitingMedia(state).find(({ copy }) => copy.dueAt <= now);
    return due === undefined ? null : { turn: due.turn, index: due.index, url: due.url };
  }

  /** Stops copying for a while. */
  pauseCopying(now: number): void {
    this.#pausedUntil = now + ACCOUNT_RETRY_MILLISECONDS;
  }

  /** Saves the result of a try, unless the copy does not wait any more. */
  settleCopy(turnId: number, index: number, outcome: CopyOutcome, attempt: AttemptContext): void {
    const turn = this.#store.findTurn(turnId);
    const copy = turn === null ? undefined : getTurnMedia(turn)[index]?.copy;
    if (turn === null || copy?.status !== "waiting") return;
    this.#store.saveTurn(withCopy(turn, index, applyCopyOutcome(copy, outcome, turnStartedAt(turn), attempt)));
  }

  /** Adds a turn to the list of waiting media. If the list is full, gives up the oldest. */
  #queueTurn(state: SenderState, turnId: number, now: number): SenderState {
    const mediaTurns = [...this.#listWaitingTurns(state), turnId];
    for (const id of mediaTurns.slice(0, -MEDIA_TURNS_WAITING)) this.#giveUpTurn(id, now);
    return { ...state, mediaTurns: mediaTurns.slice(-MEDIA_TURNS_WAITING) };
  }

  #giveUpTurn(turnId: number, at: number): void {
    const turn = this.#store.findTurn(turnId);
    if (turn === null) return;
    const copy: MediaCopy = { status: "lost", at, reason: "too many media of this contact were waiting" };
    this.#store.saveTurn(findWaitingMedia(turn).reduce((left, { index }) => withCopy(left, index, copy), turn));
  }

  #listWaitingTurns({ mediaTurns = [] }: SenderState): readonly number[] {
    return mediaTurns.filter((id) => !this.#settledTurns.has(id));
  }

  /** @returns all waiting media, oldest first */
  #listWaitingMedia(state: SenderState): readonly WaitingMedium[] {
    return this.#listWaitingTurns(state).flatMap((id) => {
      const turn = this.#store.findTurn(id);
      const waiting = turn === null ? [] : findWaitingMedia(turn);
      if (waiting.length === 0) this.#settledTurns.add(id);
      return waiting;
    });
  }
}

type WaitingCopy = Extract<MediaCopy, { status: "waiting" }>;

interface WaitingMedium extends DueMedium {
  readonly copy: WaitingCopy;
}

function findWaitingMedia(turn: Turn): readonly WaitingMedium[] {
  return getTurnMedia(turn).flatMap(({ url, copy }, index) =>
    copy?.status === "waiting" ? [{ turn, index, url, copy }] : [],
  );
}

function withMediaTurns(state: SenderState, mediaTurns: readonly number[]): SenderState {
  return mediaTurns.length === (state.mediaTurns ?? []).length ? state : { ...state, mediaTurns };
}

function withCopy(turn: Turn, index: number, copy: MediaCopy): Turn {
  if (turn.kind !== "heard") return turn;
  const media = turn.heard.media.map((medium, at): HeardMedia => (at === index ? { ...medium, copy } : medium));
  return { ...turn, heard: { ...turn.heard, media } };
}

/** @param heardAt when the text arrived; tries end `MEDIA_WAIT_MILLISECONDS` after that */
function applyCopyOutcome(
  { tries }: WaitingCopy,
  outcome: CopyOutcome,
  heardAt: number,
  { now, chance }: AttemptContext,
): MediaCopy {
  switch (outcome.kind) {
    case "kept": {
      const { key, contentType, size } = outcome;
      return { status: "kept", at: now, key, contentType, size };
    }
    case "homeless":
      return { status: "at-twilio" };
    case "refused": {
      const { because, reason } = outcome;
      return { status: "refused", at: now, because, reason };
    }
    case "barred":
      return { status: "lost", at: now, reason: outcome.reason };
    case "passing": {
      const { reason, retryAfterMilliseconds } = outcome;
      if (now >= heardAt + MEDIA_WAIT_MILLISECONDS) return { status: "lost", at: now, reason };
      const retryAfter = Math.min(retryAfterMilliseconds ?? 0, RETRY_AFTER_CEILING_MILLISECONDS);
      const delay = retryAfter + calculateBackoff(tries + 1, chance, MEDIA_RETRY_CEILING_MILLISECONDS);
      return { status: "waiting", tries: tries + 1, dueAt: now + delay, reason };
    }
  }
}
