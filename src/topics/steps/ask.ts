import * as z from "zod/mini";
import type { AssistantAnswer } from "../../contract/assistant.ts";
import type { JsonValue } from "../../core/json.ts";
import { localizedText } from "../../templates/localized-text.ts";
import { variableName } from "../../templates/variable-names.ts";
import { toDayNumber } from "../values/calendar.ts";
import { parseDateAnswer } from "../values/date.ts";
import { parseEmailAnswer } from "../values/email.ts";
import { parseNumberAnswer } from "../values/number.ts";
import { parsePhoneAnswer } from "../values/phone.ts";
import { answerPattern, isPatternMatch } from "./pattern.ts";
import {
  next,
  type StepContext,
  type StepKind,
  silence,
  stepId,
  toReferences,
  toSilenceReferences,
  toTextAnswers,
  toTextReferences,
} from "./step-kind.ts";

const isoDate = z
  .string()
  .check(
    z.regex(/^\d{4}-\d{2}-\d{2}$/u, { message: "must be a date such as 2026-12-25", abort: true }),
    z.refine(isExistingDay, "is a day that does not exist"),
    z.describe("A day, for example 2026-12-25"),
  );

function isExistingDay(iso: string): boolean {
  const [year = 0, month = 0, day = 0] = iso.split("-").map(Number);
  return toDayNumber(year, month, day) !== null;
}

/** The type of the answer, with its limits. */
const answerType = z.discriminatedUnion("is", [
  z.strictObject({ is: z.literal("text"), pattern: z.optional(answerPattern) }),
  z
    .strictObject({
      is: z.literal("number"),
      minimum: z.optional(z.number()),
      maximum: z.optional(z.number()),
      whole: z.optional(z.boolean()),
      units: z.optional(
        z
          .array(z.string())
          .check(z.maxLength(20), z.describe('Words that may follow the number, for example "people"')),
      ),
    })
    .check(
      z.refine(({ minimum = -Infinity, maximum = Infinity }) => minimum <= maximum, {
        message: 'is less than "minimum": no answer could fit',
        path: ["maximum"],
      }),
    ),
  z.strictObject({ is: z.literal("date"), earliest: z.optional(isoDate), latest: z.optional(isoDate) }).check(
    z.refine(({ earliest = "", latest = "9" }) => earliest <= latest, {
      message: 'is before "earliest": no answer could fit',
      path: ["latest"],
    }),
  ),
  z.strictObject({ is: z.literal("email") }),
  z.strictObject({
    is: z.literal("phone"),
    country: z.optional(
      z
        .string()
        .check(
          z.regex(/^[A-Z]{2}$/u, "must be two capital letters, such as US"),
          z.describe("Country whose national form of numbers is understood"),
        ),
    ),
  }),
]);

const schema = z.strictObject({
  kind: z.literal("ask").check(z.describe("Asks for an answer and stores it")),
  id: stepId,
  text: localizedText,
  answer: z._default(answerType, { is: "text" }),
  save: variableName,
  retry: z.optional(localizedText.check(z.describe("Text if the answer does not fit"))),
  silence,
  next,
});

type AskStep = z.infer<typeof schema>;

/** Asks for a text, a number, a date, an email address or a phone number, and saves the answer. */
export const askStep: StepKind<typeof schema> = {
  schema,
  references: ({ text, retry, save, next: to, silence: silenceRules }) => {
    const inSilence = toSilenceReferences(silenceRules);
    return {
      waits: "contact",
      fallsThrough: to === undefined,
      saves: toReferences({ save }),
      steps: [...toReferences({ next: to }), ...inSilence.steps],
      templates: [...toTextReferences({ text, retry }), ...inSilence.templates],
    };
  },
  enter: (step, { render }) => ({ kind: "wait", answers: toTextAnswers(render(step.text)) }),
  receive: (step, input, _, context) => {
    const text = input.kind === "text" ? input.text.trim() : "";
    const value = text === "" ? null : parseAnswer(step.answer, text, context);
    if (value !== null) return { kind: "go", to: step.next ?? null, answers: [], variables: { [step.save]: value } };
    return { kind: text === "" ? "wait" : "unclear", answers: askAgain(step, text, context) };
  },
};

/** @returns the value in the text, or null if there is none or the text is ambiguous */
function parseAnswer(
  type: AskStep["answer"],
  text: string,
  { language, tag, zone, now }: StepContext,
): JsonValue | null {
  switch (type.is) {
    case "text":
      return type.pattern === undefined || isPatternMatch(type.pattern, text) ? text : null;
    case "number":
      return toValueOrNull(parseNumberAnswer(text, { ...type, language: tag }));
    case "date":
      return toValueOrNull(parseDateAnswer(text, { ...type, language: tag, zone, now }));
    case "email":
      return toValueOrNull(parseEmailAnswer(text));
    case "phone":
      return toValueOrNull(
        parsePhoneAnswer(text, type.country ?? findCountry(tag) ?? (language.code === "en" ? "US" : null)),
      );
  }
}

function toValueOrNull(
  answer: { readonly ok: true; readonly value: JsonValue } | { readonly ok: false },
): JsonValue | null {
  return answer.ok ? answer.value : null;
}

function findCountry(tag: string): string | null {
  return /-([A-Z]{2})\b/u.exec(tag)?.[1] ?? null;
}

const RETRY_MESSAGES = {
  text: "doesNotFit",
  number: "notANumber",
  date: "notADate",
  email: "notAnEmail",
  phone: "notAPhone",
} as const;

function askAgain(
  { retry, text: question, answer }: AskStep,
  text: string,
  { render, message }: StepContext,
): readonly AssistantAnswer[] {
  if (retry !== undefined) return toTextAnswers(render(retry));
  return text === "" ? toTextAnswers(render(question)) : message(RETRY_MESSAGES[answer.is]);
}
