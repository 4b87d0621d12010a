import { LINK_PAGE_WAIT_MILLISECONDS } from "../../core/limits/linking.ts";
import { within } from "../../core/time.ts";
import { guessIn } from "../../identity/guess.ts";
import { type Given, type PageView } from "../../identity/page-view.ts";
import type { Person } from "../../identity/person.ts";
import { Identities } from "../../identity/store.ts";
import type { LinkedText } from "../model/inbound-text.ts";
import { Pages } from "../records/identity-pages.ts";
import type { TurnStore } from "../records/turn-log.ts";
import { linkingOn, withPerson } from "../rules/identity-check.ts";
import { Identifying, type Inquiry } from "./check-identity.ts";
import { type ErrandHost, Runner } from "./errand.ts";

/** Who is at the other end of a sender: the errand that finds it out, the pages, and what becomes of persons later. */
export class Identity {
  readonly #env: Env;
  readonly #store: TurnStore;
  readonly #host: ErrandHost;
  readonly #pages: Pages;
  readonly #errand: Runner<Inquiry>;

  constructor(ctx: DurableObjectState, env: Env, store: TurnStore, host: ErrandHost) {
    this.#env = env;
    this.#store = store;
    this.#host = host;
    const errand = new Identifying(env, host, ({ id }, outcome) => this.#pages.settle(id, outcome));
    this.#errand = new Runner(errand, host);
    this.#pages = new Pages(store, host.commit, () => ctx.waitUntil(this.#errand.run()));
  }

  get errand(): Runner<Inquiry> {
    return this.#errand;
  }

  /** While a PIN or a code is asked, what may be one is sealed before anything is stored. */
  async withGuess(text: LinkedText): Promise<LinkedText> {
    const line = this.#store.state()?.lines[text.to];
    const digits = line === undefined || linkingOn(line) === null ? null : guessIn(text.text);
    if (digits === null) return text;
    const { sealed } = await new Identities(this.#env, text.from).seal(digits, text.sid);
    return { ...text, guess: sealed };
  }

  /**
   * What a page shows. What is given there is compared first, one guess after the other.
   * @param hash of the token in its address
   * @returns null where the page has been used, or is too old
   * @throws where that takes too long
   */
  async page(hash: string, given: Given | null): Promise<PageView | null> {
    const phone = this.#store.state()?.phone;
    if (phone === undefined || given === null) return this.#pages.view(hash, Date.now());
    const guess = await new Identities(this.#env, phone).seal(given.digits, crypto.randomUUID());
    return await within(LINK_PAGE_WAIT_MILLISECONDS, this.#pages.guess(hash, guess, given.wanted, Date.now));
  }

  /** Something has become of a person, who may be linked here. @param person null: they are no longer */
  hearOfPerson(id: string, person: Person | null): void {
    const state = this.#store.state();
    if (state === null) return;
    const after = withPerson(state, id, person);
    if (after !== state) this.#host.commit(() => this.#store.saveState(after));
  }
}
