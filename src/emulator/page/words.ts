import type { EmulatedMessage, MessageStatus, WebhookAttempt } from "../contract.ts";

/** `wait`: on its way; `fine`: nothing to add; `bad`: it will not arrive. */
export type Tone = "wait" | "fine" | "bad";

export interface Delivery {
  readonly tone: Tone;
  readonly label: string;
}

export interface Trouble {
  /** Somebody answered in the end: a retry, or the fallback URL. */
  readonly recovered: boolean;
  readonly code: number;
  readonly text: string;
}

/** How far a text has come, in the words of the person who holds the phone. */
export const delivery = (message: EmulatedMessage): Delivery => DELIVERIES[message.status];

const DELIVERIES: Readonly<Record<MessageStatus, Delivery>> = {
  queued: { tone: "wait", label: "Queued" },
  sending: { tone: "wait", label: "Sending" },
  receiving: { tone: "wait", label: "Sending" },
  sent: { tone: "fine", label: "Sent" },
  received: { tone: "fine", label: "Sent" },
  delivered: { tone: "fine", label: "Delivered" },
  undelivered: { tone: "bad", label: "Undelivered" },
  failed: { tone: "bad", label: "Failed" },
  canceled: { tone: "bad", label: "Canceled" },
};

/** "30003 Unreachable destination handset", or nothing. */
export function failure(message: EmulatedMessage): string {
  return [message.errorCode, message.errorMessage].filter((part) => part !== null && part !== "").join(" ");
}

/** The last failure among a message's webhook calls, and whether it was made good. */
export function trouble(attempts: readonly WebhookAttempt[]): Trouble | null {
  const at = attempts.findLastIndex((attempt) => attempt.error !== null);
  const failed = attempts[at];
  if (failed === undefined || failed.error === null) return null;
  const rescue = attempts.slice(at + 1).find((attempt) => (attempt.kind === "status") === (failed.kind === "status"));
  const how = rescue?.kind === "fallback" ? "the fallback answered" : "a retry went through";
  return {
    recovered: rescue !== undefined,
    code: failed.error.code,
    text: `${WEBHOOKS[failed.kind]} failed: ${failed.error.code} ${failed.error.message}${rescue === undefined ? "" : ` – ${how}`}`,
  };
}

const WEBHOOKS: Readonly<Record<WebhookAttempt["kind"], string>> = {
  message: "Webhook",
  fallback: "Fallback webhook",
  status: "Status callback",
};

/** +15550100001 → +1 555 010 0001. Numbers of other countries and short codes stay as they are. */
export function prettyNumber(number: string): string {
  return number.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, "+1 $1 $2 $3");
}

/** Up to two letters for the round picture of a number. */
export function initials(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
  return words
    .slice(0, 2)
    .map((word) => Array.from(word)[0]?.toUpperCase() ?? "")
    .join("");
}

export function clock(at: number): string {
  return new Date(at).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
}

/** "Today 14:02", "Yesterday 09:10", "Mon, 3 Nov 14:22". */
export function moment(at: number, now: number): string {
  const days = Math.round((midnight(now) - midnight(at)) / 86_400_000);
  if (days === 0) return `Today ${clock(at)}`;
  if (days === 1) return `Yesterday ${clock(at)}`;
  const day = new Date(at).toLocaleDateString(undefined, { weekday: "short", day: "numeric", month: "short" });
  return `${day} ${clock(at)}`;
}

export function size(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1_000)} kB`;
  return `${Math.round(bytes / 100_000) / 10} MB`;
}

export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

function midnight(at: number): number {
  const date = new Date(at);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
