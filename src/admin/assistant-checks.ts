import { createConnectorSet } from "../assistants/catalog.ts";
import { type RequestAccess, sendAssistantRequest, toRequestOutcome } from "../assistants/client.ts";
import type { ConnectorProbe } from "../assistants/connector.ts";
import type { Application } from "../configuration/schemas.ts";
import { loadLatestConfiguration } from "../configuration/store.ts";
import { isRecord } from "../core/json.ts";
import { PROBE_TIMEOUT_SECONDS } from "../core/limits/admin.ts";
import { type FieldProblem, toJsonPointer } from "../core/problem-document.ts";
import { checkMasterKey } from "../core/vault.ts";
import type { OutboundAnswer } from "../outbound/outbound-answer.ts";
import { checkUrl, type UrlProblem } from "../outbound/url-check.ts";
import type { AdminContext } from "./http.ts";

interface Findings {
  readonly errors: readonly FieldProblem[];
  readonly warnings: readonly FieldProblem[];
}

/**
 * Asks an assistant that is somewhere else, at each of its locations, whether it would answer. What cannot work until the operator has changed
 * something, here or there, is an error: a secret that is not there, a host that is not allowed, a key that is refused. What may work in a
 * minute is a warning: an application can be saved while one of its locations is down.
 */
export async function checkAssistant(c: AdminContext, { assistant, allowedHosts }: Application): Promise<Findings> {
  if (assistant.kind === "topics") return { errors: [], warnings: [] };
  const reach = { allowedHosts, secrets: await secretsNow(c) };
  const probes = createConnectorSet(assistant).probes(Date.now());
  const found = await Promise.all(
    probes.map(async ({ pointer, probe }) => await tryOne(pointer, probe, assistant, reach)),
  );
  const problems = found.filter((each) => each !== null);
  return {
    errors: problems.filter(({ isPassing }) => !isPassing).map(({ problem }) => problem),
    warnings: problems.filter(({ isPassing }) => isPassing).map(({ problem }) => problem),
  };
}

/** Of a secret that was saved a moment ago, anywhere, nobody may be told that it is not there. */
async function secretsNow({ env, executionCtx }: AdminContext): Promise<RequestAccess["secrets"]> {
  if (checkMasterKey(env.MASTER_KEY) !== null) return new Map();
  return (await loadLatestConfiguration(env, (work) => executionCtx.waitUntil(work))).secrets;
}

interface Found {
  readonly problem: FieldProblem;
  /** It may be over in a minute, without anybody's doing. */
  readonly isPassing: boolean;
}

async function tryOne(
  pointer: string,
  { request, judge }: ConnectorProbe,
  assistant: Application["assistant"],
  reach: RequestAccess,
): Promise<Found | null> {
  const timeoutSeconds = Math.min(request.timeoutSeconds ?? PROBE_TIMEOUT_SECONDS, PROBE_TIMEOUT_SECONDS);
  const answer = await sendAssistantRequest(
    { ...request, timeoutSeconds },
    `probe-${crypto.randomUUID()}-1`,
    reach,
    "once",
  );
  if (answer.kind === "failed" && answer.reason === "secret")
    return wrong(pointerToName(assistant, answer.where) ?? pointer, secretDetail(answer.where, request.url, reach));
  const checked = checkUrl(request.url, reach.allowedHosts);
  if (!checked.ok) return wrong(pointer, `This address cannot be asked: ${WHY[checked.failure]}.`);
  const detail = judge(toRequestOutcome(answer));
  return detail === null ? null : { problem: { pointer: `/assistant${pointer}`, detail }, isPassing: mayPass(answer) };
}

function wrong(pointer: string, detail: string): Found {
  return { problem: { pointer: `/assistant${pointer}`, detail }, isPassing: false };
}

const ALLOW = 'among "allowedHosts" it could be asked all the same';

const WHY: Readonly<Record<UrlProblem, string>> = {
  "not a URL": "it is no URL",
  "credentials in the URL": "it has a user or a password in it",
  "not https": `it does not begin with https://; ${ALLOW}`,
  "no public address": `its host is not public; ${ALLOW}`,
  "no public name": `its host is not public; ${ALLOW}`,
  "port not allowed": `it names a port; ${ALLOW}`,
};

function secretDetail(name: string, url: string, { secrets }: RequestAccess): string {
  const hosts = secrets.get(name)?.hosts;
  const host = URL.canParse(url) ? new URL(url).host : url;
  if (hosts === undefined) return `There is no secret "${name}": PUT /v1/secrets/${name} makes it.`;
  if (!hosts.includes(host)) return `The secret "${name}" may not be sent to ${host}: that is not among its hosts.`;
  return `The secret "${name}" cannot stand in a header.`;
}

/** @returns where in the settings a secret is named */
function pointerToName(settings: unknown, name: string, path: readonly string[] = []): string | null {
  if (settings === name) return toJsonPointer(path);
  if (!isRecord(settings)) return null;
  for (const [key, value] of Object.entries(settings)) {
    if (key === "kind") continue;
    const found = pointerToName(value, name, [...path, key]);
    if (found !== null) return found;
  }
  return null;
}

/** What the other side did, and may not do in a minute. */
function mayPass(answer: OutboundAnswer): boolean {
  if (answer.kind === "failed") return answer.reason !== "not allowed" && answer.reason !== "too many redirects";
  return answer.status >= 500 || [408, 425, 429].includes(answer.status);
}
