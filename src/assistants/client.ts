import type { AssistantRequest, RequestOutcome } from "../contract/assistant.ts";
import { sendRequest } from "../outbound/client.ts";
import type { OutboundAnswer } from "../outbound/outbound-answer.ts";

/** Whom requests of assistants may reach, and with what. */
export interface RequestAccess {
  readonly allowedHosts: readonly string[];
  /** By name. A secret goes to its own hosts, whatever a document says. */
  readonly secrets: ReadonlyMap<
    string,
    { readonly name: string; readonly value: string; readonly hosts: readonly string[] }
  >;
}

/**
 * Makes a request of an assistant's.
 * @param id its own, as "SM…-2": with the same one it may be made again
 * @param tries `twice`: there is one more try where that may help, and where the request says nothing else
 */
export async function sendAssistantRequest(
  request: AssistantRequest,
  id: string,
  { allowedHosts, secrets }: RequestAccess,
  tries: "once" | "twice",
): Promise<OutboundAnswer> {
  const { method, url, headers, body, timeoutSeconds, signature, once } = request;
  return await sendRequest(
    {
      method,
      url,
      headers,
      expect: "json",
      ...(tries === "twice" && once === undefined ? { idempotencyKey: id } : {}),
      ...(body === null ? {} : { body }),
      ...(signature === undefined ? {} : { signature: { id: toTurnId(id), secret: signature } }),
    },
    {
      allowedHosts,
      secrets: selectHostSecrets(url, secrets),
      ...(timeoutSeconds === undefined ? {} : { timeoutMilliseconds: timeoutSeconds * 1_000 }),
    },
  );
}

/** What an assistant hears of it. */
export function toRequestOutcome(answer: OutboundAnswer): RequestOutcome {
  if (answer.kind === "failed") return { kind: "failed", reason: `${answer.reason} (${answer.where})` };
  const { status, content } = answer;
  return { kind: "answered", status, json: content.kind === "json" ? content.value : null };
}

/** A request made again, at another location perhaps, is about the same text: whoever verifies it knows it by that. */
export function toTurnId(id: string): string {
  return id.replace(/-\d+$/u, "");
}

function selectHostSecrets(url: string, secrets: RequestAccess["secrets"]): ReadonlyMap<string, string> {
  const host = URL.canParse(url) ? new URL(url).host : "";
  const hostSecrets = [...secrets.values()].filter(({ hosts }) => hosts.includes(host));
  return new Map(hostSecrets.map(({ name, value }) => [name, value]));
}
