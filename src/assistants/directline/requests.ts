import type { AssistantRequest, HeaderValue } from "../../contract/assistant.ts";
import type { JsonValue } from "../../core/json.ts";
import { toPersonJson } from "../../identity/person.ts";
import type { ConnectorContext } from "../connector.ts";
import { toOptionPress } from "./card-actions.ts";
import type { DirectlineSession, DirectlineStep, DirectlineToken } from "./memory.ts";
import type { DirectlineLocation } from "./settings.ts";

/** Direct Line's own, of one try; an answer that is not there yet is looked for again. */
const POLL_TIMEOUT_SECONDS = 10;

/** The request of each step. @param session as it is known: without one, only a token can be asked for, or a conversation begun */
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
      // Where texts are not taken any more, nobody looks whether one was.
      const rests = step === "check" ? { location: base } : {};
      return { method: "GET", url, ...common, ...authorized, ...rests, timeoutSeconds: seconds };
    }
  }
}

/** How a place's settings are tried: by what a conversation begins with. */
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

/** With a token where the conversation has one. */
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

/** Half a character is nothing that a URL can hold. */
function escapeText(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function toBaseUrl(url: string): string {
  const [plain = ""] = url.split(/[?#]/u, 1);
  const origin = plain.replace(/\/+$/u, "");
  return /\/v3\/directline$/iu.test(origin) ? origin : `${origin}/v3/directline`;
}

/**
 * Whom the bot sees, the same in all of a conversation. It stands in every log of a bot, so that it is not the person's number; what begins
 * with `dl_` only a token can say, which is made for it.
 */
export function toUserId({ access }: DirectlineLocation, { turn }: ConnectorContext): string {
  const user = `parley-${toTextId(turn)}`;
  return access.kind === "generated-token" ? `dl_${user}` : user;
}

/** @returns the id of the person's text: a turn's without the phone number in it */
export function toTextId(turn: string): string {
  return turn.slice(turn.indexOf("-") + 1);
}

/**
 * What only the bot should see of the person stands below `private`. Their name is said with each text, and with nothing else: in a token, or
 * where a conversation begins, it would stay when they sign out.
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
