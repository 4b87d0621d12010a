import type { RequestOutcome } from "../../contract/assistant.ts";
import type { Json } from "../../core/json.ts";
import { COMPLETIONS_PER_TURN } from "../../core/limits/assistants.ts";
import type { Connector, Happening, Move, Probe, Said, Situation } from "../connector.ts";
import { answer, filtered, onward } from "./answering.ts";
import { readCompletion } from "./completion.ts";
import { account, heard, pictureToWaitFor } from "./hearing.ts";
import { type Memory, opened, readMemory, saidTo, stored } from "./memory.ts";
import { hasPictures, withoutPictures } from "./messages.ts";
import { completionRequest, type Model, trialRequest } from "./request.ts";
import type { OpenaiSettings } from "./settings.ts";
import type { Offer } from "./tools.ts";
import { judgeTrial, type Trouble, troubles, troubleWords } from "./trouble.ts";

/**
 * Speaks to a language model behind an endpoint of OpenAI's chat completions. The endpoint keeps nothing: the conversation is carried here,
 * for all locations together.
 * @param offers the topics that the model may begin
 */
export function openaiConnector(settings: OpenaiSettings, offers: readonly Offer[]): Connector {
  const model = { settings, offers };
  return {
    isShared: true,
    move: (happening, situation) => move(model, readMemory(situation.memory), happening, situation),
  };
}

/** Does the server take the key, the model and all that is sent with a text? It costs one very short answer. */
export function openaiProbe(settings: OpenaiSettings, offers: readonly Offer[]): Probe {
  return { request: trialRequest({ settings, offers }), judge: (outcome) => judgeTrial(outcome, settings) };
}

function move(model: Model, memory: Memory, happening: Happening, situation: Situation): Move {
  switch (happening.kind) {
    case "asked":
      return begin(model, memory, situation, -1);
    case "filed":
      return begin(model, memory, situation, happening.index);
    case "returned":
      return ask(model, returned(saidTo(idIn(situation), memory), happening.said), situation);
    case "answered":
      return understand(model, memory, happening.outcome, situation);
    case "elsewhere":
    case "paused":
      return ask(model, memory, situation);
  }
}

/** @param waited the picture whose copy was waited for last; -1: none */
function begin({ settings, offers }: Model, memory: Memory, situation: Situation, waited: number): Move {
  const index = settings.seesPictures ? pictureToWaitFor(situation.asked, waited) : null;
  if (index !== null) return { kind: "file", index, memory: stored(memory) };
  return ask({ settings, offers }, opened(memory, heard(situation.asked, settings.seesPictures)), situation);
}

function returned(memory: Memory, said: readonly Said[]): Memory {
  const now = [...memory.now, account(memory.topic, said)];
  return { ...memory, now, topic: null, isTold: said.at(-1)?.by === "topic" };
}

/** Nothing goes to the model by another way. */
function ask(model: Model, before: Memory, situation: Situation): Move {
  const memory = saidTo(idIn(situation), before);
  const rounds = memory.rounds + 1;
  if (rounds > COMPLETIONS_PER_TURN) return failed(memory, "it called functions again and again");
  const request = completionRequest(model, memory, situation.setting, rounds < COMPLETIONS_PER_TURN);
  return { kind: "request", request, memory: stored({ ...memory, rounds }) };
}

function idIn({ setting }: Situation): string | null {
  return setting.person?.id ?? null;
}

function understand(model: Model, memory: Memory, outcome: RequestOutcome, situation: Situation): Move {
  if (outcome.kind === "failed") return failed(memory, outcome.reason);
  const { status, json } = outcome;
  if (status < 200 || status > 299) return mend(model, memory, status, json, situation);
  const completion = readCompletion(json);
  if (completion === null) return failed(memory, "its answer is no chat completion");
  if (completion.finish === "filtered") return filtered(model, memory, situation);
  if (completion.calls.length === 0) return answer(model, memory, completion);
  const next = onward(model, memory, completion);
  if (next === null) return failed(memory, "it called functions with far too many words");
  return next.kind === "ask" ? ask(model, next.memory, situation) : next;
}

/** Asks once more where something can be done about what was wrong; each can be done so often at most, so that this comes to an end. */
function mend(model: Model, memory: Memory, status: number, json: Json, situation: Situation): Move {
  const found = troubles(status, json);
  if (found.includes("filtered")) return filtered(model, memory, situation);
  const mended = found.map((trouble) => mendedBy(trouble, model, memory)).find((each) => each !== null);
  if (mended !== undefined) return ask(model, { ...mended, rounds: memory.rounds - 1 }, situation);
  return failed(memory, troubleWords(status, json, model.settings));
}

/** @returns null where it does not help, or has been tried */
function mendedBy(trouble: Trouble, { settings: { url } }: Model, memory: Memory): Memory | null {
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
        past: past.map(withoutPictures),
        now: withoutPictures(now),
        pending: { ...pending, notes },
      };
    }
    case "filtered":
    case "other":
      return null;
  }
}

function failed(memory: Memory, reason: string): Move {
  return { kind: "failed", reason, memory: stored(memory) };
}
