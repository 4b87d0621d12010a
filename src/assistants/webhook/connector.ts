import type { AssistantRequest, RequestOutcome } from "../../contract/assistant.ts";
import type { JsonValue } from "../../core/json.ts";
import { toPersonJson } from "../../identity/person.ts";
import type { Connector, ConnectorContext, ConnectorEvent, ConnectorMove, ConnectorProbe } from "../connector.ts";
import { parseAnswers } from "./answers.ts";
import type { WebhookSettings } from "./settings.ts";

/**
 * Speaks to the operator's own bot: sends it a signed POST for each text. The bot answers at once or, after 202, by a
 * callback.
 */
export function createWebhookConnector(settings: WebhookSettings): Connector {
  return {
    move: (event, context) =>
      event.kind === "answered" ? handleOutcome(event, settings) : { ...askBot(settings, context), memory: null },
  };
}

function askBot(
  settings: WebhookSettings,
  context: ConnectorContext,
): { readonly kind: "request"; readonly request: AssistantRequest } {
  return {
    kind: "request",
    request: createRequest(settings, "turn.asked", context.now, describeTurn(context)),
  };
}

/** Creates a signed request with a payload as Standard Webhooks proposes it: type, timestamp and data. */
function createRequest(settings: WebhookSettings, type: string, now: number, data: JsonValue): AssistantRequest {
  return {
    method: "POST",
    url: settings.url,
    headers: {},
    body: { type, timestamp: new Date(now).toISOString(), data },
    signature: settings.signature,
    location: settings.url,
    timeoutSeconds: settings.timeoutSeconds,
  };
}

function describeTurn({ inbound, variables, ...context }: ConnectorContext): JsonValue {
  const { turn, conversation, application, sender, person, number, language, zone, origin } = context;
  const { text, media, opening, chosen } = inbound;
  return {
    turn: { id: turn, answersUrl: `${origin}/v1/turns/${turn}/answers` },
    conversation: { id: conversation, opening },
    application: { ...application },
    person: { phone: sender, linked: person === null ? null : toPersonJson(person) },
    number,
    text,
    media: media.map(({ url, contentType }) => ({ url, contentType })),
    choice: chosen === null ? null : { label: chosen.label, value: chosen.value },
    language,
    zone,
    variables: { ...variables },
  };
}

function handleOutcome(
  { outcome }: Extract<ConnectorEvent, { kind: "answered" }>,
  settings: WebhookSettings,
): ConnectorMove {
  const memory = null;
  if (outcome.kind === "failed") return { kind: "failed", reason: outcome.reason, memory };
  if (outcome.status === 202) return { kind: "callback", seconds: settings.laterSeconds, memory };
  if (outcome.status < 200 || outcome.status > 299)
    return { kind: "failed", reason: `it answered with HTTP ${outcome.status}`, memory };
  const answers = parseAnswers(outcome.json);
  return answers.ok
    ? { kind: "answer", ...answers.value, memory }
    : { kind: "failed", reason: answers.failure, memory };
}

/** Checks that the bot is reachable and accepts our signature. Its answer is ignored. */
export function createWebhookProbe(settings: WebhookSettings, now: number): ConnectorProbe {
  return { request: createRequest(settings, "parley.probed", now, {}), judge: judgeProbe };
}

function judgeProbe(outcome: RequestOutcome): string | null {
  if (outcome.kind === "failed") return `The bot could not be reached: ${outcome.reason}.`;
  const { status } = outcome;
  if (status >= 200 && status <= 299) return null;
  const advice =
    status === 401 || status === 403 ? "does it verify with the same secret?" : "it must answer a POST with 2xx.";
  return `The bot answered with HTTP ${status}; ${advice}`;
}
