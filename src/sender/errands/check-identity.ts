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

/** A contact to look up by phone, or a PIN or a code to compare. */
export interface CheckIdentityTask {
  readonly waitRef: WaitRef;
  readonly check: IdentityCheck;
  readonly phone: string;
  readonly origin: string;
  readonly snapshot: ConfigurationSnapshot;
}

/**
 * Performs identity checks. A guess that was counted, but not compared before a crash, is compared again and counts
 * once, since it has an id. A check that fails is retried until it expires.
 */
export class CheckIdentityErrand implements Errand<CheckIdentityTask> {
  readonly failureEvent = "identity-check-failed";
  readonly timeoutMilliseconds = IDENTITY_RECHECK_MILLISECONDS;
  readonly #env: Env;
  readonly #host: ErrandHost;
  readonly #onOutcome: (waitRef: WaitRef, outcome: IdentityResult) => void;
  readonly #findPendingResult = memoizeLast(findPendingIdentityResult);
  #pausedUntil = 0;

  /** @param onOutcome receives each result after its turn has resumed */
  constructor(env: Env, host: ErrandHost, onOutcome: (waitRef: WaitRef, outcome: IdentityResult) => void) {
    this.#env = env;
    this.#host = host;
    this.#onOutcome = onOutcome;
  }

  dueAt(state: SenderState): number | null {
    return this.#findPendingResult(state) === null ? null : this.#pausedUntil;
  }

  /** An identity check expires by the alarm, so the sweep is not needed. */
  isTroubled(): boolean {
    return false;
  }

  takeTask(snapshot: ConfigurationSnapshot | null, now: number): CheckIdentityTask | null {
    const state = this.#host.state();
    const found = state === null || now < this.#pausedUntil ? null : findPendingIdentityResult(state);
    if (state === null || found === null) return null;
    const { number, open, id } = found;
    const waitRef = { number, turn: open.turn, id };
    if (snapshot !== null)
      return { waitRef, check: open.rest.linking, phone: state.phone, origin: state.origin, snapshot };
    this.#pausedUntil = now + IDENTITY_RETRY_MILLISECONDS;
    return null;
  }

  async performTask(task: CheckIdentityTask): Promise<void> {
    const outcome = await this.#checkIdentity(task).catch((error: unknown) => {
      // Only the error's name: D1's message may contain the values of the query, such as a name or a phone number.
      logEvent("warn", "identity-check-failed", { error: error instanceof Error ? error.name : "unknown" });
      return null;
    });
    if (outcome === null) {
      this.#pausedUntil = Date.now() + IDENTITY_RETRY_MILLISECONDS;
      return;
    }
    const { waitRef, check, phone, snapshot } = task;
    const decide: ResumeTurn = (state, turn, context) =>
      resumeAfterIdentityCheck(state, waitRef, outcome, turn, context);
    await this.#host.resumeTurn({ turn: waitRef.turn, snapshot, decide });
    this.#onOutcome(waitRef, outcome);
    if (outcome.kind === "locked" && "person" in check) await updateLinkedSenders(this.#env, check.person);
    // The person may have changed while the code was compared, before this Sender was linked.
    if (outcome.kind === "linked") await updateLinkedSender(this.#env, phone, outcome.person.id);
  }

  async #checkIdentity({ check, phone, origin }: CheckIdentityTask): Promise<IdentityResult | null> {
    const directory = new PersonDirectory(this.#env, phone);
    const now = Date.now();
    switch (check.phase) {
      case "looking":
        return await directory.lookUpPerson(check, this.#env.PUBLIC_URL?.trim() || origin, now);
      case "checking-pin":
        return await directory.checkPin(check.person, check.guess, now);
      case "checking-code":
        return await directory.checkCode(check.person, check.texted, check.guess, now);
      case "pin":
      case "code":
        return null;
    }
  }
}
