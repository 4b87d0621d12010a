import type { AssistantRequest, RequestOutcome } from "../contract/assistant.ts";
import { sendRequest } from "../outbound/client.ts";
import type { OutboundAnswer } from "../outbound/outbound-answer.ts";

/** The private hosts and the secrets that an assistant's requests may use. */
export interface RequestAccess {
  readonly allowedHosts: readonly string[];
  /** By name. A secret is sent only to its own hosts, whatever an application or topic says. */
  readonly secrets: ReadonlyMap<
    string,
    { readonly name: string; readonly value: string; readonly hosts: readonly string[] }
  >;
}

/**
 * Sends an HTTP request of an assistant.
 * @param id the request's id, such as "SM…-2"; a repetition uses the same one
 * @param tries `twice` allows a retry after a transient failure, unless the request forbids it
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

/** Converts the response to the outcome that an assistant receives. */
export function toRequestOutcome(answer: OutboundAnswer): RequestOutcome {
  if (answer.kind === "failed") return { kind: "failed", reason: `${answer.reason} (${answer.where})` };
  const { status, content } = answer;
  return { kind: "answered", status, json: content.kind === "json" ? content.value : null };
}

/**
 * Removes the request's number from its id. All requests about one text, at any location, are signed with the same id,
 * so that a bot can detect duplicates.
 */
export function toTurnId(id: string): string {
  return id.replace(/-\d+$/u, "");
}

function selectHostSecrets(url: string, secrets: RequestAccess["secrets"]): ReadonlyMap<string, string> {
  const host = URL.canParse(url) ? new URL(url).host : "";
  const hostSecrets = [...secrets.values()].filter(({ hosts }) => hosts.includes(host));
  return new Map(hostSecrets.map(({ name, value }) => [name, value]));
}
