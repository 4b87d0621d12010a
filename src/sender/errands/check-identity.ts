import type { Snapshot } from "../../configuration/snapshot.ts";
import { rememberingLast } from "../../core/last.ts";
import { LINK_PATIENCE_MILLISECONDS, LINK_RETRY_MILLISECONDS } from "../../core/limits/linking.ts";
import { log } from "../../core/log.ts";
import type { Linking, LinkOutcome } from "../../identity/machine.ts";
import { Identities } from "../../identity/store.ts";
import { tellSender, tellSenders } from "../../identity/sweep.ts";
import type { Ending } from "../events/decision.ts";
import { identified } from "../events/identity-checked.ts";
import type { Asked } from "../model/context.ts";
import type { SenderState } from "../model/state.ts";
import { inquiryIn } from "../rules/identity-check.ts";
import type { Errand, ErrandHost } from "./errand.ts";

/** Somebody's phone, PIN or code is to be looked into. */
export interface Inquiry {
  readonly asked: Asked;
  readonly linking: Linking;
  readonly phone: string;
  readonly origin: string;
  readonly snapshot: Snapshot;
}

/**
 * Finds out who somebody is. A guess that was counted, and not compared since we died, is compared again and counts once: it has an id. What
 * cannot be found out is tried until the person has waited for too long.
 */
export class Identifying implements Errand<Inquiry> {
  readonly failure = "identifying-failed";
  readonly patience = LINK_PATIENCE_MILLISECONDS;
  readonly #env: Env;
  readonly #host: ErrandHost;
  readonly #onOutcome: (asked: Asked, outcome: LinkOutcome) => void;
  readonly #inquiryIn = rememberingLast(inquiryIn);
  #pausedUntil = 0;

  /** @param onOutcome is told each outcome once its turn has resumed */
  constructor(env: Env, host: ErrandHost, onOutcome: (asked: Asked, outcome: LinkOutcome) => void) {
    this.#env = env;
    this.#host = host;
    this.#onOutcome = onOutcome;
  }

  dueAt(state: SenderState): number | null {
    return this.#inquiryIn(state) === null ? null : this.#pausedUntil;
  }

  /** The conversation has its alarm, and ten minutes. */
  isTroubled(): boolean {
    return false;
  }

  take(snapshot: Snapshot | null, now: number): Inquiry | null {
    const state = this.#host.state();
    const found = state === null || now < this.#pausedUntil ? null : inquiryIn(state);
    if (state === null || found === null) return null;
    const { number, open, id } = found;
    const asked = { number, turn: open.turn, id };
    if (snapshot !== null)
      return { asked, linking: open.rest.linking, phone: state.phone, origin: state.origin, snapshot };
    this.#pausedUntil = now + LINK_RETRY_MILLISECONDS;
    return null;
  }

  async do(inquiry: Inquiry): Promise<void> {
    const outcome = await this.#find(inquiry).catch((error: unknown) => {
      // What D1 says may hold the values of a query; nobody's name or number belongs into a log.
      log("warn", "identifying-failed", { error: error instanceof Error ? error.name : "unknown" });
      return null;
    });
    if (outcome === null) {
      this.#pausedUntil = Date.now() + LINK_RETRY_MILLISECONDS;
      return;
    }
    const { asked, linking, phone, snapshot } = inquiry;
    const decide: Ending = (state, turn, world) => identified(state, asked, outcome, turn, world);
    await this.#host.resume({ turn: asked.turn, snapshot, decide });
    this.#onOutcome(asked, outcome);
    if (outcome.kind === "locked" && "person" in linking) await tellSenders(this.#env, linking.person);
    // What became of the person while their code was compared was told to a sender that was not linked yet.
    if (outcome.kind === "linked") await tellSender(this.#env, phone, outcome.person.id);
  }

  async #find({ linking, phone, origin }: Inquiry): Promise<LinkOutcome | null> {
    const identities = new Identities(this.#env, phone);
    const now = Date.now();
    switch (linking.phase) {
      case "looking":
        return await identities.look(linking, this.#env.PUBLIC_URL?.trim() || origin, now);
      case "checking-pin":
        return await identities.checkPin(linking.person, linking.guess, now);
      case "checking-code":
        return await identities.checkCode(linking.person, linking.texted, linking.guess, now);
      case "pin":
      case "code":
        return null;
    }
  }
}
