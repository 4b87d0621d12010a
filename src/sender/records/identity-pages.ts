import { type IdentityResult, isAwaitingGuess } from "../../identity/identity-check.ts";
import type { PageInput, PageView } from "../../identity/page-view.ts";
import type { SealedGuess } from "../../identity/pin-mask.ts";
import { findCheckByPage, receivePageGuess } from "../rules/identity-check.ts";
import type { TurnStore } from "./turn-log.ts";

/** PINs and codes that are given on pages: compared one after the other, as texts are. */
export class IdentityPages {
  readonly #store: TurnStore;
  readonly #commit: <Value>(work: () => Value) => Value;
  readonly #startChecking: () => void;
  /** Something has been found out since. */
  #settled = Promise.withResolvers<void>();
  /** For those who wait here, by the guess's id. */
  readonly #results = new Map<string, IdentityResult | null>();

  /** @param begin sees to it that what is stored is looked into */
  constructor(store: TurnStore, commit: <Value>(work: () => Value) => Value, begin: () => void) {
    this.#store = store;
    this.#commit = commit;
    this.#startChecking = begin;
  }

  /** @returns null where the page has been used, or is too old */
  viewPage(page: string, now: number): PageView | null {
    return this.#findOpenPage(page, now)?.viewPage ?? null;
  }

  /**
   * Takes what is given on a page. While another guess is compared it waits.
   * @param clock milliseconds since 1970
   */
  async submitPageGuess(
    page: string,
    guess: SealedGuess,
    wanted: PageInput["wanted"],
    clock: () => number,
  ): Promise<PageView | null> {
    let found = this.#findOpenPage(page, clock());
    for (; found?.isBusy === true; found = this.#findOpenPage(page, clock())) await this.#settled.promise;
    if (found === null || (found.viewPage.asks === "pin") !== (wanted === "pin")) return found?.viewPage ?? null;
    const { viewPage: view } = found;
    this.#commit(() => {
      const state = this.#store.state();
      const after = state === null ? null : receivePageGuess(state, page, guess, clock());
      if (after !== null) this.#store.saveState(after);
    });
    this.#results.set(guess.id, null);
    this.#startChecking();
    return this.#viewAfterGuess(await this.#awaitResult(guess.id), page, view, clock());
  }

  /** A guess has been compared. */
  settleGuess(id: string, outcome: IdentityResult): void {
    if (this.#results.has(id)) this.#results.set(id, outcome);
    this.#settled.resolve();
    this.#settled = Promise.withResolvers();
  }

  async #awaitResult(id: string): Promise<IdentityResult> {
    for (;;) {
      const outcome = this.#results.get(id) ?? null;
      if (outcome !== null) {
        this.#results.delete(id);
        return outcome;
      }
      await this.#settled.promise;
    }
  }

  #viewAfterGuess({ kind }: IdentityResult, page: string, before: PageView, now: number): PageView | null {
    switch (kind) {
      case "linked":
      case "locked":
        return { ...before, asks: null, end: kind };
      case "nobody":
        return { ...before, asks: null, end: "guest" };
      case "wrong": {
        const view = this.viewPage(page, now);
        return view === null ? null : { ...view, isWrong: true };
      }
      case "right":
      case "found":
        return this.viewPage(page, now);
    }
  }

  #findOpenPage(page: string, now: number): { readonly viewPage: PageView; readonly isBusy: boolean } | null {
    const state = this.#store.state();
    const found = state === null ? null : findCheckByPage(state, page, now);
    if (found === null) return null;
    const { open } = found;
    const { linking } = open.rest;
    const code = "texted" in linking && linking.texted !== null ? "texted" : "code";
    const asks = linking.phase === "pin" || linking.phase === "checking-pin" ? "pin" : code;
    const { application, language } = open;
    return { viewPage: { asks, end: null, isWrong: false, application, language }, isBusy: !isAwaitingGuess(linking) };
  }
}
