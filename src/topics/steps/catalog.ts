import * as z from "zod/mini";
import { asking } from "./ask.ts";
import { branching } from "./branch.ts";
import { choosing } from "./choice.ts";
import { confirming } from "./confirm.ts";
import { ending } from "./end.ts";
import type { Behaviour } from "./kind.ts";
import { saying } from "./say.ts";
import { setting } from "./set.ts";
import { going } from "./topic.ts";

/** Every kind of step; a new one is a file beside this one and a line here. */
const KINDS = {
  say: saying,
  ask: asking,
  choice: choosing,
  confirm: confirming,
  set: setting,
  branch: branching,
  topic: going,
  end: ending,
} as const;

export const stepSchema = z.discriminatedUnion("kind", [
  saying.schema,
  asking.schema,
  choosing.schema,
  confirming.schema,
  setting.schema,
  branching.schema,
  going.schema,
  ending.schema,
]);

export type Step = z.infer<typeof stepSchema>;

export function kindOf(step: Step): Behaviour<Step> {
  // Each entry of KINDS takes the steps whose `kind` is its key; TypeScript cannot follow that correlation.
  return KINDS[step.kind] as Behaviour<Step>;
}
