import * as z from "zod/mini";
import { askStep } from "./ask.ts";
import { branchStep } from "./branch.ts";
import { callStep } from "./call.ts";
import { choiceStep } from "./choice.ts";
import { confirmStep } from "./confirm.ts";
import { endStep } from "./end.ts";
import { linkStep } from "./link.ts";
import { sayStep } from "./say.ts";
import { searchStep } from "./search.ts";
import { setStep } from "./set.ts";
import type { StepBehaviour } from "./step-kind.ts";
import { subscribeStep } from "./subscribe.ts";
import { topicStep } from "./topic.ts";
import { uploadStep } from "./upload.ts";
import { waitStep } from "./wait.ts";

/**
 * Every step kind. A new kind is a file in this folder and three lines in this one: import, here and in `stepSchema`.
 */
const STEP_KINDS = {
  say: sayStep,
  ask: askStep,
  choice: choiceStep,
  confirm: confirmStep,
  upload: uploadStep,
  set: setStep,
  branch: branchStep,
  call: callStep,
  search: searchStep,
  topic: topicStep,
  subscribe: subscribeStep,
  link: linkStep,
  wait: waitStep,
  end: endStep,
} as const;

export const stepSchema = z.discriminatedUnion("kind", [
  sayStep.schema,
  askStep.schema,
  choiceStep.schema,
  confirmStep.schema,
  uploadStep.schema,
  setStep.schema,
  branchStep.schema,
  callStep.schema,
  searchStep.schema,
  topicStep.schema,
  subscribeStep.schema,
  linkStep.schema,
  waitStep.schema,
  endStep.schema,
]);

export type Step = z.infer<typeof stepSchema>;

export const STEP_KIND_NAMES: readonly string[] = Object.keys(STEP_KINDS);

/** @returns the schema of a step kind, or null if there is no such kind */
export function findStepSchema(kind: string): z.ZodMiniType<Step> | null {
  return Object.hasOwn(STEP_KINDS, kind) ? STEP_KINDS[kind as Step["kind"]].schema : null;
}

export function findStepKind(step: Step): StepBehaviour<Step> {
  // Each entry of STEP_KINDS takes the steps whose `kind` is its key; TypeScript cannot express that correlation.
  return STEP_KINDS[step.kind] as StepBehaviour<Step>;
}
