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
 * Speaks to a language model behind an endpoint of OpenAI's chat completions. The endpoint keeps nothing: the conversation is carried here,
 * for all locations together.
 * @param offers the topics that the model may begin
 */
export function openaiConnector(settings: OpenaiSettings, offers: readonly ModelTopic[]): Connector {
  const model = { settings, offers };
  return {
    isShared: true,
    move: (happening, situation) => makeMove(model, restoreMemory(situation.memory), happening, situation),
  };
}

/** Does the server take the key, the model and all that is sent with a text? It costs one very short answer. */
export function openaiProbe(settings: OpenaiSettings, offers: readonly ModelTopic[]): ConnectorProbe {
  return { request: createProbeRequest({ settings, offers }), judge: (outcome) => judgeProbe(outcome, settings) };
}

function makeMove(
  model: ModelLocation,
  memory: OpenaiMemory,
  happening: ConnectorEvent,
  situation: ConnectorContext,
): ConnectorMove {
  switch (happening.kind) {
    case "asked":
      return beginTurn(model, memory, situation, -1);
    case "filed":
      return beginTurn(model, memory, situation, happening.index);
    case "returned":
      return askModel(
        model,
        addTopicTranscript(restrictToPerson(findPersonId(situation), memory), happening.said),
        situation,
      );
    case "answered":
      return handleOutcome(model, memory, happening.outcome, situation);
    case "elsewhere":
    case "paused":
      return askModel(model, memory, situation);
  }
}

/** @param waited the picture whose copy was waited for last; -1: none */
function beginTurn(
  { settings, offers }: ModelLocation,
  memory: OpenaiMemory,
  situation: ConnectorContext,
  waited: number,
): ConnectorMove {
  const index = settings.seesPictures ? findPendingPicture(situation.asked, waited) : null;
  if (index !== null) return { kind: "file", index, memory: toMemoryJson(memory) };
  return askModel(
    { settings, offers },
    openTurn(memory, toUserMessage(situation.asked, settings.seesPictures)),
    situation,
  );
}

function addTopicTranscript(memory: OpenaiMemory, said: readonly TopicUtterance[]): OpenaiMemory {
  const now = [...memory.now, toTopicTranscript(memory.topic, said)];
  return { ...memory, now, topic: null, isTold: said.at(-1)?.by === "topic" };
}

/** Nothing goes to the model by another way. */
function askModel(model: ModelLocation, before: OpenaiMemory, situation: ConnectorContext): ConnectorMove {
  const memory = restrictToPerson(findPersonId(situation), before);
  const rounds = memory.rounds + 1;
  if (rounds > COMPLETIONS_PER_TURN) return failMove(memory, "it called functions again and again");
  const request = createCompletionRequest(model, memory, situation.setting, rounds < COMPLETIONS_PER_TURN);
  return { kind: "request", request, memory: toMemoryJson({ ...memory, rounds }) };
}

function findPersonId({ setting }: ConnectorContext): string | null {
  return setting.person?.id ?? null;
}

function handleOutcome(
  model: ModelLocation,
  memory: OpenaiMemory,
  outcome: RequestOutcome,
  situation: ConnectorContext,
): ConnectorMove {
  if (outcome.kind === "failed") return failMove(memory, outcome.reason);
  const { status, json } = outcome;
  if (status < 200 || status > 299) return repairAndRetry(model, memory, status, json, situation);
  const completion = parseCompletion(json);
  if (completion === null) return failMove(memory, "its answer is no chat completion");
  if (completion.finish === "filtered") return answerFiltered(model, memory, situation);
  if (completion.calls.length === 0) return createAnswer(model, memory, completion);
  const next = applyCalls(model, memory, completion);
  if (next === null) return failMove(memory, "it called functions with far too many words");
  return next.kind === "ask" ? askModel(model, next.memory, situation) : next;
}

/** Asks once more where something can be done about what was wrong; each can be done so often at most, so that this comes to an end. */
function repairAndRetry(
  model: ModelLocation,
  memory: OpenaiMemory,
  status: number,
  json: JsonValue,
  situation: ConnectorContext,
): ConnectorMove {
  const found = classifyError(status, json);
  if (found.includes("filtered")) return answerFiltered(model, memory, situation);
  const mended = found.map((trouble) => repairMemory(trouble, model, memory)).find((each) => each !== null);
  if (mended !== undefined) return askModel(model, { ...mended, rounds: memory.rounds - 1 }, situation);
  return failMove(memory, describeError(status, json, model.settings));
}

/** @returns null where it does not help, or has been tried */
function repairMemory(
  trouble: ServerErrorKind,
  { settings: { url } }: ModelLocation,
  memory: OpenaiMemory,
): OpenaiMemory | null {
  const { past, now, pending, renamed } = memory;
  switch (trouble) {
    case "limit's name":
      return renamed.includes(url) ? null : { ...memory, renamed: [...renamed, url] };
    case "too long":
      return past.length === 0 ? null : { ...memory, past: past.slice(Math.ceil(past.length / 2)) };
    case "pictures": {
      if (!hasPictures([...past.flat(), ...now])) return null;
      const notes = [...pending.notes, "The model did not take the pictures, and was asked without them."];
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
