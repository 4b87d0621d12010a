import type { AssistantRequest, HeaderValue } from "../../contract/assistant.ts";
import type { JsonValue } from "../../core/json.ts";
import { toPersonJson } from "../../identity/person.ts";
import type { ConnectorContext } from "../connector.ts";
import { toOptionPress } from "./card-actions.ts";
import type { DirectlineSession, DirectlineStep, DirectlineToken } from "./memory.ts";
import type { DirectlineLocation } from "./settings.ts";

/** Timeout of one poll in seconds. If it passes, Parley polls again. */
const POLL_TIMEOUT_SECONDS = 10;

/**
 * Creates the request of a step.
 * @param session the known conversation; null only for the steps `token` and `start`
 */
export function createStepRequest(
  step: DirectlineStep,
  location: DirectlineLocation,
  session: DirectlineSession | null,
  context: ConnectorContext,
): AssistantRequest {
  const { timeoutSeconds } = location;
  const base = toBaseUrl(location.url);
  const conversation = `${base}/conversations/${escapeText(session?.conversation ?? "")}`;
  const common = { body: null, timeoutSeconds } as const;
  const authorized = { headers: createAuthorization(location, session?.token ?? null) };
  switch (step) {
    case "token":
      return createTokenRequest(location, toUserId(location, context));
    case "start": {
      const { language } = context;
      const body = { user: { id: session?.user ?? toUserId(location, context) }, locale: language };
      const url = `${base}/conversations`;
      return { method: "POST", url, ...common, ...authorized, body, location: url };
    }
    case "refresh":
      return { method: "POST", url: `${base}/tokens/refresh`, ...common, ...authorized };
    case "reconnect": {
      const url = `${conversation}${toWatermarkQuery(session)}`;
      return { method: "GET", url, ...common, headers: createAuthorization(location, null) };
    }
    case "post": {
      const body = createActivity(context, session?.user ?? toUserId(location, context));
      const url = `${conversation}/activities`;
      return { method: "POST", url, ...common, ...authorized, body, location: base, once: true };
    }
    case "check":
    case "poll": {
      const url = `${conversation}/activities${toWatermarkQuery(session)}`;
      const seconds = Math.min(timeoutSeconds, POLL_TIMEOUT_SECONDS);
      // The check after a failed post shares the circuit breaker of posts.
      const rests = step === "check" ? { location: base } : {};
      return { method: "GET", url, ...common, ...authorized, ...rests, timeoutSeconds: seconds };
    }
  }
}

/** Creates the request that checks a location's settings: the one that starts a conversation. */
export function createProbeRequest(location: DirectlineLocation): AssistantRequest {
  if (location.access.kind !== "secret") return createTokenRequest(location, "dl_parley-trial");
  const { timeoutSeconds } = location;
  const body = { user: { id: "parley-trial" } };
  return {
    method: "POST",
    url: `${toBaseUrl(location.url)}/conversations`,
    headers: createAuthorization(location, null),
    body,
    timeoutSeconds,
  };
}

function createTokenRequest({ access, url, timeoutSeconds }: DirectlineLocation, user: string): AssistantRequest {
  if (access.kind === "token-endpoint") {
    const headers = access.secret === undefined ? {} : { authorization: toBearer(access.secret) };
    return { method: "GET", url: access.url, headers, body: null, timeoutSeconds, location: access.url };
  }
  const generate = `${toBaseUrl(url)}/tokens/generate`;
  const headers = { authorization: toBearer(access.secret) };
  return { method: "POST", url: generate, headers, body: { user: { id: user } }, timeoutSeconds, location: generate };
}

/** Uses the conversation's token if there is one, otherwise the location's secret. */
function createAuthorization(
  { access }: DirectlineLocation,
  token: DirectlineToken | null,
): Readonly<Record<string, HeaderValue>> {
  if (token !== null) return { authorization: `Bearer ${token.value}` };
  return access.kind === "token-endpoint" ? {} : { authorization: toBearer(access.secret) };
}

function toBearer(secret: string): HeaderValue {
  return { secret, prefix: "Bearer " };
}

function toWatermarkQuery(session: DirectlineSession | null): string {
  const watermark = session?.watermark ?? null;
  return watermark === null ? "" : `?watermark=${escapeText(watermark)}`;
}

/** Lone surrogates cannot be escaped for a URL. */
function escapeText(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function toBaseUrl(url: string): string {
  const [plain = ""] = url.split(/[?#]/u, 1);
  const origin = plain.replace(/\/+$/u, "");
  return /\/v3\/directline$/iu.test(origin) ? origin : `${origin}/v3/directline`;
}

/**
 * Returns the user id that the bot sees, constant within a conversation. Not the phone number, because bots log it. The
 * prefix `dl_` is required for, and reserved to, users of generated tokens.
 */
export function toUserId({ access }: DirectlineLocation, { turn }: ConnectorContext): string {
  const user = `parley-${toTextId(turn)}`;
  return access.kind === "generated-token" ? `dl_${user}` : user;
}

/** @returns the id of the contact's text: the turn's id without the phone number */
export function toTextId(turn: string): string {
  return turn.slice(turn.indexOf("-") + 1);
}

/**
 * Creates the activity of a text. Fields that only the bot should see stand below `private`. The person's name goes
 * with each text only: in a token or at the start of a conversation it would outlast a logout.
 */
function createActivity({ inbound, ...context }: ConnectorContext, user: string): JsonValue {
  const { turn, conversation, application, number, sender, person, zone, language } = context;
  const press = toOptionPress(inbound.chosen);
  const { text = press === null ? inbound.text : undefined, value, channelData = {} } = press ?? {};
  const parley = {
    conversation: { id: conversation, opening: inbound.opening },
    application: { ...application },
    number,
    zone,
    private: { phone: sender, turn, linked: person === null ? null : toPersonJson(person) },
  };
  return {
    type: "message",
    from: { id: user, role: "user", ...(person === null ? {} : { name: person.name }) },
    locale: language,
    textFormat: "plain",
    ...(text === undefined ? {} : { text }),
    ...(value === undefined ? {} : { value }),
    ...(inbound.media.length === 0
      ? {}
      : { attachments: inbound.media.map(({ url, contentType }) => ({ contentType, contentUrl: url })) }),
    channelData: { ...(channelData as { [name: string]: JsonValue }), clientActivityID: toTextId(turn), parley },
  };
}
