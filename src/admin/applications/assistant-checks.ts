import { createConnectorSet } from "../../assistants/catalog.ts";
import { type RequestAccess, sendAssistantRequest, toRequestOutcome } from "../../assistants/client.ts";
import type { ConnectorProbe } from "../../assistants/connector.ts";
import type { Application } from "../../configuration/schemas.ts";
import { loadLatestConfiguration } from "../../configuration/store.ts";
import { isRecord } from "../../core/json.ts";
import { PROBE_TIMEOUT_SECONDS } from "../../core/limits/admin.ts";
import { type FieldProblem, toJsonPointer } from "../../core/problem-document.ts";
import { checkMasterKey } from "../../core/vault.ts";
import type { OutboundAnswer } from "../../outbound/outbound-answer.ts";
import { checkUrl, type UrlProblem } from "../../outbound/url-check.ts";
import type { AdminContext } from "../http/body.ts";

interface Findings {
  readonly errors: readonly FieldProblem[];
  readonly warnings: readonly FieldProblem[];
}

/**
 * Sends a probe to each location of a remote assistant. A problem that lasts until the operator changes something is an
 * error: a missing secret, a host that is not allowed, a rejected key. A problem that may pass is a warning, so that an
 * application can be saved while a location is down.
 */
export async function checkAssistant(c: AdminContext, { assistant, allowedHosts }: Application): Promise<Findings> {
  if (assistant.kind === "topics") return { errors: [], warnings: [] };
  const reach = { allowedHosts, secrets: await loadSecrets(c) };
  const probes = createConnectorSet(assistant).probes(Date.now());
  const found = await Promise.all(
    probes.map(async ({ pointer, probe }) => await sendProbe(pointer, probe, assistant, reach)),
  );
  const problems = found.filter((each) => each !== null);
  return {
    errors: problems.filter(({ isPassing }) => !isPassing).map(({ problem }) => problem),
    warnings: problems.filter(({ isPassing }) => isPassing).map(({ problem }) => problem),
  };
}

/** Loads the latest secrets: one that was saved a moment ago, by any isolate, must not be reported as missing. */
async function loadSecrets({ env, executionCtx }: AdminContext): Promise<RequestAccess["secrets"]> {
  if (checkMasterKey(env.MASTER_KEY) !== null) return new Map();
  return (await loadLatestConfiguration(env, (work) => executionCtx.waitUntil(work))).secrets;
}

interface ProbeProblem {
  readonly problem: FieldProblem;
  /** Whether it may pass without a change by the operator. */
  readonly isPassing: boolean;
}

async function sendProbe(
  pointer: string,
  { request, judge }: ConnectorProbe,
  assistant: Application["assistant"],
  reach: RequestAccess,
): Promise<ProbeProblem | null> {
  const timeoutSeconds = Math.min(request.timeoutSeconds ?? PROBE_TIMEOUT_SECONDS, PROBE_TIMEOUT_SECONDS);
  const answer = await sendAssistantRequest(
    { ...request, timeoutSeconds },
    `probe-${crypto.randomUUID()}-1`,
    reach,
    "once",
  );
  if (answer.kind === "failed" && answer.reason === "secret")
    return createError(findPointer(assistant, answer.where) ?? pointer, secretDetail(answer.where, request.url, reach));
  const checked = checkUrl(request.url, reach.allowedHosts);
  if (!checked.ok) return createError(pointer, `The address cannot be used: ${URL_PROBLEMS[checked.failure]}.`);
  const detail = judge(toRequestOutcome(answer));
  return detail === null ? null : { problem: { pointer: `/assistant${pointer}`, detail }, isPassing: mayPass(answer) };
}

function createError(pointer: string, detail: string): ProbeProblem {
  return { problem: { pointer: `/assistant${pointer}`, detail }, isPassing: false };
}

const ALLOW = 'add its host to "allowedHosts" to use it all the same';

const URL_PROBLEMS: Readonly<Record<UrlProblem, string>> = {
  "not a URL": "it is not a URL",
  "credentials in the URL": "it contains a user name or a password",
  "not https": `it does not begin with https://; ${ALLOW}`,
  "no public address": `its host is not public; ${ALLOW}`,
  "no public name": `its host is not public; ${ALLOW}`,
  "port not allowed": `it names a port; ${ALLOW}`,
};

function secretDetail(name: string, url: string, { secrets }: RequestAccess): string {
  const hosts = secrets.get(name)?.hosts;
  const host = URL.canParse(url) ? new URL(url).host : url;
  if (hosts === undefined) return `Secret "${name}" does not exist. Create it with PUT /v1/secrets/${name}.`;
  if (!hosts.includes(host)) return `Secret "${name}" may not be sent to ${host}. Add the host to the secret's hosts.`;
  return `Secret "${name}" contains characters that a header cannot contain. Save another value.`;
}

/** @returns a pointer to the setting that names a secret */
function findPointer(settings: unknown, name: string, path: readonly string[] = []): string | null {
  if (settings === name) return toJsonPointer(path);
  if (!isRecord(settings)) return null;
  for (const [key, value] of Object.entries(settings)) {
    if (key === "kind") continue;
    const found = findPointer(value, name, [...path, key]);
    if (found !== null) return found;
  }
  return null;
}

/** Says whether a failed probe may succeed in a minute. */
function mayPass(answer: OutboundAnswer): boolean {
  if (answer.kind === "failed") return answer.reason !== "not allowed" && answer.reason !== "too many redirects";
  return answer.status >= 500 || [408, 425, 429].includes(answer.status);
}
