import type { JsonValue } from "../../core/json.ts";
import { PICTURE_TOKENS } from "../../core/limits/assistants.ts";
import { estimateTokens } from "./token-estimate.ts";

/** One message of a conversation, as stored. */
export type ModelMessage =
  /** `pictures` are URLs. */
  | { readonly role: "user"; readonly content: string; readonly pictures?: readonly string[] }
  | { readonly role: "assistant"; readonly content: string; readonly calls?: readonly FunctionCall[] }
  /** The result of a function call; `id` is the call's id. */
  | { readonly role: "tool"; readonly id: string; readonly content: string };

/** A function call by the model; `arguments` is always a JSON object, as a text. */
export interface FunctionCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

/** A text of the contact with everything that followed it. Never split, so that each call keeps its result. */
export type ModelExchange = readonly ModelMessage[];

/** Converts a message to the API's format. */
export function toApiMessage(message: ModelMessage): JsonValue {
  switch (message.role) {
    case "user":
      return { role: "user", content: toUserContent(message) };
    case "tool":
      return { role: "tool", tool_call_id: message.id, content: message.content };
    case "assistant": {
      const { content, calls = [] } = message;
      if (calls.length === 0) return { role: "assistant", content };
      const toolCalls = calls.map(({ id, name, arguments: argumentsText }) => ({
        id,
        type: "function",
        function: { name, arguments: argumentsText },
      }));
      return { role: "assistant", content: content === "" ? null : content, tool_calls: toolCalls };
    }
  }
}

/** Sends a plain text if there is no picture, because text-only servers refuse a list of parts. */
function toUserContent({ content, pictures = [] }: Extract<ModelMessage, { role: "user" }>): JsonValue {
  if (pictures.length === 0) return content;
  const text = content === "" ? [] : [{ type: "text", text: content }];
  return [...text, ...pictures.map((url) => ({ type: "image_url", image_url: { url } }))];
}

/** Tokens of each message besides its words. */
const OVERHEAD_TOKENS = 4;

/** Estimates the tokens of messages, rather too high than too low. */
export function estimateTotalTokens(messages: readonly ModelMessage[]): number {
  return messages.reduce((sum, message) => sum + OVERHEAD_TOKENS + estimateMessageTokens(message), 0);
}

function estimateMessageTokens(message: ModelMessage): number {
  const words = estimateTokens(message.content);
  switch (message.role) {
    case "user":
      return words + PICTURE_TOKENS * (message.pictures?.length ?? 0);
    case "tool":
      return words + estimateTokens(message.id);
    case "assistant":
      return (message.calls ?? []).reduce(
        (sum, { id, name, arguments: argumentsText }) =>
          sum + OVERHEAD_TOKENS + estimateTokens(id + name + argumentsText),
        words,
      );
  }
}

/** @returns the latest exchanges that fit into the limit together */
export function keepLatestExchanges(exchanges: readonly ModelExchange[], tokens: number): readonly ModelExchange[] {
  let remainingTokens = tokens;
  const first = exchanges.findLastIndex((exchange) => {
    remainingTokens -= estimateTotalTokens(exchange);
    return remainingTokens < 0;
  });
  return exchanges.slice(first + 1);
}

/** Replaces each picture by a line of text. */
export function removePictures(messages: readonly ModelMessage[]): readonly ModelMessage[] {
  return messages.map((message) => {
    if (message.role !== "user" || message.pictures === undefined) return message;
    const { content, pictures } = message;
    return {
      role: "user",
      content: [content, ...pictures.map(() => UNSEEN_PICTURE)].filter((line) => line !== "").join("\n"),
    };
  });
}

const UNSEEN_PICTURE = "[The person sent a picture here, which you cannot see.]";

export function hasPictures(messages: readonly ModelMessage[]): boolean {
  return messages.some((message) => message.role === "user" && message.pictures !== undefined);
}
