import type { EmulatedMessage, MessageStatus, WebhookAttempt } from "../contract.ts";

/** `wait`: on its way; `fine`: nothing to add; `bad`: it will not arrive. */
export type StatusTone = "wait" | "fine" | "bad";

export interface DeliveryLabel {
  readonly tone: StatusTone;
  readonly label: string;
}

export interface WebhookTrouble {
  /** Somebody answered in the end: a retry, or the fallback URL. */
  readonly recovered: boolean;
  readonly code: number;
  readonly text: string;
}

/** How far a text has come, in the words of the person who holds the phone. */
export const describeDelivery = (message: EmulatedMessage): DeliveryLabel => DELIVERY_LABELS[message.status];

const DELIVERY_LABELS: Readonly<Record<MessageStatus, DeliveryLabel>> = {
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
export function describeMessageError(message: EmulatedMessage): string {
  return [message.errorCode, message.errorMessage].filter((part) => part !== null && part !== "").join(" ");
}

/** The last failure among a message's webhook calls, and whether it was made good. */
export function findWebhookTrouble(attempts: readonly WebhookAttempt[]): WebhookTrouble | null {
  const at = attempts.findLastIndex((attempt) => attempt.error !== null);
  const failed = attempts[at];
  if (failed === undefined || failed.error === null) return null;
  const rescue = attempts.slice(at + 1).find((attempt) => (attempt.kind === "status") === (failed.kind === "status"));
  const how = rescue?.kind === "fallback" ? "the fallback answered" : "a retry went through";
  return {
    recovered: rescue !== undefined,
    code: failed.error.code,
    text: `${WEBHOOK_NAMES[failed.kind]} failed: ${failed.error.code} ${failed.error.message}${rescue === undefined ? "" : ` – ${how}`}`,
  };
}

const WEBHOOK_NAMES: Readonly<Record<WebhookAttempt["kind"], string>> = {
  message: "Webhook",
  fallback: "Fallback webhook",
  status: "Status callback",
};

/** +15550100001 → +1 555 010 0001. Numbers of other countries and short codes stay as they are. */
export function formatNumber(number: string): string {
  return number.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, "+1 $1 $2 $3");
}

/** Up to two letters for the round picture of a number. */
export function toInitials(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
  return words
    .slice(0, 2)
    .map((word) => Array.from(word)[0]?.toUpperCase() ?? "")
    .join("");
}

export function formatTime(at: number): string {
  return new Date(at).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
}

/** "Today 14:02", "Yesterday 09:10", "Mon, 3 Nov 14:22". */
export function formatDayAndTime(at: number, now: number): string {
  const days = Math.round((toMidnight(now) - toMidnight(at)) / 86_400_000);
  if (days === 0) return `Today ${formatTime(at)}`;
  if (days === 1) return `Yesterday ${formatTime(at)}`;
  const day = new Date(at).toLocaleDateString(undefined, { weekday: "short", day: "numeric", month: "short" });
  return `${day} ${formatTime(at)}`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1_000)} kB`;
  return `${Math.round(bytes / 100_000) / 10} MB`;
}

export const formatCount = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

function toMidnight(at: number): number {
  const date = new Date(at);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
