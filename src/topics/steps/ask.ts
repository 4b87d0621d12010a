import * as z from "zod/mini";
import type { Answer } from "../../contract/assistant.ts";
import type { Json } from "../../core/json.ts";
import { variableName } from "../../templates/names.ts";
import { wording } from "../../templates/wording.ts";
import { dayOf } from "../values/calendar.ts";
import { readDate } from "../values/date.ts";
import { readEmail } from "../values/email.ts";
import { readNumber } from "../values/number.ts";
import { readPhone } from "../values/phone.ts";
import { at, type Context, next, type StepKind, say, silence, silenceReferences, stepId, texts } from "./kind.ts";
import { checkedPattern, fits } from "./pattern.ts";

const isoDate = z
  .string()
  .check(
    z.regex(/^\d{4}-\d{2}-\d{2}$/u, { message: "must be a date as 2026-12-25", abort: true }),
    z.refine(isDay, "is a day that does not exist"),
    z.describe("A day, as 2026-12-25"),
  );

function isDay(iso: string): boolean {
  const [year = 0, month = 0, day = 0] = iso.split("-").map(Number);
  return dayOf(year, month, day) !== null;
}

/** What the answer must be. */
const answerType = z.discriminatedUnion("is", [
  z.strictObject({ is: z.literal("text"), pattern: z.optional(checkedPattern) }),
  z
    .strictObject({
      is: z.literal("number"),
      minimum: z.optional(z.number()),
      maximum: z.optional(z.number()),
      whole: z.optional(z.boolean()),
      units: z.optional(
        z.array(z.string()).check(z.maxLength(20), z.describe('Words that may stand beside it: "people"')),
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
          z.regex(/^[A-Z]{2}$/u, "must be two capital letters, as US"),
          z.describe("Whose national form is understood"),
        ),
    ),
  }),
]);

const schema = z.strictObject({
  kind: z.literal("ask").check(z.describe("Asks for an answer and keeps it")),
  id: stepId,
  text: wording,
  answer: z._default(answerType, { is: "text" }),
  save: variableName,
  retry: z.optional(wording.check(z.describe("Said when the answer does not fit"))),
  silence,
  next,
});

type Step = z.infer<typeof schema>;

/** Asks for a text, a number, a date, an e-mail address or a phone number, and keeps it. */
export const asking: StepKind<typeof schema> = {
  schema,
  references: ({ text, retry, save, next: to, silence: quiet }) => {
    const inSilence = silenceReferences(quiet);
    return {
      waits: "person",
      fallsThrough: to === undefined,
      saves: at({ save }),
      steps: [...at({ next: to }), ...inSilence.steps],
      templates: [...texts({ text, retry }), ...inSilence.templates],
    };
  },
  enter: (step, { render }) => ({ kind: "wait", answers: say(render(step.text)) }),
  hear: (step, heard, _, context) => {
    const said = heard.kind === "text" ? heard.text.trim() : "";
    const value = said === "" ? null : read(step.answer, said, context);
    if (value !== null) return { kind: "go", to: step.next ?? null, answers: [], variables: { [step.save]: value } };
    return { kind: said === "" ? "wait" : "unclear", answers: again(step, said, context) };
  },
};

/** @returns the value in the text, or null where it is none, or could be several */
function read(type: Step["answer"], said: string, { language, tag, zone, now }: Context): Json | null {
  switch (type.is) {
    case "text":
      return type.pattern === undefined || fits(type.pattern, said) ? said : null;
    case "number":
      return valueOf(readNumber(said, { ...type, language: tag }));
    case "date":
      return valueOf(readDate(said, { ...type, language: tag, zone, now }));
    case "email":
      return valueOf(readEmail(said));
    case "phone":
      return valueOf(readPhone(said, type.country ?? countryOf(tag) ?? (language.code === "en" ? "US" : null)));
  }
}

function valueOf(answer: { readonly ok: true; readonly value: Json } | { readonly ok: false }): Json | null {
  return answer.ok ? answer.value : null;
}

function countryOf(tag: string): string | null {
  return /-([A-Z]{2})\b/u.exec(tag)?.[1] ?? null;
}

const COMPLAINTS = {
  text: "doesNotFit",
  number: "notANumber",
  date: "notADate",
  email: "notAnEmail",
  phone: "notAPhone",
} as const;

function again({ retry, text, answer }: Step, said: string, { render, message }: Context): readonly Answer[] {
  if (retry !== undefined) return say(render(retry));
  return said === "" ? say(render(text)) : message(COMPLAINTS[answer.is]);
}
