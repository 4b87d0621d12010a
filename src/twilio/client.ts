import { basicAuthorization } from "../core/bytes.ts";
import { isRecord, parseJson } from "../core/json.ts";
import { SEND_TIMEOUT_MILLISECONDS } from "../core/limits/twilio.ts";
import type { PhoneNumber } from "../core/phone.ts";
import { withCredentials } from "./credentials.ts";
import type {
  AcceptedMessage,
  AccountCredentials,
  ListedMessage,
  OutboundMessage,
  TwilioAnswer,
  TwilioRefusal,
} from "./rest-answer.ts";

/** Creates a message (`POST Messages.json`). Not idempotent: look up an `unsure` message before sending it again. */
export async function createMessage(
  credentials: AccountCredentials,
  message: OutboundMessage,
): Promise<TwilioAnswer<AcceptedMessage>> {
  const callback = withCredentials(message.statusCallback, credentials.webhookCredentials ?? null);
  const body = new URLSearchParams({ To: message.to, From: message.from, StatusCallback: callback });
  if (message.text !== "") body.set("Body", message.text);
  for (const url of message.media) body.append("MediaUrl", url);
  const answer = await requestTwilio(credentials, "/Messages.json", { method: "POST", body });
  return interpretAnswer(answer, parseAcceptedMessage);
}

/**
 * Lists the thousand latest messages between two numbers (`GET Messages.json`). Does not filter by `DateSent`, which
 * queued messages do not have.
 */
export async function listMessages(
  credentials: AccountCredentials,
  pair: { readonly from: PhoneNumber; readonly to: PhoneNumber },
): Promise<TwilioAnswer<readonly ListedMessage[]>> {
  const query = new URLSearchParams({ From: pair.from, To: pair.to, PageSize: "1000" });
  const answer = await requestTwilio(credentials, `/Messages.json?${query.toString()}`, { method: "GET" });
  return interpretAnswer(answer, (json) => {
    const messages = json["messages"];
    return Array.isArray(messages) ? messages.flatMap(parseListedMessage) : null;
  });
}

/** Fetches the account, which proves that SID, token and base URL belong together. */
export async function fetchAccount(
  credentials: AccountCredentials,
): Promise<TwilioAnswer<{ readonly status: string; readonly friendlyName: string }>> {
  const answer = await requestTwilio(credentials, ".json", { method: "GET" });
  return interpretAnswer(answer, (json) => {
    const { status, friendly_name: friendlyName } = json;
    return typeof status === "string" ? { status, friendlyName: toText(friendlyName) } : null;
  });
}

/** A complete HTTP response, or the reason why there is none. */
type RawAnswer = { readonly response: Response; readonly text: string } | { readonly reason: string };

/** Tries the tokens in turn while Twilio refuses them. A 401 has no effect, so this is safe. */
async function requestTwilio(credentials: AccountCredentials, path: string, init: RequestInit): Promise<RawAnswer> {
  let answer: RawAnswer = { reason: "the account has no auth token" };
  for (const token of credentials.authTokens) {
    answer = await requestWithToken(token, credentials, path, init);
    if (!("response" in answer) || answer.response.status !== 401) return answer;
  }
  return answer;
}

async function requestWithToken(
  token: string,
  { sid, baseUrl }: AccountCredentials,
  path: string,
  init: RequestInit,
): Promise<RawAnswer> {
  // Not AbortSignal.timeout: its timer would keep a Durable Object awake, and billed, long after the response.
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), SEND_TIMEOUT_MILLISECONDS);
  try {
    const response = await fetch(`${baseUrl}/2010-04-01/Accounts/${sid}${path}`, {
      ...init,
      headers: { authorization: basicAuthorization(sid, token), accept: "application/json" },
      // Credentials go only to the host that the operator configured.
      redirect: "manual",
      signal: abort.signal,
    });
    return { response, text: await response.text() };
  } catch {
    return { reason: abort.signal.aborted ? "timeout" : "connection failed" };
  } finally {
    clearTimeout(timer);
  }
}

function interpretAnswer<Value>(
  answer: RawAnswer,
  read: (json: Record<string, unknown>) => Value | null,
): TwilioAnswer<Value> {
  if (!("response" in answer)) return { kind: "unsure", reason: answer.reason };
  const { response } = answer;
  const { status } = response;
  const parsed = parseJson(answer.text);
  const json = isRecord(parsed) ? parsed : {};
  if (status === 429)
    return { kind: "busy", retryAfterMilliseconds: parseRetryAfter(response.headers.get("retry-after")) };
  const refusal = toRefusal(status, json);
  if (status >= 400 && status < 500 && !isAmbiguousRefusal(refusal)) return { kind: "refused", refusal };
  if (status < 200 || status > 299) return { kind: "unsure", reason: `HTTP ${status}` };
  const value = read(json);
  return value === null
    ? { kind: "unsure", reason: `HTTP ${status} without the document expected` }
    : { kind: "done", value };
}

/** Whether the response is from a proxy, which does not know what Twilio has done. */
function isAmbiguousRefusal({ httpStatus, code }: TwilioRefusal): boolean {
  return code === null && [408, 409, 425].includes(httpStatus);
}

function toRefusal(httpStatus: number, json: Record<string, unknown>): TwilioRefusal {
  const { code, message } = json;
  return {
    httpStatus,
    code: typeof code === "number" ? code : null,
    message: typeof message === "string" ? message : `HTTP ${httpStatus}`,
  };
}

/** @returns milliseconds to wait; null if the header is absent or invalid */
export function parseRetryAfter(header: string | null): number | null {
  if (header === null) return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now());
}

function parseAcceptedMessage(json: Record<string, unknown>): AcceptedMessage | null {
  const { sid, status, error_code: errorCode } = json;
  if (typeof sid !== "string" || typeof status !== "string") return null;
  return { sid, status, errorCode: typeof errorCode === "number" ? errorCode : null };
}

function parseListedMessage(json: unknown): readonly ListedMessage[] {
  if (!isRecord(json)) return [];
  const message = parseAcceptedMessage(json);
  const createdAt = Date.parse(toText(json["date_created"]));
  if (message === null || Number.isNaN(createdAt)) return [];
  return [{ ...message, text: toText(json["body"]), mediaCount: Number(json["num_media"] ?? 0), createdAt }];
}

function toText(value: unknown): string {
  return typeof value === "string" ? value : "";
}
