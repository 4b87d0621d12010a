import type { RequestOutcome } from "../../contract/assistant.ts";
import type { JsonValue } from "../../core/json.ts";
import { COMPLETIONS_PER_TURN } from "../../core/limits/assistants.ts";
import type {
  Connector,
  ConnectorContext,
  ConnectorEvent,
  ConnectorMove,
  ConnectorProbe,
  TopicUtterance,
} from "../connector.ts";
import { parseCompletion } from "./completion.ts";
import { type OpenaiMemory, openTurn, restoreMemory, restrictToPerson, toMemoryJson } from "./memory.ts";
import { hasPictures, removePictures } from "./messages.ts";
import { findPendingPicture, toTopicTranscript, toUserMessage } from "./model-input.ts";
import { answerFiltered, applyCalls, createAnswer } from "./model-reply.ts";
import { createCompletionRequest, createProbeRequest, type ModelLocation } from "./request.ts";
import { classifyError, describeError, judgeProbe, type ServerErrorKind } from "./server-errors.ts";
import type { OpenaiSettings } from "./settings.ts";
import type { ModelTopic } from "./tools.ts";

/**
 * Speaks to a language model by OpenAI's chat completions API. The server stores nothing: the conversation is kept
 * here, for all locations together.
 * @param topics the topics that the model may begin
 */
export function createOpenaiConnector(settings: OpenaiSettings, topics: readonly ModelTopic[]): Connector {
  const model = { settings, topics };
  return {
    isShared: true,
    move: (event, context) => makeMove(model, restoreMemory(context.memory), event, context),
  };
}

/**
 * Checks that the server accepts the key, the model and everything else that goes with a text. Costs one very short
 * answer.
 */
export function createOpenaiProbe(settings: OpenaiSettings, topics: readonly ModelTopic[]): ConnectorProbe {
  return { request: createProbeRequest({ settings, topics }), judge: (outcome) => judgeProbe(outcome, settings) };
}

function makeMove(
  model: ModelLocation,
  memory: OpenaiMemory,
  event: ConnectorEvent,
  context: ConnectorContext,
): ConnectorMove {
  switch (event.kind) {
    case "text":
      return beginTurn(model, memory, context, -1);
    case "file":
      return beginTurn(model, memory, context, event.index);
    case "topic-ended":
      return askModel(
        model,
        addTopicTranscript(restrictToPerson(findPersonId(context), memory), event.utterances),
        context,
      );
    case "answered":
      return handleOutcome(model, memory, event.outcome, context);
    case "failover":
    case "paused":
      return askModel(model, memory, context);
  }
}

/** @param waitedIndex the picture that was waited for last; -1 for none */
function beginTurn(
  { settings, topics }: ModelLocation,
  memory: OpenaiMemory,
  context: ConnectorContext,
  waitedIndex: number,
): ConnectorMove {
  const index = settings.seesPictures ? findPendingPicture(context.inbound, waitedIndex) : null;
  if (index !== null) return { kind: "file", index, memory: toMemoryJson(memory) };
  return askModel(
    { settings, topics },
    openTurn(memory, toUserMessage(context.inbound, settings.seesPictures)),
    context,
  );
}

function addTopicTranscript(memory: OpenaiMemory, utterances: readonly TopicUtterance[]): OpenaiMemory {
  const now = [...memory.now, toTopicTranscript(memory.topic, utterances)];
  return { ...memory, now, topic: null, isTold: utterances.at(-1)?.by === "topic" };
}

/** The only way to the model, so that no request contains what was said to another person. */
function askModel(model: ModelLocation, before: OpenaiMemory, context: ConnectorContext): ConnectorMove {
  const memory = restrictToPerson(findPersonId(context), before);
  const rounds = memory.rounds + 1;
  if (rounds > COMPLETIONS_PER_TURN) return failMove(memory, "it called functions too often");
  const request = createCompletionRequest(model, memory, context, rounds < COMPLETIONS_PER_TURN);
  return { kind: "request", request, memory: toMemoryJson({ ...memory, rounds }) };
}

function findPersonId({ person }: ConnectorContext): string | null {
  return person?.id ?? null;
}

function handleOutcome(
  model: ModelLocation,
  memory: OpenaiMemory,
  outcome: RequestOutcome,
  context: ConnectorContext,
): ConnectorMove {
  if (outcome.kind === "failed") return failMove(memory, outcome.reason);
  const { status, json } = outcome;
  if (status < 200 || status > 299) return repairAndRetry(model, memory, status, json, context);
  const completion = parseCompletion(json);
  if (completion === null) return failMove(memory, "its answer is not a chat completion");
  if (completion.finish === "filtered") return answerFiltered(model, memory, context);
  if (completion.calls.length === 0) return createAnswer(model, memory, completion);
  const next = applyCalls(model, memory, completion);
  if (next === null) return failMove(memory, "its function calls were too long");
  return next.kind === "ask" ? askModel(model, next.memory, context) : next;
}

/** Repeats the request if the cause of an error can be removed. Each repair works only a limited number of times. */
function repairAndRetry(
  model: ModelLocation,
  memory: OpenaiMemory,
  status: number,
  json: JsonValue,
  context: ConnectorContext,
): ConnectorMove {
  const errorKinds = classifyError(status, json);
  if (errorKinds.includes("filtered")) return answerFiltered(model, memory, context);
  const repaired = errorKinds.map((errorKind) => repairMemory(errorKind, model, memory)).find((each) => each !== null);
  if (repaired !== undefined) return askModel(model, { ...repaired, rounds: memory.rounds - 1 }, context);
  return failMove(memory, describeError(status, json, model.settings));
}

/** @returns null if there is no repair, or it was tried before */
function repairMemory(
  errorKind: ServerErrorKind,
  { settings: { url } }: ModelLocation,
  memory: OpenaiMemory,
): OpenaiMemory | null {
  const { past, now, pending, renamed } = memory;
  switch (errorKind) {
    case "limit-name":
      return renamed.includes(url) ? null : { ...memory, renamed: [...renamed, url] };
    case "too-long":
      return past.length === 0 ? null : { ...memory, past: past.slice(Math.ceil(past.length / 2)) };
    case "pictures": {
      if (!hasPictures([...past.flat(), ...now])) return null;
      const notes = [...pending.notes, "Pictures not sent: the model refused them."];
      return {
        ...memory,
        past: past.map(removePictures),
        now: removePictures(now),
        pending: { ...pending, notes },
      };
    }
    case "filtered":
    case "other":
      return null;
  }
}

function failMove(memory: OpenaiMemory, reason: string): ConnectorMove {
  return { kind: "failed", reason, memory: toMemoryJson(memory) };
}
