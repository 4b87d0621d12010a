import type { Guess } from "../../identity/guess.ts";
import { isAsking, type LinkOutcome } from "../../identity/machine.ts";
import type { Given, PageView } from "../../identity/page-view.ts";
import { pageIn, withPageGuess } from "../rules/identity-check.ts";
import type { TurnStore } from "./turn-log.ts";

/** PINs and codes that are given on pages: compared one after the other, as texts are. */
export class Pages {
  readonly #store: TurnStore;
  readonly #commit: <Value>(work: () => Value) => Value;
  readonly #begin: () => void;
  /** Something has been found out since. */
  #settled = Promise.withResolvers<void>();
  /** For those who wait here, by the guess's id. */
  readonly #outcomes = new Map<string, LinkOutcome | null>();

  /** @param begin sees to it that what is stored is looked into */
  constructor(store: TurnStore, commit: <Value>(work: () => Value) => Value, begin: () => void) {
    this.#store = store;
    this.#commit = commit;
    this.#begin = begin;
  }

  /** @returns null where the page has been used, or is too old */
  view(page: string, now: number): PageView | null {
    return this.#look(page, now)?.view ?? null;
  }

  /**
   * Takes what is given on a page. While another guess is compared it waits.
   * @param clock milliseconds since 1970
   */
  async guess(page: string, guess: Guess, wanted: Given["wanted"], clock: () => number): Promise<PageView | null> {
    let found = this.#look(page, clock());
    for (; found?.isBusy === true; found = this.#look(page, clock())) await this.#settled.promise;
    if (found === null || (found.view.asks === "pin") !== (wanted === "pin")) return found?.view ?? null;
    const { view } = found;
    this.#commit(() => {
      const state = this.#store.state();
      const after = state === null ? null : withPageGuess(state, page, guess, clock());
      if (after !== null) this.#store.saveState(after);
    });
    this.#outcomes.set(guess.id, null);
    this.#begin();
    return this.#after(await this.#outcomeOf(guess.id), page, view, clock());
  }

  /** A guess has been compared. */
  settle(id: string, outcome: LinkOutcome): void {
    if (this.#outcomes.has(id)) this.#outcomes.set(id, outcome);
    this.#settled.resolve();
    this.#settled = Promise.withResolvers();
  }

  async #outcomeOf(id: string): Promise<LinkOutcome> {
    for (;;) {
      const outcome = this.#outcomes.get(id) ?? null;
      if (outcome !== null) {
        this.#outcomes.delete(id);
        return outcome;
      }
      await this.#settled.promise;
    }
  }

  #after({ kind }: LinkOutcome, page: string, before: PageView, now: number): PageView | null {
    switch (kind) {
      case "linked":
      case "locked":
        return { ...before, asks: null, end: kind };
      case "nobody":
        return { ...before, asks: null, end: "guest" };
      case "wrong": {
        const view = this.view(page, now);
        return view === null ? null : { ...view, isWrong: true };
      }
      case "right":
      case "found":
        return this.view(page, now);
    }
  }

  #look(page: string, now: number): { readonly view: PageView; readonly isBusy: boolean } | null {
    const state = this.#store.state();
    const found = state === null ? null : pageIn(state, page, now);
    if (found === null) return null;
    const { open } = found;
    const { linking } = open.rest;
    const code = "texted" in linking && linking.texted !== null ? "texted" : "code";
    const asks = linking.phase === "pin" || linking.phase === "checking-pin" ? "pin" : code;
    const { application, language } = open;
    return { view: { asks, end: null, isWrong: false, application, language }, isBusy: !isAsking(linking) };
  }
}
