import * as z from "zod/mini";
import type { JsonValue } from "../../core/json.ts";
import { toJsonPointer } from "../../core/problem-document.ts";
import { fail, type Result, succeed } from "../../core/result.ts";
import { jsonValue } from "../../schema/json.ts";
import type { BotMessage, BotOption } from "../bot-messages.ts";
import type { ConnectorAnswer } from "../connector.ts";

const markup = z.optional(z.enum(["plain", "html", "markdown"]));
const text = z.optional(z.string());

const file = { url: z.string(), title: text, description: text };

const optionSchema = z.union([z.string(), z.strictObject({ label: z.string(), value: z.optional(jsonValue) })]);

const botMessageSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("text"), text: z.string(), markup }),
  z.strictObject({ kind: z.literal("image"), ...file }),
  z.strictObject({ kind: z.literal("audio"), ...file }),
  z.strictObject({ kind: z.literal("video"), ...file }),
  z.strictObject({ kind: z.literal("link"), url: z.string(), label: text }),
  z.strictObject({
    kind: z.literal("card"),
    title: z.string(),
    subtitle: text,
    text,
    markup,
    fields: z.optional(z.array(z.strictObject({ label: z.string(), value: z.string() }))),
    image: text,
    url: text,
  }),
  z.strictObject({ kind: z.literal("options"), text, markup, options: z.array(optionSchema) }),
  z.strictObject({
    kind: z.literal("search"),
    text,
    markup,
    results: z.array(z.strictObject({ title: text, body: z.string(), url: text })),
  }),
]);

/** A bot's answer, sent at once or posted later: its messages in order, and what else it changes. */
export const answersSchema = z.strictObject({
  answers: z._default(z.array(z.union([z.string(), botMessageSchema])), []),
  variables: z.optional(
    z
      .record(z.string(), jsonValue)
      .check(
        z.describe(
          "Variables that are sent back with the next text; null deletes one. Parley does not log anything below `private`",
        ),
      ),
  ),
  handover: z.optional(z.strictObject({ to: z.optional(z.string()), context: z.optional(jsonValue) })),
  end: z.optional(z.boolean()),
  language: z.optional(z.string().check(z.regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/u, "must be a BCP 47 tag"))),
});

/**
 * Parses a bot's answer.
 * @returns the failure, if any, as a clause that does not quote the answer
 */
export function parseAnswers(json: JsonValue): Result<ConnectorAnswer, string> {
  const parsed = answersSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return fail(`its answer is invalid at "${toJsonPointer(issue?.path ?? [])}"`);
  }
  const { answers, variables, handover, end, language } = parsed.data;
  return succeed({
    messages: answers.map(toBotMessage),
    ...(variables === undefined ? {} : { variables }),
    ...(handover === undefined ? {} : { handover: { to: handover.to ?? null, context: handover.context ?? null } }),
    ...(language === undefined ? {} : { language }),
    ends: end ?? false,
  });
}

function toBotMessage(message: string | z.infer<typeof botMessageSchema>): BotMessage {
  if (typeof message === "string") return { kind: "text", text: message };
  return message.kind === "options" ? { ...message, options: message.options.map(toBotOption) } : message;
}

function toBotOption(answerOption: z.infer<typeof optionSchema>): BotOption {
  if (typeof answerOption === "string") return { label: answerOption, value: answerOption };
  const { label, value } = answerOption;
  return { label, value: value ?? label };
}
