import { PART_WAIT_MILLISECONDS, SETTLE_AFTER_MILLISECONDS } from "./limits/sender.ts";

/** How long the outbox waits; milliseconds. */
export interface SendTiming {
  /** Before Twilio's list is asked whether it took a part. */
  readonly settleAfter: number;
  /** For Twilio's report on a part, before the next one of the same answer is sent all the same. */
  readonly partWait: number;
}

/** @param settleSeconds the variable SETTLE_SECONDS; where it is none, Twilio's list is given a minute to show what was taken */
export function parseSendTiming(settleSeconds: string | undefined): SendTiming {
  const seconds = Number(settleSeconds ?? "");
  const settleAfter =
    settleSeconds && Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : SETTLE_AFTER_MILLISECONDS;
  return { settleAfter, partWait: PART_WAIT_MILLISECONDS };
}
