import type { ReadyApplication } from "../../src/contract/assistant.ts";
import type { IdentityResult } from "../../src/identity/identity-check.ts";
import type { Person } from "../../src/identity/person.ts";
import { resumeAfterIdentityCheck } from "../../src/sender/events/identity-checked.ts";
import { receiveText } from "../../src/sender/events/text-received.ts";
import type { DecisionContext } from "../../src/sender/model/context.ts";
import type { SenderState, Turn } from "../../src/sender/model/state.ts";
import { findPendingIdentityResult } from "../../src/sender/rules/identity-check.ts";
import { inbound } from "./chat.ts";

const NUMBER = "+12025550100";

/** What is typed to sign in: so long that it stands in no id by chance. */
export const TYPED = { pin: "9047110815", code: "6604711508", sealed: "sealed-guess" } as const;

/** A phone that texts an application, and may show whose it is; nothing of it goes over a network. */
export class Caller {
  state: SenderState | null = null;
  turn: Turn | null = null;
  now = Date.UTC(2026, 2, 2);
  readonly #answering: ReadyApplication;
  #count = 0;

  constructor(answering: ReadyApplication) {
    this.#answering = answering;
  }

  text(text: string, guess?: string): this {
    this.#count += 1;
    const heard = { ...inbound(this.#count, text), ...(guess === undefined ? {} : { guess }) };
    ({ state: this.state, turn: this.turn } = receiveText(this.state, heard, this.world));
    return this;
  }

  found(outcome: IdentityResult): this {
    const inquiry = this.state === null ? null : findPendingIdentityResult(this.state);
    if (this.state === null || this.turn === null || inquiry === null) throw new Error("nothing is to be found out");
    const asked = { number: NUMBER, turn: this.turn.id, id: inquiry.id };
    const decision = resumeAfterIdentityCheck(this.state, asked, outcome, this.turn, this.world);
    if (decision === null) throw new Error("nobody waits for it");
    ({ state: this.state, turn: this.turn } = decision);
    return this;
  }

  /** By a word, a PIN and a code of the app. */
  login(person: Person): this {
    this.text("LOGIN").found({ kind: "found", person: person.id, page: null });
    this.text(TYPED.pin, TYPED.sealed).found({ kind: "right", code: null });
    return this.text(TYPED.code, TYPED.sealed).found({ kind: "linked", person });
  }

  get rest() {
    const conversation = this.state?.lines[NUMBER]?.conversation;
    return conversation?.status === "open" ? conversation.rest : null;
  }

  get said(): readonly string[] {
    return (this.turn?.parts ?? []).map(({ text }) => text);
  }

  get world(): DecisionContext {
    return { now: this.now, origin: "https://parley.example", findApplication: () => this.#answering };
  }
}
