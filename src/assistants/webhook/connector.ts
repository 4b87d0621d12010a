import type { AssistantRequest, RequestOutcome } from "../../contract/assistant.ts";
import type { Json } from "../../core/json.ts";
import { personJson } from "../../identity/person.ts";
import type { Connector, Happening, Move, Probe, Situation } from "../connector.ts";
import { readAnswers } from "./answers.ts";
import type { WebhookSettings } from "./settings.ts";

/** Speaks to a bot of the operator's own: a signed POST for each text; its answer comes at once, or, after a 202, later. */
export function webhookConnector(settings: WebhookSettings): Connector {
  return {
    move: (happening, situation) =>
      happening.kind === "answered" ? understand(happening, settings) : { ...ask(settings, situation), memory: null },
  };
}

function ask(
  settings: WebhookSettings,
  situation: Situation,
): { readonly kind: "request"; readonly request: AssistantRequest } {
  return { kind: "request", request: post(settings, "turn.asked", situation.setting.now, turnOf(situation)) };
}

/** As Standard Webhooks proposes a payload: what has happened, when, and what is to be known of it. */
function post(settings: WebhookSettings, type: string, now: number, data: Json): AssistantRequest {
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

function turnOf({ asked, variables, setting }: Situation): Json {
  const { turn, conversation, application, sender, person, number, language, zone, origin } = setting;
  const { text, media, opening, chosen } = asked;
  return {
    turn: { id: turn, answersUrl: `${origin}/v1/turns/${turn}/answers` },
    conversation: { id: conversation, opening },
    application: { ...application },
    person: { phone: sender, linked: person === null ? null : personJson(person) },
    number,
    text,
    media: media.map(({ url, contentType }) => ({ url, contentType })),
    choice: chosen === null ? null : { label: chosen.label, value: chosen.value },
    language,
    zone,
    variables: { ...variables },
  };
}

function understand({ outcome }: Extract<Happening, { kind: "answered" }>, settings: WebhookSettings): Move {
  const memory = null;
  if (outcome.kind === "failed") return { kind: "failed", reason: outcome.reason, memory };
  if (outcome.status === 202) return { kind: "callback", seconds: settings.laterSeconds, memory };
  if (outcome.status < 200 || outcome.status > 299)
    return { kind: "failed", reason: `it answered with HTTP ${outcome.status}`, memory };
  const answers = readAnswers(outcome.json);
  return answers.ok
    ? { kind: "answer", ...answers.value, memory }
    : { kind: "failed", reason: answers.failure, memory };
}

/** Is the bot there, and does it take our signature? It need not answer anything. */
export function webhookProbe(settings: WebhookSettings, now: number): Probe {
  return { request: post(settings, "parley.probed", now, {}), judge };
}

function judge(outcome: RequestOutcome): string | null {
  if (outcome.kind === "failed") return `The bot could not be asked: ${outcome.reason}.`;
  const { status } = outcome;
  if (status >= 200 && status <= 299) return null;
  const advice =
    status === 401 || status === 403
      ? "does it verify with the same secret?"
      : "a POST there must be answered with 2xx.";
  return `The bot answered with HTTP ${status}; ${advice}`;
}
