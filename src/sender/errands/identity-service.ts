import { IDENTITY_PAGE_WAIT_MILLISECONDS } from "../../core/limits/identity.ts";
import { withTimeout } from "../../core/time-limits.ts";
import { type PageInput, type PageView } from "../../identity/page-view.ts";
import type { Person } from "../../identity/person.ts";
import { parseGuess } from "../../identity/pin-mask.ts";
import { PersonDirectory } from "../../identity/store.ts";
import type { LinkedText } from "../model/inbound-text.ts";
import { IdentityPages } from "../records/identity-pages.ts";
import type { TurnStore } from "../records/turn-store.ts";
import { findIdentityCheck, updateLinkedPerson } from "../rules/identity-check.ts";
import { CheckIdentityErrand, type CheckIdentityTask } from "./check-identity.ts";
import { type ErrandHost, ErrandRunner } from "./errand.ts";

/** Identity checks of one Sender: the errand, the pages, and later changes of linked persons. */
export class IdentityService {
  readonly #env: Env;
  readonly #store: TurnStore;
  readonly #host: ErrandHost;
  readonly #pages: IdentityPages;
  readonly #errand: ErrandRunner<CheckIdentityTask>;

  constructor(ctx: DurableObjectState, env: Env, store: TurnStore, host: ErrandHost) {
    this.#env = env;
    this.#store = store;
    this.#host = host;
    const errand = new CheckIdentityErrand(env, host, ({ id }, outcome) => this.#pages.settleGuess(id, outcome));
    this.#errand = new ErrandRunner(errand, host);
    this.#pages = new IdentityPages(store, host.commit, () => ctx.waitUntil(this.#errand.run()));
  }

  get errand(): ErrandRunner<CheckIdentityTask> {
    return this.#errand;
  }

  /** During an identity check, seals a text that looks like a PIN or a code, before anything is stored. */
  async sealTextGuess(text: LinkedText): Promise<LinkedText> {
    const line = this.#store.state()?.lines[text.to];
    const digits = line === undefined || findIdentityCheck(line) === null ? null : parseGuess(text.text);
    if (digits === null) return text;
    const { sealed } = await new PersonDirectory(this.#env, text.from).sealGuess(digits, text.sid);
    return { ...text, guess: sealed };
  }

  /**
   * Returns the view of an identity page, after comparing the input, if any.
   * @param hash of the token in the URL of the page
   * @returns null if the page is used or has expired
   * @throws if the comparison takes too long
   */
  async processPage(hash: string, input: PageInput | null): Promise<PageView | null> {
    const phone = this.#store.state()?.phone;
    if (phone === undefined || input === null) return this.#pages.viewPage(hash, Date.now());
    const guess = await new PersonDirectory(this.#env, phone).sealGuess(input.digits, crypto.randomUUID());
    return await withTimeout(
      IDENTITY_PAGE_WAIT_MILLISECONDS,
      this.#pages.submitPageGuess(hash, guess, input.wanted, Date.now),
    );
  }

  /** Updates a person who may be linked to this contact. @param person null if the person does not exist any more */
  updatePerson(id: string, person: Person | null): void {
    const state = this.#store.state();
    if (state === null) return;
    const after = updateLinkedPerson(state, id, person);
    if (after !== state) this.#host.commit(() => this.#store.saveState(after));
  }
}
