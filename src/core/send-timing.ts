import { PART_WAIT_MILLISECONDS, SETTLE_AFTER_MILLISECONDS } from "./limits/sender.ts";

/** Delays of the outbox, in milliseconds. */
export interface SendTiming {
  /** Time before Twilio's message list is checked for a part in doubt. */
  readonly settleAfter: number;
  /** The longest wait for Twilio's report on a part before the next part of the answer is sent. */
  readonly partWait: number;
}

/** @param settleSeconds the variable SETTLE_SECONDS; one minute if it is not a number */
export function parseSendTiming(settleSeconds: string | undefined): SendTiming {
  const seconds = Number(settleSeconds ?? "");
  const settleAfter =
    settleSeconds && Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : SETTLE_AFTER_MILLISECONDS;
  return { settleAfter, partWait: PART_WAIT_MILLISECONDS };
}
