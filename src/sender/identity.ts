import { RpcTarget } from "cloudflare:workers";
import { LINK_PAGE_WAIT_MILLISECONDS } from "../core/limits.ts";
import { within } from "../core/time.ts";
import { guessIn } from "../linking/guess.ts";
import type { LinkOutcome } from "../linking/machine.ts";
import type { Person } from "../linking/person.ts";
import { Identities } from "../linking/store.ts";
import { type Office, Runner } from "./errands.ts";
import { Identifying, type Inquiry } from "./identifying.ts";
import { linkingOn, withPerson } from "./linking.ts";
import type { LinkedText } from "./machine.ts";
import { Pages, type PageView } from "./pages.ts";
import type { TurnStore } from "./turns.ts";

/** Who is at the other end of a sender: the errand that finds it out, the pages, and what becomes of persons later. */
export class Identity extends RpcTarget {
  readonly #env: Env;
  readonly #store: TurnStore;
  readonly #office: Office;
  readonly #pages: Pages;
  readonly #errand: Runner<Inquiry>;

  /**
   * @param found stores what was found out, and sees to what follows
   * @param inBackground keeps the object awake for some work
   */
  constructor(
    env: Env,
    store: TurnStore,
    office: Office,
    found: (inquiry: Inquiry, outcome: LinkOutcome) => Promise<void>,
    inBackground: (work: Promise<void>) => void,
  ) {
    super();
    this.#env = env;
    this.#store = store;
    this.#office = office;
    const clerk = {
      state: () => store.state(),
      found: async (inquiry: Inquiry, outcome: LinkOutcome) => {
        await found(inquiry, outcome);
        this.#pages.settle(inquiry.asked.id, outcome);
      },
    };
    this.#errand = new Runner(new Identifying(env, clerk), office);
    this.#pages = new Pages(store, office.commit, () => inBackground(this.#errand.run()));
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

  /** What a page shows. @param hash of the token in its address @returns null where it has been used, or is too old */
  page(hash: string): PageView | null {
    return this.#pages.view(hash, Date.now());
  }

  /**
   * Somebody gives a PIN or a code on a page. Guesses are compared one after the other.
   * @returns what the page shows then
   * @throws where that takes too long
   */
  async guess(hash: string, digits: string, wanted: "pin" | "code"): Promise<PageView | null> {
    const phone = this.#store.state()?.phone;
    if (phone === undefined) return null;
    const guess = await new Identities(this.#env, phone).seal(digits, crypto.randomUUID());
    return await within(LINK_PAGE_WAIT_MILLISECONDS, this.#pages.guess(hash, guess, wanted, Date.now));
  }

  /** Something has become of a person, who may be linked here. @param person null: they are no longer */
  hearOfPerson(id: string, person: Person | null): void {
    const state = this.#store.state();
    if (state === null) return;
    const after = withPerson(state, id, person);
    if (after !== state) this.#office.commit(() => this.#store.saveState(after));
  }
}
