import { type IdentityResult, isAwaitingGuess } from "../../identity/identity-check.ts";
import type { PageInput, PageView } from "../../identity/page-view.ts";
import type { SealedGuess } from "../../identity/pin-mask.ts";
import { findCheckByPage, receivePageGuess } from "../rules/identity-check.ts";
import type { TurnStore } from "./turn-store.ts";

/** Takes PINs and codes from identity pages, and has them compared one after the other, like those in texts. */
export class IdentityPages {
  readonly #store: TurnStore;
  readonly #commit: <Value>(work: () => Value) => Value;
  readonly #startChecking: () => void;
  /** Resolves with the next result of an identity check. */
  #settled = Promise.withResolvers<void>();
  /** The results that requests wait for, by the id of the guess; null while a guess is compared. */
  readonly #results = new Map<string, IdentityResult | null>();

  /** @param startChecking starts the errand that compares stored guesses */
  constructor(store: TurnStore, commit: <Value>(work: () => Value) => Value, startChecking: () => void) {
    this.#store = store;
    this.#commit = commit;
    this.#startChecking = startChecking;
  }

  /** @returns null if the page is used or has expired */
  viewPage(page: string, now: number): PageView | null {
    return this.#findOpenPage(page, now)?.view ?? null;
  }

  /**
   * Submits a PIN or a code from a page, and waits for the result. Waits first while another guess is compared.
   * @param clock returns milliseconds since 1970
   * @returns the page after that; null if it is used or has expired
   */
  async submitPageGuess(
    page: string,
    guess: SealedGuess,
    wanted: PageInput["wanted"],
    clock: () => number,
  ): Promise<PageView | null> {
    let found = this.#findOpenPage(page, clock());
    for (; found?.isBusy === true; found = this.#findOpenPage(page, clock())) await this.#settled.promise;
    if (found === null || (found.view.asks === "pin") !== (wanted === "pin")) return found?.view ?? null;
    const { view } = found;
    this.#commit(() => {
      const state = this.#store.state();
      const after = state === null ? null : receivePageGuess(state, page, guess, clock());
      if (after !== null) this.#store.saveState(after);
    });
    this.#results.set(guess.id, null);
    this.#startChecking();
    return this.#viewAfterGuess(await this.#awaitResult(guess.id), page, view, clock());
  }

  /** Passes on the result of a guess. */
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

  #findOpenPage(page: string, now: number): { readonly view: PageView; readonly isBusy: boolean } | null {
    const state = this.#store.state();
    const found = state === null ? null : findCheckByPage(state, page, now);
    if (found === null) return null;
    const { open } = found;
    const { linking: check } = open.rest;
    const code = "texted" in check && check.texted !== null ? "texted" : "code";
    const asks = check.phase === "pin" || check.phase === "checking-pin" ? "pin" : code;
    const { application, language } = open;
    return { view: { asks, end: null, isWrong: false, application, language }, isBusy: !isAwaitingGuess(check) };
  }
}
