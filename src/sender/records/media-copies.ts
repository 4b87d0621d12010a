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
import type { TurnStore } from "./turn-log.ts";

/** A medium that is to be copied. */
export interface DueMedium {
  readonly turn: Turn;
  readonly index: number;
  readonly url: string;
}

/** How a try to copy a medium ended. `refused` and `barred` are for good: the one is no file to keep, the other cannot be had. */
export type CopyOutcome =
  | { readonly kind: "kept"; readonly key: string; readonly contentType: string; readonly size: number }
  | { readonly kind: "refused"; readonly because: "size" | "type"; readonly reason: string }
  | { readonly kind: "barred"; readonly reason: string }
  | { readonly kind: "passing"; readonly reason: string; readonly retryAfterMilliseconds: number | null }
  /** There is no place to keep it. */
  | { readonly kind: "homeless" };

export interface AttemptContext {
  readonly now: number;
  /** A random number from 0 to 1, for the jitter. */
  readonly chance: number;
}

/** The media of a sender's texts, and what becomes of our copies of them. No clock and no network. */
export class MediaCopies {
  readonly #store: TurnStore;
  /** Turns whose media do not wait any more; the state is told with the next text. */
  readonly #settledTurns = new Set<number>();
  /** Nothing is fetched before this moment: the configuration could not be had. */
  #pausedUntil = 0;

  constructor(store: TurnStore) {
    this.#store = store;
  }

  /** Forgets what was seen as done: the transaction in which it was seen has failed. */
  forgetProgress(): void {
    this.#settledTurns.clear();
  }

  /**
   * A text has come in: from now on its media wait to be copied.
   * @param keeps is there a place to keep them?
   */
  acceptMedia(decision: TurnDecision, keeps: boolean, now: number): TurnDecision {
    const { state, turn } = decision;
    if (turn.kind !== "heard" || turn.heard.media.length === 0)
      return { ...decision, state: withMediaTurns(state, this.#waitingTurns(state)) };
    const { heard } = turn;
    const copy: MediaCopy = keeps ? { status: "waiting", tries: 0, dueAt: 0, reason: null } : { status: "at-twilio" };
    const media = heard.media.map((medium) => ({ ...medium, copy }));
    return {
      ...decision,
      state: keeps ? this.#queueTurn(state, turn.id, now) : state,
      turn: { ...turn, heard: { ...heard, media } },
    };
  }

  /** @returns when a medium is to be fetched (0: now), or null where none waits */
  nextMediumAt(state: SenderState): number | null {
    const moments = this.#waitingMedia(state).map(({ copy }) => copy.dueAt);
    return moments.length === 0 ? null : Math.max(Math.min(...moments), this.#pausedUntil);
  }

  /** Does a medium wait that could not be had at once? */
  isTroubled(state: SenderState, now: number): boolean {
    const waiting = this.#waitingMedia(state);
    return waiting.length > 0 && (this.#pausedUntil > now || waiting.some(({ copy }) => copy.tries > 0));
  }

  /** The next medium that is due. Nothing is claimed: fetching it twice does no harm. */
  nextDueMedium(now: number): DueMedium | null {
    const state = this.#store.state();
    if (state === null || now < this.#pausedUntil) return null;
    const due = this.#waitingMedia(state).find(({ copy }) => copy.dueAt <= now);
    return due === undefined ? null : { turn: due.turn, index: due.index, url: due.url };
  }

  /** Nothing can be fetched for a while. */
  pauseCopying(now: number): void {
    this.#pausedUntil = now + ACCOUNT_RETRY_MILLISECONDS;
  }

  /** Saves what has become of a copy, where it still waits. */
  settleCopy(turnId: number, index: number, outcome: CopyOutcome, moment: AttemptContext): void {
    const turn = this.#store.findTurn(turnId);
    const copy = turn === null ? undefined : getTurnMedia(turn)[index]?.copy;
    if (turn === null || copy?.status !== "waiting") return;
    this.#store.saveTurn(withCopy(turn, index, applyCopyOutcome(copy, outcome, turnStartedAt(turn), moment)));
  }

  /** The state lists the turn; where the list is full, the oldest is given up. */
  #queueTurn(state: SenderState, turnId: number, now: number): SenderState {
    const mediaTurns = [...this.#waitingTurns(state), turnId];
    for (const id of mediaTurns.slice(0, -MEDIA_TURNS_WAITING)) this.#giveUpTurn(id, now);
    return { ...state, mediaTurns: mediaTurns.slice(-MEDIA_TURNS_WAITING) };
  }

  #giveUpTurn(turnId: number, at: number): void {
    const turn = this.#store.findTurn(turnId);
    if (turn === null) return;
    const copy: MediaCopy = { status: "lost", at, reason: "too many media of this sender were waiting" };
    this.#store.saveTurn(findWaitingMedia(turn).reduce((left, { index }) => withCopy(left, index, copy), turn));
  }

  #waitingTurns({ mediaTurns = [] }: SenderState): readonly number[] {
    return mediaTurns.filter((id) => !this.#settledTurns.has(id));
  }

  /** All media that wait, oldest first. */
  #waitingMedia(state: SenderState): readonly WaitingMedium[] {
    return this.#waitingTurns(state).flatMap((id) => {
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

/** @param heardAt when its text came: it is tried for some hours after that */
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
      const asked = Math.min(retryAfterMilliseconds ?? 0, RETRY_AFTER_CEILING_MILLISECONDS);
      const wait = asked + calculateBackoff(tries + 1, chance, MEDIA_RETRY_CEILING_MILLISECONDS);
      return { status: "waiting", tries: tries + 1, dueAt: now + wait, reason };
    }
  }
}
