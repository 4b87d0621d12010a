import * as z from "zod";
import { type JsonValue, parseJson } from "../../../src/core/json.ts";

/** What the API refuses, in its own form. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: JsonValue;

  constructor(status: number, message: string, param: string | null, code: string | null) {
    super(message);
    this.status = status;
    const type = status === 500 ? "server_error" : "invalid_request_error";
    this.body = { error: { message, type, param, code } };
  }
}

const part = z.union([
  z.strictObject({ type: z.literal("text"), text: z.string() }),
  z.strictObject({
    type: z.literal("image_url"),
    image_url: z.strictObject({ url: z.url(), detail: z.enum(["auto", "low", "high"]).optional() }),
  }),
]);

const textPart = z.strictObject({ type: z.literal("text"), text: z.string() });
const words = z.union([z.string(), z.array(textPart).min(1)]);

const call = z.strictObject({
  id: z.string().min(1),
  type: z.literal("function"),
  function: z.strictObject({ name: z.string().regex(/^[\w-]{1,64}$/u), arguments: z.string() }),
});

const message = z.discriminatedUnion("role", [
  z.strictObject({ role: z.enum(["system", "developer"]), content: words }),
  z.strictObject({ role: z.literal("user"), content: z.union([z.string(), z.array(part).min(1)]) }),
  z.strictObject({
    role: z.literal("assistant"),
    content: words.nullish(),
    refusal: z.string().nullish(),
    // Comes with answers, and may go back with them.
    annotations: z.array(z.unknown()).optional(),
    tool_calls: z.array(call).min(1).optional(),
  }),
  z.strictObject({ role: z.literal("tool"), tool_call_id: z.string(), content: words }),
]);

const tool = z.strictObject({
  type: z.literal("function"),
  function: z.strictObject({
    name: z.string().regex(/^[\w-]{1,64}$/u),
    description: z.string().max(1_024).optional(),
    parameters: z
      .object({ type: z.literal("object") })
      .loose()
      .optional(),
    strict: z.boolean().nullish(),
  }),
});

const chatRequest = z.strictObject({
  model: z.string().min(1),
  messages: z.array(message).min(1),
  max_tokens: z.int().min(1).optional(),
  max_completion_tokens: z.int().min(1).optional(),
  temperature: z.number().min(0).max(2).optional(),
  tools: z.array(tool).min(1).max(128).optional(),
  tool_choice: z.enum(["none", "auto", "required"]).optional(),
});

export type ChatRequest = z.infer<typeof chatRequest>;

/** @returns what a client asks for @throws a refusal where the API would not take it */
export function readChatRequest(body: string): ChatRequest {
  const json = parseJson(body);
  if (json === undefined) throw new Refusal(400, "We could not parse the JSON body of your request.", null, null);
  const parsed = chatRequest.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Refusal(400, `Invalid request: ${issue?.message ?? ""}`, issue?.path.join(".") ?? null, "invalid_value");
  }
  const { messages, tools = [], tool_choice: choice } = parsed.data;
  if (choice !== undefined && tools.length === 0)
    throw new Refusal(400, "'tool_choice' is only allowed when 'tools' are specified.", "tool_choice", null);
  if (new Set(tools.map((each) => each.function.name)).size < tools.length)
    throw new Refusal(400, "Function names must be unique.", "tools", null);
  const wrong = outOfOrder(messages);
  if (wrong !== null) throw new Refusal(400, wrong, "messages", null);
  return parsed.data;
}

/** @returns what is wrong with the order of messages, or null */
export function outOfOrder(messages: ChatRequest["messages"]): string | null {
  let open = new Set<string>();
  for (const each of messages) {
    if (each.role === "tool") {
      if (!open.delete(each.tool_call_id))
        return "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.";
      continue;
    }
    if (open.size > 0) return unanswered(open);
    if (each.role !== "assistant") continue;
    const ids = (each.tool_calls ?? []).map(({ id }) => id);
    open = new Set(ids);
    if (open.size < ids.length) return "Duplicate value for 'tool_call_id'.";
    if (ids.length === 0 && typeof each.content !== "string" && !Array.isArray(each.content))
      return "Invalid value for 'content': expected a string, got null.";
  }
  return open.size > 0 ? unanswered(open) : null;
}

function unanswered(ids: ReadonlySet<string>): string {
  return `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${[...ids].join(", ")}`;
}

/** @returns the words of a message, without what else is in it */
export function wordsOf(content: ChatRequest["messages"][number]["content"]): string {
  if (typeof content === "string") return content;
  return (content ?? []).map((each) => (each.type === "text" ? each.text : "")).join("");
}
