import * as z from "zod/mini";
import type { Answer, RequestOutcome } from "../../contract/assistant.ts";
import { isRecord, type Json } from "../../core/json.ts";
import {
  LABEL_CHARACTERS,
  OPTION_VALUE_CHARACTERS,
  OPTIONS_PER_CHOICE,
  OPTIONS_PER_REQUEST,
} from "../../core/limits/topics.ts";
import { truncated } from "../../core/text.ts";
import { variableName } from "../../templates/names.ts";
import { isLiteral } from "../../templates/template.ts";
import { template, wording } from "../../templates/wording.ts";
import type { Choosable } from "../../understanding/choose.ts";
import {
  at,
  type Context,
  next,
  type Outcome,
  type References,
  type StepKind,
  silence,
  silenceReferences,
  stepId,
  texts,
} from "./kind.ts";
import { countOf, pick, readView, show, type View } from "./offer.ts";
import { answerAt, jsonPath, requestOf, requestSchema, requestTexts } from "./request.ts";

const option = z.strictObject({
  label: wording.check(z.describe("One that renders to nothing is not offered")),
  value: z.optional(
    z.string().check(z.minLength(1), z.maxLength(OPTION_VALUE_CHARACTERS), z.describe("Kept instead of the label")),
  ),
  next,
});

/** Options that the operator's system gives when the step is reached. */
const source = z.strictObject({
  request: requestSchema,
  items: z.optional(jsonPath.check(z.describe("Where the list is in the JSON answer; left out: it is the answer"))),
  label: template.check(z.describe("Liquid sees each of the list as `item`")),
  value: z.optional(template.check(z.describe("Kept instead of the label; Liquid, as the label"))),
  none: z.optional(stepId.check(z.describe("The step that follows when the list is empty; left out: as `failed`"))),
  failed: stepId.check(z.describe("The step that follows when there is no answer")),
});

const schema = z
  .strictObject({
    kind: z
      .literal("choice")
      .check(z.describe("Offers numbered options; the person answers with a number, a label, or what is near enough")),
    id: stepId,
    text: wording,
    options: z.optional(z.array(option).check(z.minLength(1), z.maxLength(OPTIONS_PER_CHOICE))),
    from: z.optional(source.check(z.describe("Options that your system gives when the step is reached"))),
    save: z.optional(variableName),
    retry: z.optional(wording.check(z.describe("Said, with the options, when the answer is none of them"))),
    silence,
    next,
  })
  .check(
    z.refine(({ options, from }) => (options === undefined) !== (from === undefined), {
      message: 'must be there, or "from", and not both',
      path: ["options"],
    }),
  );

type Step = z.infer<typeof schema>;

/** Offers numbered options; the person answers with a number or a label. */
export const choosing: StepKind<typeof schema> = {
  schema,
  references,
  enter: (step, context) => {
    if (step.from === undefined) return offer(step, ownOptions(step, context), context);
    return { kind: "request", request: requestOf(step.from.request, context), answers: [] };
  },
  claims: (step, text, state, context) => {
    const said = text.trim().toLowerCase();
    return optionsNow(step, state, context).some(({ label }) => label.toLowerCase() === said);
  },
  hear: (step, heard, state, context) => {
    if (heard.kind === "answered") return offerFound(step, heard.outcome, context);
    const options = optionsNow(step, state, context);
    const view = readView(state);
    const picked = pick(heard.kind === "text" ? heard.text : "", options, view, context);
    switch (picked.kind) {
      case "chosen":
        return chosen(step, picked.index, options);
      case "shown":
        return { kind: "wait", answers: picked.answers, state: stateOf(step, options, picked.view) };
      case "none": {
        const whole = "candidates" in view ? { page: 0 } : view;
        return { kind: "unclear", answers: again(step, options, whole, context), state: stateOf(step, options, whole) };
      }
    }
  },
};

function references({ text, retry, options = [], from, save, next: to, silence: quiet }: Step): References {
  const inSilence = silenceReferences(quiet);
  const ownNext = options.flatMap((each, index) => at({ [`options/${index}/next`]: each.next }));
  const labels = options.flatMap((each, index) => texts({ [`options/${index}/label`]: each.label }));
  const found = from === undefined ? [] : requestTexts("from/request", from.request);
  return {
    waits: "person",
    fallsThrough: to === undefined && (from !== undefined || options.some((each) => each.next === undefined)),
    saves: at({ save }),
    steps: [...at({ next: to }), ...ownNext, ...inSilence.steps],
    unasked: at({ "from/none": from?.none, "from/failed": from?.failed }),
    requests: at({ "from/request/url": from?.request.url }),
    options: options.map(({ label, value }, index) => ({ pointer: `/options/${index}`, label, value })),
    hasItem: from !== undefined,
    templates: [
      ...texts({ text, retry, "from/label": from?.label }),
      ...at({ "from/value": from?.value }),
      ...labels,
      ...found,
      ...inSilence.templates,
    ],
  };
}

/** An option that the person is offered; `place` is its own among those of the document. */
interface Offered extends Choosable {
  readonly place?: number;
}

function offer(step: Step, options: readonly Offered[], context: Context, notes: readonly string[] = []): Outcome {
  const view: View = { page: 0 };
  return {
    kind: "wait",
    answers: show(context.render(step.text), options, view, context),
    state: stateOf(step, options, view),
    notes,
  };
}

function offerFound(step: Step, outcome: RequestOutcome, context: Context): Outcome {
  const { items, label, value, none, failed = "" } = step.from ?? {};
  const found = answerAt(outcome, items);
  if (!Array.isArray(found)) return { kind: "go", to: failed, answers: [] };
  const options = (found as readonly Json[]).slice(0, OPTIONS_PER_REQUEST).map((item): Choosable => {
    const kept = value === undefined ? "" : context.render(value, { item }).trim();
    const shown = context.render(label ?? "", { item }).trim();
    return { label: truncated(shown, LABEL_CHARACTERS), ...(kept === "" ? {} : { value: kept }) };
  });
  const usable = options.filter((each) => each.label !== "" && (each.value ?? "").length <= OPTION_VALUE_CHARACTERS);
  if (usable.length === 0) return { kind: "go", to: none ?? failed, answers: [] };
  return offer(step, usable, context, notesOn(step, found.length, usable.length));
}

function notesOn({ id }: Step, found: number, offered: number): readonly string[] {
  if (found === offered) return [];
  const why = `at most ${OPTIONS_PER_REQUEST} are, each with a label, and a value of at most ${OPTION_VALUE_CHARACTERS} characters`;
  return [`Step "${id}": ${found - offered} of ${found} options were not offered: ${why}.`];
}

/** Sorry, and how to answer; an application may change or switch off either. */
function again(step: Step, options: readonly Choosable[], view: View, context: Context): readonly Answer[] {
  if (step.retry !== undefined) return show(context.render(step.retry), options, view, context);
  const count = countOf(options, view, context);
  const sorry = [...context.message("choiceNotClear"), ...context.message("answerNumber", { count })];
  const words = sorry.flatMap((answer) => (answer.kind === "text" ? [answer.text] : []));
  return words.length === 0 ? [] : show(words.join(" "), options, view, context);
}

function chosen(step: Step, index: number, options: readonly Offered[]): Outcome {
  const { value, label = "", place = -1 } = options[index] ?? {};
  const kept = step.save === undefined ? {} : { variables: { [step.save]: value ?? label } };
  return { kind: "go", to: step.options?.[place]?.next ?? step.next ?? null, answers: [], ...kept };
}

/** What the person is offered is kept while the step waits, unless it is what the document says: a label may change with what they type. */
function stateOf(step: Step, options: readonly Offered[], view: View): Json {
  return isFixed(step) ? { ...view } : { ...view, options: options.map((each) => ({ ...each })) as Json };
}

function optionsNow(step: Step, state: Json, context: Context): readonly Offered[] {
  if (isFixed(step)) return ownOptions(step, context);
  const kept = isRecord(state) ? state["options"] : null;
  if (Array.isArray(kept)) return kept as readonly Offered[];
  return step.from === undefined ? ownOptions(step, context) : [];
}

/** Steps stay as they are while conversations pass through them. */
const fixed = new WeakMap<Step, boolean>();

function isFixed(step: Step): boolean {
  const known = fixed.get(step);
  if (known !== undefined) return known;
  const { options = [], from } = step;
  const words = options.flatMap(({ label }) => (typeof label === "string" ? [label] : Object.values(label)));
  const found = from === undefined && words.every(isLiteral);
  fixed.set(step, found);
  return found;
}

/** Those that have a label now; all where none has, for there must be something to choose. */
function ownOptions({ options = [] }: Step, { render }: Context): readonly Offered[] {
  const all = options.map(({ label, value }, place): Offered => ({ label: render(label), value, place }));
  const named = all.filter(({ label }) => label.trim() !== "");
  return named.length === 0 ? all : named;
}
