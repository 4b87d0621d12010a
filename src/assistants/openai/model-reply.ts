import { renderPlainText } from "../../contract/plain-text.ts";
import { MODEL_TURN_TOKENS } from "../../core/limits/assistants.ts";
import type { BotMessage } from "../bot-messages.ts";
import type { ConnectorAnswer, ConnectorContext, ConnectorMove } from "../connector.ts";
import type { ModelCompletion } from "./completion.ts";
import { closeTurn, NOTHING_PENDING, type OpenaiMemory, type PendingAnswer, toMemoryJson } from "./memory.ts";
import { estimateTotalTokens, type ModelMessage } from "./messages.ts";
import type { ModelLocation } from "./request.ts";
import { keepWholeSentences } from "./sentences.ts";
import { interpretCall, type ToolAction } from "./tools.ts";

/** Creates the answer from a completion without function calls. */
export function createAnswer(model: ModelLocation, memory: OpenaiMemory, completion: ModelCompletion): ConnectorMove {
  const { refusal, finish } = completion;
  // A refusal is written for the contact, in their language.
  const isRefused = completion.content === "" && refusal !== "";
  const plainText = renderPlainText(isRefused ? refusal : completion.content, "markdown").toWellFormed();
  const text = finish === "cut" ? keepWholeSentences(plainText, plainText.length) : plainText;
  const { pending, isTold } = memory;
  const { sayings, handover, ends } = pending;
  if (text === "" && sayings.length === 0 && handover === null && !ends && !isTold) {
    const reason = finish === "cut" ? "it reached `maxOutputTokens` before it answered" : "its answer was empty";
    return { kind: "failed", reason, memory: toMemoryJson(memory) };
  }
  const notes = [
    ...pending.notes,
    ...(isRefused ? ["The model refused to answer; its explanation was sent."] : []),
    ...(finish === "cut" ? ["Answer cut: it reached `maxOutputTokens`."] : []),
  ];
  // The model's history has what the contact received, not more.
  const { answerCharacters } = model.settings;
  const content = text.length > answerCharacters ? keepWholeSentences(text, answerCharacters) : text;
  return finishTurn(model, memory, { ...appendText(pending, text), notes }, { role: "assistant", content });
}

/**
 * Sends the failure message and removes the exchange from the history. Another location would be filtered too, so none
 * is asked.
 */
export function answerFiltered(
  { settings }: ModelLocation,
  memory: OpenaiMemory,
  context: ConnectorContext,
): ConnectorMove {
  const text = memory.isTold ? "" : (context.message("failure", context.language) ?? "");
  const notes = [...memory.pending.notes, "Not answered: the provider's content filter withheld the answer."];
  const closed = closeTurn({ ...memory, now: [] }, settings.historyTokens);
  return { kind: "answer", messages: appendText(NOTHING_PENDING, text).sayings, notes, memory: toMemoryJson(closed) };
}

/**
 * Performs function calls: the model continues with their results, a topic begins, or the turn ends.
 * @returns null if the exchange exceeds the token limit
 */
export function applyCalls(
  model: ModelLocation,
  memory: OpenaiMemory,
  { content, calls }: ModelCompletion,
): ConnectorMove | { readonly kind: "ask"; readonly memory: OpenaiMemory } | null {
  const actions = calls.map((call) => interpretCall(call, { tools: model.settings.tools, topics: model.topics }));
  const topicIndex = actions.findIndex(({ kind }) => kind === "topic");
  const text = renderPlainText(content, "markdown").toWellFormed();
  let pending = appendText(memory.pending, text);
  const results: ModelMessage[] = [];
  for (const [index, call] of calls.entries()) {
    if (index === topicIndex) continue;
    const action = actions[index] ?? NO_ACTION;
    const result =
      topicIndex === -1 || action.kind === "picture" || action.kind === "wrong"
        ? performAction(action, pending)
        : DEFERRED_TO_TOPIC;
    pending = result.pending ?? pending;
    results.push({ role: "tool", id: call.id, content: result.result });
  }
  const functionCalls = calls.map(({ id, name, arguments: argumentsText }) => ({ id, name, arguments: argumentsText }));
  const now = [...memory.now, { role: "assistant", content: text, calls: functionCalls } as const, ...results];
  if (estimateTotalTokens(now) > MODEL_TURN_TOKENS) return null;
  const topicAction = actions[topicIndex];
  if (topicAction?.kind === "topic") {
    const after = { ...memory, now, pending: NOTHING_PENDING, topic: calls[topicIndex]?.id ?? null };
    const notes = [...pending.notes, `The model began the topic "${topicAction.id}".`];
    return {
      kind: "answer",
      ...toConnectorAnswer(model, { ...pending, notes }),
      topic: topicAction.id,
      memory: toMemoryJson(after),
    };
  }
  if (isTurnOver(pending, actions)) return finishTurn(model, { ...memory, now }, pending);
  return { kind: "ask", memory: { ...memory, now, pending } };
}

const NO_ACTION: ToolAction = { kind: "wrong", why: "Nothing was done." };

interface CallResult {
  /** For the model. */
  readonly result: string;
  readonly pending?: PendingAnswer;
}

const DEFERRED_TO_TOPIC: CallResult = {
  result: "Not done, because a topic begins. Call it again after the topic if it is still needed.",
};

function performAction(action: ToolAction, pending: PendingAnswer): CallResult {
  switch (action.kind) {
    case "wrong":
      return { result: action.why };
    case "topic":
      return DEFERRED_TO_TOPIC;
    case "picture": {
      const picture = { kind: "image", url: action.url, title: action.title } as const;
      return { result: "Sent.", pending: { ...pending, sayings: [...pending.sayings, picture] } };
    }
    case "choices": {
      const options = action.options.map((label) => ({ label, value: label }));
      const message = { kind: "options", text: renderPlainText(action.text, "markdown"), options } as const;
      return {
        result: "Shown. The person answers next.",
        pending: { ...pending, sayings: [...pending.sayings, message] },
      };
    }
    case "handover": {
      const handover = { to: action.to, context: { summary: action.summary } };
      return {
        result: "A colleague was asked. Tell the person.",
        pending: { ...appendText(pending, action.text), handover },
      };
    }
    case "end":
      return { result: "Ended. Say goodbye.", pending: { ...appendText(pending, action.text), ends: true } };
  }
}

/** Whether the contact is next: after choices, or after a handover or an end that comes with a text. */
function isTurnOver({ sayings, handover, ends }: PendingAnswer, actions: readonly ToolAction[]): boolean {
  return actions.some(({ kind }) => kind === "choices") || ((handover !== null || ends) && sayings.length > 0);
}

function finishTurn(
  model: ModelLocation,
  memory: OpenaiMemory,
  pending: PendingAnswer,
  last?: ModelMessage,
): ConnectorMove {
  const now = last === undefined || last.content === "" ? memory.now : [...memory.now, last];
  const closed = closeTurn({ ...memory, now }, model.settings.historyTokens);
  return { kind: "answer", ...toConnectorAnswer(model, pending), memory: toMemoryJson(closed) };
}

function toConnectorAnswer(
  { settings }: ModelLocation,
  { sayings, handover, ends, notes }: PendingAnswer,
): ConnectorAnswer {
  const fitted = fitMessages(sayings, settings.answerCharacters);
  const cut = fitted.isCut ? [`Answer cut: it was longer than ${settings.answerCharacters} characters.`] : [];
  return { messages: fitted.sayings, notes: [...notes, ...cut], ends, ...(handover === null ? {} : { handover }) };
}

/** Cuts texts to a total of `characters`; pictures and options stay. */
function fitMessages(
  sayings: readonly BotMessage[],
  characters: number,
): { readonly sayings: readonly BotMessage[]; readonly isCut: boolean } {
  let remainingCharacters = characters;
  let isCut = false;
  const fitted = sayings.map((message) => {
    if (message.kind !== "text" && message.kind !== "options") return message;
    const { text = "" } = message;
    const kept = text.length <= remainingCharacters ? text : keepWholeSentences(text, remainingCharacters);
    isCut ||= kept.length < text.length;
    remainingCharacters -= kept.length;
    return { ...message, text: kept };
  });
  return { sayings: fitted, isCut };
}

function appendText(pending: PendingAnswer, text: string): PendingAnswer {
  return text === "" ? pending : { ...pending, sayings: [...pending.sayings, { kind: "text", text }] };
}
