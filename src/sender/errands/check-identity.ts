import type { ConfigurationSnapshot } from "../../configuration/snapshot.ts";
import { IDENTITY_RECHECK_MILLISECONDS, IDENTITY_RETRY_MILLISECONDS } from "../../core/limits/identity.ts";
import { logEvent } from "../../core/log.ts";
import { memoizeLast } from "../../core/memoize-last.ts";
import type { IdentityCheck, IdentityResult } from "../../identity/identity-check.ts";
import { PersonDirectory } from "../../identity/store.ts";
import { updateLinkedSender, updateLinkedSenders } from "../../identity/sweep.ts";
import type { ResumeTurn } from "../events/decision.ts";
import { resumeAfterIdentityCheck } from "../events/identity-checked.ts";
import type { WaitRef } from "../model/context.ts";
import type { SenderState } from "../model/state.ts";
import { findPendingIdentityResult } from "../rules/identity-check.ts";
import type { Errand, ErrandHost } from "./errand.ts";

/** Somebody's phone, PIN or code is to be looked into. */
export interface CheckIdentityTask {
  readonly asked: WaitRef;
  readonly linking: IdentityCheck;
  readonly phone: string;
  readonly origin: string;
  readonly snapshot: ConfigurationSnapshot;
}

/**
 * Finds out who somebody is. A guess that was counted, and not compared since we died, is compared again and counts once: it has an id. What
 * cannot be found out is tried until the person has waited for too long.
 */
export class CheckIdentityErrand implements Errand<CheckIdentityTask> {
  readonly failureEvent = "identifying-failed";
  readonly timeoutMilliseconds = IDENTITY_RECHECK_MILLISECONDS;
  readonly #env: Env;
  readonly #host: ErrandHost;
  readonly #onOutcome: (asked: WaitRef, outcome: IdentityResult) => void;
  readonly #findPendingResult = memoizeLast(findPendingIdentityResult);
  #pausedUntil = 0;

  /** @param onOutcome is told each outcome once its turn has resumed */
  constructor(env: Env, host: ErrandHost, onOutcome: (asked: WaitRef, outcome: IdentityResult) => void) {
    this.#env = env;
    this.#host = host;
    this.#onOutcome = onOutcome;
  }

  dueAt(state: SenderState): number | null {
    return this.#findPendingResult(state) === null ? null : this.#pausedUntil;
  }

  /** The conversation has its alarm, and ten minutes. */
  isTroubled(): boolean {
    return false;
  }

  takeTask(snapshot: ConfigurationSnapshot | null, now: number): CheckIdentityTask | null {
    const state = this.#host.state();
    const found = state === null || now < this.#pausedUntil ? null : findPendingIdentityResult(state);
    if (state === null || found === null) return null;
    const { number, open, id } = found;
    const asked = { number, turn: open.turn, id };
    if (snapshot !== null)
      return { asked, linking: open.rest.linking, phone: state.phone, origin: state.origin, snapshot };
    this.#pausedUntil = now + IDENTITY_RETRY_MILLISECONDS;
    return null;
  }

  async performTask(inquiry: CheckIdentityTask): Promise<void> {
    const outcome = await this.#checkIdentity(inquiry).catch((error: unknown) => {
      // What D1 says may hold the values of a query; nobody's name or number belongs into a log.
      logEvent("warn", "identifying-failed", { error: error instanceof Error ? error.name : "unknown" });
      return null;
    });
    if (outcome === null) {
      this.#pausedUntil = Date.now() + IDENTITY_RETRY_MILLISECONDS;
      return;
    }
    const { asked, linking, phone, snapshot } = inquiry;
    const decide: ResumeTurn = (state, turn, context) => resumeAfterIdentityCheck(state, asked, outcome, turn, context);
    await this.#host.resumeTurn({ turn: asked.turn, snapshot, decide });
    this.#onOutcome(asked, outcome);
    if (outcome.kind === "locked" && "person" in linking) await updateLinkedSenders(this.#env, linking.person);
    // What became of the person while their code was compared was told to a sender that was not linked yet.
    if (outcome.kind === "linked") await updateLinkedSender(this.#env, phone, outcome.person.id);
  }

  async #checkIdentity({ linking, phone, origin }: CheckIdentityTask): Promise<IdentityResult | null> {
    const identities = new PersonDirectory(this.#env, phone);
    const now = Date.now();
    switch (linking.phase) {
      case "looking":
        return await identities.lookUpPerson(linking, this.#env.PUBLIC_URL?.trim() || origin, now);
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
