import { describe, expect, it } from "vitest";
import {
  classifyError,
  describeError,
  judgeProbe,
  type ServerErrorKind,
} from "../../../src/assistants/openai/server-errors.ts";
import type { JsonValue } from "../../../src/core/json.ts";

const openai = (message: string, more: Readonly<Record<string, JsonValue>> = {}): JsonValue => ({
  error: { message, ...more },
});

describe("what a server objects to", () => {
  it.each<readonly [string, number, JsonValue, readonly ServerErrorKind[]]>([
    [
      "OpenAI, of the name of the limit",
      400,
      openai("Unsupported parameter: 'max_tokens' is not supported with this model.", {
        code: "unsupported_parameter",
      }),
      ["limit-name"],
    ],
    [
      "another, of the newer name",
      422,
      { detail: "extra fields not permitted: max_completion_tokens" },
      ["limit-name"],
    ],
    [
      "OpenAI, of a limit that is too high",
      400,
      openai("max_tokens is too large: 32000. This model supports at most 4096 completion tokens."),
      ["other"],
    ],
    [
      "vLLM, of a limit beside a long conversation",
      400,
      openai("'max_tokens' is too large: 1000. This model's maximum context length is 8192 tokens."),
      ["too-long", "pictures"],
    ],
    ["OpenAI, of the length", 400, openai("", { code: "context_length_exceeded" }), ["too-long", "pictures"]],
    ["Anthropic, of the length", 400, openai("prompt is too long: 210000 tokens"), ["too-long", "pictures"]],
    ["a proxy, of the length", 413, null, ["too-long", "pictures"]],
    ["Ollama, of anything", 400, { error: "invalid message" }, ["pictures"]],
    ["Azure, of the person's words", 400, openai("", { code: "content_filter" }), ["filtered"]],
    ["anybody, of the key", 401, openai("max_tokens"), ["other"]],
    ["anybody, being down", 503, null, ["other"]],
    ["nobody, with a list", 400, [1, 2], ["pictures"]],
  ])("%s", (_, status, json, wanted) => {
    expect(classifyError(status, json)).toEqual(wanted);
  });

  it.each<readonly [number, JsonValue, string]>([
    [400, openai("Unsupported value: 'temperature' does not support 0.2 with this model."), '"temperature"'],
    [400, openai("llama does not support tools"), '"tools"'],
    [404, { error: "model 'x' not found, try pulling it first" }, 'does not know the model "small"'],
    [404, "404 page not found", "no chat completions at this URL"],
    [429, openai("You exceeded your current quota, please check your plan"), "no credit left"],
    [402, null, "HTTP 402"],
  ])("with HTTP %i and %j is said in words", (status, json, wanted) => {
    expect(describeError(status, json, { model: "small" })).toContain(wanted);
  });

  it.each<readonly [string, number, JsonValue, boolean]>([
    ["the name of the limit, which is found by itself", 400, openai("Use 'max_completion_tokens' instead."), true],
    ["a limit that is too high", 400, openai("max_tokens is too large: at most 4096"), false],
    ["many requests", 429, openai("Rate limit reached"), true],
    ["no money", 429, openai("", { code: "insufficient_quota" }), false],
    ["a model without functions", 400, openai("does not support tools"), false],
  ])("lets settings be saved, or not, with %s: %i", (_, status, json, isFine) => {
    expect(judgeProbe({ kind: "answered", status, json }, { model: "small" }) === null).toBe(isFine);
  });
});
