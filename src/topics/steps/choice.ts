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
  label: localizedText.check(z.describe("One that renders to nothing is not offered")),
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
    text: localizedText,
    options: z.optional(z.array(option).check(z.minLength(1), z.maxLength(OPTIONS_PER_CHOICE))),
    from: z.optional(source.check(z.describe("Options that your system gives when the step is reached"))),
    save: z.optional(variableName),
    retry: z.optional(localizedText.check(z.describe("Said, with the options, when the answer is none of them"))),
    silence,
    next,
  })
  .check(
    z.refine(({ options, from }) => (options === undefined) !== (from === undefined), {
      message: 'must be there, or "from", and not both',
      path: ["options"],
    }),
  );

type ChoiceStep = z.infer<typeof schema>;

/** Offers numbered options; the person answers with a number or a label. */
export const choiceStep: StepKind<typeof schema> = {
  schema,
  references: listReferences,
  enter: (step, context) => {
    if (step.from === undefined) return showOptions(step, renderOwnOptions(step, context), context);
    return { kind: "request", request: renderRequest(step.from.request, context), answers: [] };
  },
  isOwnAnswer: (step, text, state, context) => {
    const said = text.trim().toLowerCase();
    return listCurrentOptions(step, state, context).some(({ label }) => label.toLowerCase() === said);
  },
  receive: (step, heard, state, context) => {
    if (heard.kind === "answered") return showFoundOptions(step, heard.outcome, context);
    const options = listCurrentOptions(step, state, context);
    const view = parseMenuView(state);
    const picked = pickOption(heard.kind === "text" ? heard.text : "", options, view, context);
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
  silence: quiet,
}: ChoiceStep): StepReferences {
  const inSilence = toSilenceReferences(quiet);
  const ownNext = options.flatMap((each, index) => toReferences({ [`options/${index}/next`]: each.next }));
  const labels = options.flatMap((each, index) => toTextReferences({ [`options/${index}/label`]: each.label }));
  const found = from === undefined ? [] : listRequestTexts("from/request", from.request);
  return {
    waits: "person",
    fallsThrough: to === undefined && (from !== undefined || options.some((each) => each.next === undefined)),
    saves: toReferences({ save }),
    steps: [...toReferences({ next: to }), ...ownNext, ...inSilence.steps],
    unasked: toReferences({ "from/none": from?.none, "from/failed": from?.failed }),
    requests: toReferences({ "from/request/url": from?.request.url }),
    options: options.map(({ label, value }, index) => ({ pointer: `/options/${index}`, label, value })),
    hasItem: from !== undefined,
    templates: [
      ...toTextReferences({ text, retry, "from/label": from?.label }),
      ...toReferences({ "from/value": from?.value }),
      ...labels,
      ...found,
      ...inSilence.templates,
    ],
  };
}

/** An option that the person is offered; `place` is its own among those of the document. */
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
    const kept = value === undefined ? "" : context.render(value, { item }).trim();
    const shown = context.render(label ?? "", { item }).trim();
    return { label: truncateText(shown, LABEL_CHARACTERS), ...(kept === "" ? {} : { value: kept }) };
  });
  const usable = options.filter((each) => each.label !== "" && (each.value ?? "").length <= OPTION_VALUE_CHARACTERS);
  if (usable.length === 0) return { kind: "go", to: none ?? failed, answers: [] };
  return showOptions(step, usable, context, noteOmittedOptions(step, found.length, usable.length));
}

function noteOmittedOptions({ id }: ChoiceStep, found: number, offered: number): readonly string[] {
  if (found === offered) return [];
  const why = `at most ${OPTIONS_PER_REQUEST} are, each with a label, and a value of at most ${OPTION_VALUE_CHARACTERS} characters`;
  return [`Step "${id}": ${found - offered} of ${found} options were not offered: ${why}.`];
}

/** Sorry, and how to answer; an application may change or switch off either. */
function askAgain(
  step: ChoiceStep,
  options: readonly ChoosableOption[],
  view: MenuView,
  context: StepContext,
): readonly AssistantAnswer[] {
  if (step.retry !== undefined) return renderMenu(context.render(step.retry), options, view, context);
  const count = countVisibleOptions(options, view, context);
  const sorry = [...context.message("choiceNotClear"), ...context.message("answerNumber", { count })];
  const words = sorry.flatMap((answer) => (answer.kind === "text" ? [answer.text] : []));
  return words.length === 0 ? [] : renderMenu(words.join(" "), options, view, context);
}

function followChoice(step: ChoiceStep, index: number, options: readonly OfferedOption[]): StepOutcome {
  const { value, label = "", place = -1 } = options[index] ?? {};
  const kept = step.save === undefined ? {} : { variables: { [step.save]: value ?? label } };
  return { kind: "go", to: step.options?.[place]?.next ?? step.next ?? null, answers: [], ...kept };
}

/** What the person is offered is kept while the step waits, unless it is what the document says: a label may change with what they type. */
function toChoiceState(step: ChoiceStep, options: readonly OfferedOption[], view: MenuView): JsonValue {
  return hasFixedOptions(step) ? { ...view } : { ...view, options: options.map((each) => ({ ...each })) as JsonValue };
}

function listCurrentOptions(step: ChoiceStep, state: JsonValue, context: StepContext): readonly OfferedOption[] {
  if (hasFixedOptions(step)) return renderOwnOptions(step, context);
  const kept = isRecord(state) ? state["options"] : null;
  if (Array.isArray(kept)) return kept as readonly OfferedOption[];
  return step.from === undefined ? renderOwnOptions(step, context) : [];
}

/** Steps stay as they are while conversations pass through them. */
const fixed = new WeakMap<ChoiceStep, boolean>();

function hasFixedOptions(step: ChoiceStep): boolean {
  const known = fixed.get(step);
  if (known !== undefined) return known;
  const { options = [], from } = step;
  const words = options.flatMap(({ label }) => (typeof label === "string" ? [label] : Object.values(label)));
  const found = from === undefined && words.every(isLiteral);
  fixed.set(step, found);
  return found;
}

/** Those that have a label now; all where none has, for there must be something to choose. */
function renderOwnOptions({ options = [] }: ChoiceStep, { render }: StepContext): readonly OfferedOption[] {
  const all = options.map(({ label, value }, place): OfferedOption => ({ label: render(label), value, place }));
  const named = all.filter(({ label }) => label.trim() !== "");
  return named.length === 0 ? all : named;
}
