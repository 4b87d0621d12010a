import * as z from "zod";
import { FAULT_DELAY_MILLISECONDS, LIST_LAG_MILLISECONDS, WEBHOOK_COPIES } from "../limits.ts";

const LIKELIHOOD = z.number().min(0).max(1).default(0);

function createMillisecondsField(most: number, usual: number) {
  return z.int().min(0).max(most).default(usual);
}

/** `POST Messages.json`: at most one of these befalls a request. */
const CREATE = z
  .strictObject({
    /** HTTP 429, without and with a Retry-After: never taken. */
    busy: LIKELIHOOD,
    busyRetryAfter: LIKELIHOOD,
    retryAfterSeconds: z.int().min(0).max(3_600).default(1),
    /** HTTP 5xx, before and after the message was taken. */
    errorBefore: LIKELIHOOD,
    errorAfter: LIKELIHOOD,
    /** The connection is reset, before and after the message was taken. */
    resetBefore: LIKELIHOOD,
    resetAfter: LIKELIHOOD,
    /** Taken at once, answered late. */
    slow: LIKELIHOOD,
    slowMs: createMillisecondsField(FAULT_DELAY_MILLISECONDS, 5_000),
  })
  .refine(hasValidSum, "the likelihoods add up to more than 1");

function hasValidSum(group: Readonly<Record<string, number>>): boolean {
  const likelihoods = Object.entries(group).filter(([name]) => !/Ms$|Seconds$/u.test(name));
  return likelihoods.reduce((sum, [, likelihood]) => sum + likelihood, 0) <= 1 + Number.EPSILON * likelihoods.length;
}

/** `GET Messages.json`. */
const LIST = z
  .strictObject({
    /** HTTP 5xx. */
    error: LIKELIHOOD,
    /** A message is listed only so long after it was taken. */
    lag: LIKELIHOOD,
    lagMs: createMillisecondsField(FAULT_DELAY_MILLISECONDS * 10, 5_000),
    /** A lag that outlasts Parley's timeouts makes it send twice: only who asks for it gets it. */
    longLag: z.boolean().default(false),
  })
  .refine(
    ({ lagMs, longLag }) => longLag || lagMs < LIST_LAG_MILLISECONDS,
    `lagMs of ${LIST_LAG_MILLISECONDS} and more is longer than Parley waits, and needs longLag`,
  );

/** What is called when a person texts. */
const WEBHOOK = z.strictObject({
  /** Delivered so many times in all, one after the other or all at once. */
  repeat: LIKELIHOOD,
  copies: z.int().min(2).max(WEBHOOK_COPIES).default(WEBHOOK_COPIES),
  concurrent: LIKELIHOOD,
  /** How far the copies that come one after the other are apart. */
  spreadMs: createMillisecondsField(FAULT_DELAY_MILLISECONDS, 0),
  /** An answer is lost on its way, so that the attempt has failed. */
  lost: LIKELIHOOD,
  /** Held back for so long, so that other texts overtake it. */
  late: LIKELIHOOD,
  lateMs: createMillisecondsField(FAULT_DELAY_MILLISECONDS, 1_000),
});

/** Status callbacks. */
const CALLBACK = z.strictObject({
  /** The first comes before the create is answered. */
  early: LIKELIHOOD,
  doubled: LIKELIHOOD,
  missing: LIKELIHOOD,
  /** `sent` comes after `delivered`. */
  reversed: LIKELIHOOD,
});

/** How Twilio misbehaves: `PUT /emulator/faults`. All likelihoods are from 0 to 1, and 0 where they are left out. */
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
