import type { EmulatedMessage, EmulatedPhone, EmulatorState, WebhookAttempt } from "../contract.ts";

/** The result of a request: a value, or a sentence that tells the reader of the page what is wrong. */
export type ApiResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly sentence: string };

const BASE_PATH = "/emulator";

export const fetchState = (): Promise<ApiResult<EmulatorState>> => callEmulator("GET", "/state");

/** Fetches the recorded webhook attempts. @returns an empty list if the request fails */
export async function fetchAttempts(): Promise<readonly WebhookAttempt[]> {
  const result = await callEmulator<{ items: readonly WebhookAttempt[] }>("GET", "/webhooks");
  return result.ok ? result.value.items : [];
}

export function createPhone(number: string | null): Promise<ApiResult<EmulatedPhone>> {
  return callEmulator("POST", "/phones", JSON.stringify(number === null ? {} : { number }), "application/json");
}

export const deletePhone = (number: string): Promise<ApiResult<null>> =>
  callEmulator("DELETE", `/phones/${encodeURIComponent(number)}`);

export function sendText(
  phone: string,
  to: string,
  body: string,
  files: readonly File[],
): Promise<ApiResult<EmulatedMessage>> {
  const form = new FormData();
  form.set("to", to);
  form.set("body", body);
  for (const file of files) form.append("media", file, file.name);
  return callEmulator("POST", `/phones/${encodeURIComponent(phone)}/messages`, form);
}

async function callEmulator<T>(method: string, path: string, body?: BodyInit, type?: string): Promise<ApiResult<T>> {
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
    return { ok: false, sentence: "The emulator does not respond. Check that it is still running." };
  }
}

function parseErrorSentence(text: string, status: number): string {
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    if (typeof error === "string" && error !== "") return error;
  } catch {
    // Not JSON, for example a proxy's error page: the status is enough.
  }
  return `The emulator refused the request (HTTP ${status}).`;
}
