import * as z from "zod/mini";
import type { AssistantAnswer, RequestOutcome } from "../../contract/assistant.ts";
import { isRecord, type JsonValue } from "../../core/json.ts";
import {
  LABEL_CHARACTERS,
  OPTION_VALUE_CHARACTERS,
  OPTIONS_PER_CHOICE,
  OPTIONS_PER_REQUEST,
} from "../../core/limits/topics.ts";
import { truncateText } from "../../core/message-text.ts";
import { localizedText, template } from "../../templates/localized-text.ts";
import { isLiteral } from "../../templates/template.ts";
import { variableName } from "../../templates/variable-names.ts";
import type { ChoosableOption } from "../../understanding/choose-option.ts";
import { countVisibleOptions, type MenuView, parseMenuView, pickOption, renderMenu } from "./option-pages.ts";
import { findAnswer, jsonPath, listRequestTexts, renderRequest, requestSchema } from "./request.ts";
import {
  next,
  type StepContext,
  type StepKind,
  type StepOutcome,
  type StepReferences,
  silence,
  stepId,
  toReferences,
  toSilenceReferences,
  toTextReferences,
} from "./step-kind.ts";

const option = z.strictObject({
  label: localizedText.check(z.describe("Text of the option; an option whose text is empty is not offered")),
  value: z.optional(
    z
      .string()
      .check(z.minLength(1), z.maxLength(OPTION_VALUE_CHARACTERS), z.describe("Value to store in place of the label")),
  ),
  next,
});

/** Options from the operator's system, requested when the step is reached. */
const source = z.strictObject({
  request: requestSchema,
  items: z.optional(
    jsonPath.check(z.describe("Path of the list in the JSON answer. Default: the answer itself is the list")),
  ),
  label: template.check(z.describe("Label of each option; `item` is the entry of the list")),
  value: z.optional(
    template.check(z.describe("Value to store in place of the label; `item` is the entry of the list")),
  ),
  none: z.optional(stepId.check(z.describe("Id of the next step if the list is empty. Default: as `failed`"))),
  failed: stepId.check(z.describe("Id of the next step if the request fails")),
});

const schema = z
  .strictObject({
    kind: z
      .literal("choice")
      .check(
        z.describe("Offers numbered options; the contact answers with a number, a label or something close to one"),
      ),
    id: stepId,
    text: localizedText,
    options: z.optional(z.array(option).check(z.minLength(1), z.maxLength(OPTIONS_PER_CHOICE))),
    from: z.optional(source.check(z.describe("Options that are requested from your system when the step is reached"))),
    save: z.optional(variableName),
    retry: z.optional(
      localizedText.check(z.describe("Text before the repeated options if the answer is none of them")),
    ),
    silence,
    next,
  })
  .check(
    z.refine(({ options, from }) => (options === undefined) !== (from === undefined), {
      message: 'is required unless there is "from"; a step cannot have both',
      path: ["options"],
    }),
  );

type ChoiceStep = z.infer<typeof schema>;

/** Offers numbered options; the contact answers with a number or a label. */
export const choiceStep: StepKind<typeof schema> = {
  schema,
  references: listReferences,
  enter: (step, context) => {
    if (step.from === undefined) return showOptions(step, renderOwnOptions(step, context), context);
    return { kind: "request", request: renderRequest(step.from.request, context), answers: [] };
  },
  isOwnAnswer: (step, text, state, context) => {
    const answer = text.trim().toLowerCase();
    return listCurrentOptions(step, state, context).some(({ label }) => label.toLowerCase() === answer);
  },
  receive: (step, input, state, context) => {
    if (input.kind === "answered") return showFoundOptions(step, input.outcome, context);
    const options = listCurrentOptions(step, state, context);
    const view = parseMenuView(state);
    const picked = pickOption(input.kind === "text" ? input.text : "", options, view, context);
    switch (picked.kind) {
      case "chosen":
        return followChoice(step, picked.index, options);
      case "shown":
        return { kind: "wait", answers: picked.answers, state: toChoiceState(step, options, picked.view) };
      case "none": {
        const whole = "candidates" in view ? { page: 0 } : view;
        return {
          kind: "unclear",
          answers: askAgain(step, options, whole, context),
          state: toChoiceState(step, options, whole),
        };
      }
    }
  },
};

function listReferences({
  text,
  retry,
  options = [],
  from,
  save,
  next: to,
  silence: silenceRules,
}: ChoiceStep): StepReferences {
  const inSilence = toSilenceReferences(silenceRules);
  const optionTargets = options.flatMap((each, index) => toReferences({ [`options/${index}/next`]: each.next }));
  const labels = options.flatMap((each, index) => toTextReferences({ [`options/${index}/label`]: each.label }));
  const requestTexts = from === undefined ? [] : listRequestTexts("from/request", from.request);
  return {
    waits: "contact",
    fallsThrough: to === undefined && (from !== undefined || options.some((each) => each.next === undefined)),
    saves: toReferences({ save }),
    steps: [...toReferences({ next: to }), ...optionTargets, ...inSilence.steps],
    unasked: toReferences({ "from/none": from?.none, "from/failed": from?.failed }),
    requests: toReferences({ "from/request/url": from?.request.url }),
    options: options.map(({ label, value }, index) => ({ pointer: `/options/${index}`, label, value })),
    hasItem: from !== undefined,
    templates: [
      ...toTextReferences({ text, retry, "from/label": from?.label }),
      ...toReferences({ "from/value": from?.value }),
      ...labels,
      ...requestTexts,
      ...inSilence.templates,
    ],
  };
}

/** An option that is offered to the contact; `place` is its index in the document. */
interface OfferedOption extends ChoosableOption {
  readonly place?: number;
}

function showOptions(
  step: ChoiceStep,
  options: readonly OfferedOption[],
  context: StepContext,
  notes: readonly string[] = [],
): StepOutcome {
  const view: MenuView = { page: 0 };
  return {
    kind: "wait",
    answers: renderMenu(context.render(step.text), options, view, context),
    state: toChoiceState(step, options, view),
    notes,
  };
}

function showFoundOptions(step: ChoiceStep, outcome: RequestOutcome, context: StepContext): StepOutcome {
  const { items, label, value, none, failed = "" } = step.from ?? {};
  const found = findAnswer(outcome, items);
  if (!Array.isArray(found)) return { kind: "go", to: failed, answers: [] };
  const options = (found as readonly JsonValue[]).slice(0, OPTIONS_PER_REQUEST).map((item): ChoosableOption => {
    const savedValue = value === undefined ? "" : context.render(value, { item }).trim();
    const shown = context.render(label ?? "", { item }).trim();
    return { label: truncateText(shown, LABEL_CHARACTERS), ...(savedValue === "" ? {} : { value: savedValue }) };
  });
  const usable = options.filter((each) => each.label !== "" && (each.value ?? "").length <= OPTION_VALUE_CHARACTERS);
  if (usable.length === 0) return { kind: "go", to: none ?? failed, answers: [] };
  return showOptions(step, usable, context, noteOmittedOptions(step, found.length, usable.length));
}

function noteOmittedOptions({ id }: ChoiceStep, found: number, offered: number): readonly string[] {
  if (found === offered) return [];
  const limits = `an option needs a label and a value of at most ${OPTION_VALUE_CHARACTERS} characters, and a step offers at most ${OPTIONS_PER_REQUEST}`;
  return [`Step "${id}": ${found - offered} of ${found} options were not offered: ${limits}.`];
}

/** Apologises and says how to answer; an application can change or switch off either message. */
function askAgain(
  step: ChoiceStep,
  options: readonly ChoosableOption[],
  view: MenuView,
  context: StepContext,
): readonly AssistantAnswer[] {
  if (step.retry !== undefined) return renderMenu(context.render(step.retry), options, view, context);
  const count = countVisibleOptions(options, view, context);
  const messages = [...context.message("choiceNotClear"), ...context.message("answerNumber", { count })];
  const texts = messages.flatMap((answer) => (answer.kind === "text" ? [answer.text] : []));
  return texts.length === 0 ? [] : renderMenu(texts.join(" "), options, view, context);
}

function followChoice(step: ChoiceStep, index: number, options: readonly OfferedOption[]): StepOutcome {
  const { value, label = "", place = -1 } = options[index] ?? {};
  const saved = step.save === undefined ? {} : { variables: { [step.save]: value ?? label } };
  return { kind: "go", to: step.options?.[place]?.next ?? step.next ?? null, answers: [], ...saved };
}

/**
 * Stores the offered options while the step waits, unless they are fixed: labels may change with the contact's next
 * text.
 */
function toChoiceState(step: ChoiceStep, options: readonly OfferedOption[], view: MenuView): JsonValue {
  return hasFixedOptions(step) ? { ...view } : { ...view, options: options.map((each) => ({ ...each })) as JsonValue };
}

function listCurrentOptions(step: ChoiceStep, state: JsonValue, context: StepContext): readonly OfferedOption[] {
  if (hasFixedOptions(step)) return renderOwnOptions(step, context);
  const stored = isRecord(state) ? state["options"] : null;
  if (Array.isArray(stored)) return stored as readonly OfferedOption[];
  return step.from === undefined ? renderOwnOptions(step, context) : [];
}

/** A cache, because steps never change. */
const cachedFixed = new WeakMap<ChoiceStep, boolean>();

function hasFixedOptions(step: ChoiceStep): boolean {
  const cached = cachedFixed.get(step);
  if (cached !== undefined) return cached;
  const { options = [], from } = step;
  const labels = options.flatMap(({ label }) => (typeof label === "string" ? [label] : Object.values(label)));
  const isFixed = from === undefined && labels.every(isLiteral);
  cachedFixed.set(step, isFixed);
  return isFixed;
}

/** Renders the options and omits those without a label, unless that would omit all of them. */
function renderOwnOptions({ options = [] }: ChoiceStep, { render }: StepContext): readonly OfferedOption[] {
  const all = options.map(({ label, value }, place): OfferedOption => ({ label: render(label), value, place }));
  const labelled = all.filter(({ label }) => label.trim() !== "");
  return labelled.length === 0 ? all : labelled;
}
