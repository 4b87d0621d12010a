import type { EmulatedMessage, EmulatedPhone, EmulatorState, WebhookAttempt } from "../contract.ts";

/** A refusal is a sentence for the person at the page. */
export type ApiAnswer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly sentence: string };

const BASE_PATH = "/emulator";

export const fetchState = (): Promise<ApiAnswer<EmulatorState>> => callEmulator("GET", "/state");

/** The calls of webhooks that the emulator remembers; none where it does not say. */
export async function fetchAttempts(): Promise<readonly WebhookAttempt[]> {
  const answer = await callEmulator<{ items: readonly WebhookAttempt[] }>("GET", "/webhooks");
  return answer.ok ? answer.value.items : [];
}

export function createPhone(number: string | null): Promise<ApiAnswer<EmulatedPhone>> {
  return callEmulator("POST", "/phones", JSON.stringify(number === null ? {} : { number }), "application/json");
}

export const deletePhone = (number: string): Promise<ApiAnswer<null>> =>
  callEmulator("DELETE", `/phones/${encodeURIComponent(number)}`);

export function sendText(
  phone: string,
  to: string,
  body: string,
  files: readonly File[],
): Promise<ApiAnswer<EmulatedMessage>> {
  const form = new FormData();
  form.set("to", to);
  form.set("body", body);
  for (const file of files) form.append("media", file, file.name);
  return callEmulator("POST", `/phones/${encodeURIComponent(phone)}/messages`, form);
}

async function callEmulator<T>(method: string, path: string, body?: BodyInit, type?: string): Promise<ApiAnswer<T>> {
  const headers = type === undefined ? undefined : { "content-type": type };
  try {
    const response = await fetch(BASE_PATH + path, {
      method,
      ...(body !== undefined && { body }),
      ...(headers && { headers }),
    });
    const text = await response.text();
    if (!response.ok) return { ok: false, sentence: parseErrorSentence(text, response.status) };
    return { ok: true, value: (text === "" ? null : JSON.parse(text)) as T };
  } catch {
    return { ok: false, sentence: "The emulator does not answer. Is it still running?" };
  }
}

function parseErrorSentence(text: string, status: number): string {
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    if (typeof error === "string" && error !== "") return error;
  } catch {
    // Not JSON: a proxy's page, or a crash. The status says enough.
  }
  return `The emulator refused this (HTTP ${status}).`;
}
