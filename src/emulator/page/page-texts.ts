import type { EmulatedMessage, MessageStatus, WebhookAttempt } from "../contract.ts";

/** `wait`: in progress; `fine`: no problem; `bad`: will not arrive. */
export type StatusTone = "wait" | "fine" | "bad";

export interface DeliveryLabel {
  readonly tone: StatusTone;
  readonly label: string;
}

export interface WebhookProblem {
  /** Whether a retry or the fallback URL succeeded afterwards. */
  readonly recovered: boolean;
  readonly code: number;
  readonly text: string;
}

/** @returns the delivery status of a text, from the contact's point of view */
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

/** @returns for example "30003 Unreachable destination handset"; empty without an error */
export function describeMessageError(message: EmulatedMessage): string {
  return [message.errorCode, message.errorMessage].filter((part) => part !== null && part !== "").join(" ");
}

/** Finds the last failure among a message's webhook attempts, and whether a later attempt succeeded. */
export function findWebhookProblem(attempts: readonly WebhookAttempt[]): WebhookProblem | null {
  const index = attempts.findLastIndex((attempt) => attempt.error !== null);
  const failed = attempts[index];
  if (failed === undefined || failed.error === null) return null;
  const isStatus = failed.kind === "status";
  const success = attempts.slice(index + 1).find((attempt) => (attempt.kind === "status") === isStatus);
  const recovery = success?.kind === "fallback" ? "the fallback succeeded" : "a retry succeeded";
  const { code, message } = failed.error;
  const failure = `${WEBHOOK_NAMES[failed.kind]} failed: ${code} ${message}`;
  return {
    recovered: success !== undefined,
    code,
    text: success === undefined ? failure : `${failure} – ${recovery}`,
  };
}

const WEBHOOK_NAMES: Readonly<Record<WebhookAttempt["kind"], string>> = {
  message: "Webhook",
  fallback: "Fallback webhook",
  status: "Status callback",
};

/** Formats +15550100001 as +1 555 010 0001. Numbers of other countries and short codes stay unchanged. */
export function formatNumber(number: string): string {
  return number.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, "+1 $1 $2 $3");
}

/** @returns up to two letters for the avatar of a number */
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

/** Formats a time as "Today 14:02", "Yesterday 09:10" or "Mon, 3 Nov 14:22". */
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
