import * as z from "zod";
import { FAULT_DELAY_MILLISECONDS, LIST_LAG_MILLISECONDS, WEBHOOK_COPIES } from "../limits.ts";

const LIKELIHOOD = z.number().min(0).max(1).default(0);

function createMillisecondsField(maximum: number, defaultValue: number) {
  return z.int().min(0).max(maximum).default(defaultValue);
}

/** Faults of `POST Messages.json`; a request has at most one of them. */
const CREATE = z
  .strictObject({
    /** HTTP 429 without and with a Retry-After header; the message is not accepted. */
    busy: LIKELIHOOD,
    busyRetryAfter: LIKELIHOOD,
    retryAfterSeconds: z.int().min(0).max(3_600).default(1),
    /** HTTP 5xx before and after the message is accepted. */
    errorBefore: LIKELIHOOD,
    errorAfter: LIKELIHOOD,
    /** Reset of the connection before and after the message is accepted. */
    resetBefore: LIKELIHOOD,
    resetAfter: LIKELIHOOD,
    /** Message accepted at once, response delayed by `slowMs`. */
    slow: LIKELIHOOD,
    slowMs: createMillisecondsField(FAULT_DELAY_MILLISECONDS, 5_000),
  })
  .refine(hasValidSum, "the likelihoods add up to more than 1; at most one of them applies to a request");

function hasValidSum(group: Readonly<Record<string, number>>): boolean {
  const likelihoods = Object.entries(group).filter(([name]) => !/Ms$|Seconds$/u.test(name));
  return likelihoods.reduce((sum, [, likelihood]) => sum + likelihood, 0) <= 1 + Number.EPSILON * likelihoods.length;
}

/** Faults of `GET Messages.json`. */
const LIST = z
  .strictObject({
    /** HTTP 5xx. */
    error: LIKELIHOOD,
    /** Message listed only `lagMs` after it was accepted. */
    lag: LIKELIHOOD,
    lagMs: createMillisecondsField(FAULT_DELAY_MILLISECONDS * 10, 5_000),
    /** Allows a lag longer than Parley waits, after which Parley sends the message a second time. */
    longLag: z.boolean().default(false),
  })
  .refine(
    ({ lagMs, longLag }) => longLag || lagMs < LIST_LAG_MILLISECONDS,
    `lagMs of ${LIST_LAG_MILLISECONDS} or more is longer than Parley waits; set longLag to allow it`,
  );

/** Faults of the webhook that an inbound text calls. */
const WEBHOOK = z.strictObject({
  /** Delivered `copies` times in total: all at once with the likelihood `concurrent`, otherwise one after the other. */
  repeat: LIKELIHOOD,
  copies: z.int().min(2).max(WEBHOOK_COPIES).default(WEBHOOK_COPIES),
  concurrent: LIKELIHOOD,
  /** Delay between copies that are delivered one after the other. */
  spreadMs: createMillisecondsField(FAULT_DELAY_MILLISECONDS, 0),
  /** Response lost, so that the attempt fails. */
  lost: LIKELIHOOD,
  /** Webhook delayed by `lateMs`, so that later texts overtake it. */
  late: LIKELIHOOD,
  lateMs: createMillisecondsField(FAULT_DELAY_MILLISECONDS, 1_000),
});

/** Faults of status callbacks. */
const CALLBACK = z.strictObject({
  /** First callback sent before the create request is answered. */
  early: LIKELIHOOD,
  doubled: LIKELIHOOD,
  missing: LIKELIHOOD,
  /** `sent` reported after `delivered`. */
  reversed: LIKELIHOOD,
});

/** The body of `PUT /emulator/faults`. Likelihoods are from 0 to 1; the default is 0. */
export const FAULT_PLAN = z.strictObject({
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(1),
  create: CREATE.prefault({}),
  list: LIST.prefault({}),
  webhook: WEBHOOK.prefault({}),
  callback: CALLBACK.prefault({}),
});

export type FaultPlan = z.output<typeof FAULT_PLAN>;
