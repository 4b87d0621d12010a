import type { AssistantEvent, ReadyApplication, WaitRequest } from "../../contract/assistant.ts";
import { IDENTITY_CHECK_MILLISECONDS } from "../../core/limits/identity.ts";
import { ASSISTANT_FILE_WAIT_MILLISECONDS } from "../../core/limits/media.ts";
import { startIdentityCheck } from "../../identity/identity-check.ts";
import type { TurnContext } from "../model/context.ts";
import type { OpenConversation, Wait } from "../model/state.ts";
import { getTurnSid } from "../model/turn.ts";

/** Turns the wait that an assistant requests into the wait of its conversation. */
export function createWait(
  awaits: Exclude<WaitRequest, { kind: "end" }>,
  open: OpenConversation,
  event: AssistantEvent,
  application: ReadyApplication,
  turnContext: TurnContext,
): Wait {
  const { now } = turnContext.context;
  const id = `${getTurnSid(turnContext.turn)}-${open.asked + 1}`;
  switch (awaits.kind) {
    case "text": {
      const silentAt = awaits.silentAfter === null ? null : now + awaits.silentAfter * 1_000;
      return { kind: "text", silentAt, silences: event.kind === "silent" ? event.times : 0 };
    }
    case "request":
      return {
        kind: "request",
        request: awaits.request,
        id,
        since: now,
        ...scheduleMoment(open.rest, event, application, now),
      };
    case "callback":
      return {
        kind: "callback",
        id,
        until: now + awaits.seconds * 1_000,
        ...scheduleMoment(open.rest, event, application, now),
      };
    case "file":
      return {
        kind: "file",
        index: awaits.index,
        until: now + ASSISTANT_FILE_WAIT_MILLISECONDS,
        ...scheduleMoment(open.rest, event, application, now),
      };
    case "link":
      return {
        kind: "link",
        linking: startIdentityCheck(id, {
          by: awaits.by ?? application.linking.by,
          codeByText: application.linking.codeByText,
        }),
        until: now + IDENTITY_CHECK_MILLISECONDS,
        ...scheduleMoment(open.rest, event, application, now),
      };
    case "pause":
      return {
        kind: "pause",
        until: now + awaits.seconds * 1_000,
        ...scheduleMoment(open.rest, event, application, now),
      };
  }
}

/**
 * Schedules the message that the answer takes a moment. The time counts from the contact's text, however many requests
 * follow.
 */
function scheduleMoment(
  before: Wait,
  event: AssistantEvent,
  { momentSeconds }: ReadyApplication,
  now: number,
): { readonly momentAt?: number } {
  if (event.kind === "text") return momentSeconds === null ? {} : { momentAt: now + momentSeconds * 1_000 };
  return before.kind === "text" || before.momentAt === undefined ? {} : { momentAt: before.momentAt };
}
