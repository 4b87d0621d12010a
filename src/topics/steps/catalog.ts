import * as z from "zod/mini";
import { asking } from "./ask.ts";
import { branching } from "./branch.ts";
import { calling } from "./call.ts";
import { choosing } from "./choice.ts";
import { confirming } from "./confirm.ts";
import { ending } from "./end.ts";
import type { Behaviour } from "./kind.ts";
import { linking } from "./link.ts";
import { saying } from "./say.ts";
import { searching } from "./search.ts";
import { setting } from "./set.ts";
import { subscribing } from "./subscribe.ts";
import { going } from "./topic.ts";
import { uploading } from "./upload.ts";
import { waiting } from "./wait.ts";

/** Every kind of step; a new one is a file beside this one and a line here. */
const KINDS = {
  say: saying,
  ask: asking,
  choice: choosing,
  confirm: confirming,
  upload: uploading,
  set: setting,
  branch: branching,
  call: calling,
  search: searching,
  topic: going,
  subscribe: subscribing,
  link: linking,
  wait: waiting,
  end: ending,
} as const;

export const stepSchema = z.discriminatedUnion("kind", [
  saying.schema,
  asking.schema,
  choosing.schema,
  confirming.schema,
  uploading.schema,
  setting.schema,
  branching.schema,
  calling.schema,
  searching.schema,
  going.schema,
  subscribing.schema,
  linking.schema,
  waiting.schema,
  ending.schema,
]);

export type Step = z.infer<typeof stepSchema>;

export const KIND_NAMES: readonly string[] = Object.keys(KINDS);

/** @returns what a step of the kind must look like, or null where there is no such kind */
export function schemaOf(kind: string): z.ZodMiniType<Step> | null {
  return Object.hasOwn(KINDS, kind) ? KINDS[kind as Step["kind"]].schema : null;
}

export function kindOf(step: Step): Behaviour<Step> {
  // Each entry of KINDS takes the steps whose `kind` is its key; TypeScript cannot follow that correlation.
  return KINDS[step.kind] as Behaviour<Step>;
}
