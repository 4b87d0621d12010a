import { isRecord, type JsonValue, parseJson } from "../../core/json.ts";
import { CALL_ARGUMENT_CHARACTERS, CALLS_PER_COMPLETION, COMPLETION_CHARACTERS } from "../../core/limits/assistants.ts";
import type { FunctionCall } from "./messages.ts";

/** A model's answer. */
export interface ModelCompletion {
  /** May be empty. */
  readonly content: string;
  /** The model's explanation of why it does not answer; empty if it answers. */
  readonly refusal: string;
  readonly calls: readonly ParsedCall[];
  /** `cut`: the answer reached the token limit. `filtered`: the provider withheld the answer. */
  readonly finish: "whole" | "cut" | "filtered";
}

/** A function call by the model, with its arguments parsed. */
export interface ParsedCall extends FunctionCall {
  /** Null if the arguments are not a JSON object. */
  readonly parsedArguments: Readonly<Record<string, unknown>> | null;
}

/** @returns null if the JSON is not a chat completion */
export function parseCompletion(json: JsonValue): ModelCompletion | null {
  const choices: unknown = isRecord(json) ? json["choices"] : null;
  const choice: unknown = Array.isArray(choices) ? choices[0] : null;
  const message = isRecord(choice) ? choice["message"] : null;
  if (!isRecord(choice) || !isRecord(message)) return null;
  return {
    content: removeThoughts(toContentText(message["content"])).trim().slice(0, COMPLETION_CHARACTERS),
    refusal: toContentText(message["refusal"]).trim().slice(0, COMPLETION_CHARACTERS),
    calls: parseCalls(message),
    finish: FINISHES.get(choice["finish_reason"]) ?? "whole",
  };
}

const FINISHES: ReadonlyMap<unknown, ModelCompletion["finish"]> = new Map([
  ["length", "cut"],
  ["content_filter", "filtered"],
]);

/** Some servers return a list of parts. */
function toContentText(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part) => (isRecord(part) && typeof part["text"] === "string" ? part["text"] : "")).join("");
}

/** Removes the reasoning that some servers leave in the answer. */
function removeThoughts(content: string): string {
  return content.replace(/^\s*<think>[\s\S]*?(?:<\/think>|$)/u, "");
}

function parseCalls(message: Readonly<Record<string, unknown>>): readonly ParsedCall[] {
  const { tool_calls: calls, function_call: only } = message;
  const functions = Array.isArray(calls)
    ? calls.map((call: unknown) => (isRecord(call) ? { id: call["id"], callee: call["function"] } : null))
    : [{ id: null, callee: only }];
  const ids = new Set<string>();
  return functions.slice(0, CALLS_PER_COMPLETION).flatMap((call, index) => {
    if (call === null || !isRecord(call.callee)) return [];
    const id = isCallId(call.id) && !ids.has(call.id) ? call.id : `call0000${index}`;
    ids.add(id);
    return [{ id, name: toFunctionName(call.callee["name"]), ...parseArguments(call.callee["arguments"]) }];
  });
}

function isCallId(id: unknown): id is string {
  return typeof id === "string" && /^[\w-]{1,64}$/u.test(id);
}

/** Replaces characters that the API would refuse when the name is sent back. */
function toFunctionName(name: unknown): string {
  const fit = typeof name === "string" ? name.replaceAll(/[^\w-]/gu, "_").slice(0, 64) : "";
  return fit === "" ? "unknown" : fit;
}

/**
 * Parses arguments, which are JSON in a text. Some servers return the object itself, or nothing if there are no
 * arguments.
 */
function parseArguments(argumentsJson: unknown): Pick<ParsedCall, "arguments" | "parsedArguments"> {
  const isAbsent = argumentsJson === undefined || argumentsJson === null || argumentsJson === "";
  const json = isAbsent ? {} : typeof argumentsJson === "string" ? parseJson(argumentsJson) : argumentsJson;
  const parsedArguments = isRecord(json) ? json : null;
  const argumentsText = JSON.stringify(parsedArguments ?? {});
  return argumentsText.length > CALL_ARGUMENT_CHARACTERS
    ? { arguments: "{}", parsedArguments: null }
    : { arguments: argumentsText, parsedArguments };
}
