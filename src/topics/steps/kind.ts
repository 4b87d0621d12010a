import * as z from "zod/mini";
import type { Answer } from "../../assistants/contract.ts";
import { TEMPLATE_CHARACTERS } from "../../core/limits.ts";
import type { Value } from "../memory.ts";

/** What a kind of step is: one file, one entry in the catalog. */
export interface StepKind<Schema extends z.ZodMiniType> extends Behaviour<z.infer<Schema>> {
  readonly schema: Schema;
}

export interface Behaviour<Step> {
  /** What the step refers to and renders, for the checks on save. */
  readonly references: (step: Step) => References;
  /** The conversation has come to the step. */
  readonly enter: (step: Step, context: Context) => Outcome;
  /** The person has answered; only kinds that wait have it. */
  readonly hear?: (step: Step, heard: Heard, context: Context) => Outcome;
}

/** Pointers are relative to the step. */
export interface References {
  readonly steps?: readonly At[];
  readonly topics?: readonly At[];
  readonly templates?: readonly At[];
  readonly conditions?: readonly At[];
}

export interface At {
  readonly pointer: string;
  readonly value: string;
}

export interface Heard {
  readonly text: string;
  readonly media: readonly { readonly url: string; readonly contentType: string }[];
}

export interface Context {
  readonly render: (template: string) => string;
  readonly isTrue: (condition: string) => boolean;
}

/** What a step wants to happen next. */
export type Outcome =
  /** On to a step (null: the one below), perhaps with new variables. */
  | {
      readonly kind: "go";
      readonly to: string | null;
      readonly answers: readonly Answer[];
      readonly variables?: Readonly<Record<string, Value>>;
    }
  | { readonly kind: "wait"; readonly answers: readonly Answer[] }
  /** The person's answer fits nothing here: it may ask for another topic; else the answers are said and the step waits on. */
  | { readonly kind: "unclear"; readonly answers: readonly Answer[] }
  | { readonly kind: "topic"; readonly topic: string }
  | { readonly kind: "end"; readonly answers: readonly Answer[] };

const NAME = /^[a-z][a-z0-9-]{0,63}$/u;
const VARIABLE = /^[a-z][a-zA-Z0-9_]{0,99}$/u;

/** Names that templates see beside the variables. */
const RESERVED = new Set([
  "sender",
  "number",
  "now",
  "application",
  "text",
  "media",
  "true",
  "false",
  "nil",
  "null",
  "empty",
  "blank",
]);

export const stepId = z
  .string()
  .check(
    z.regex(NAME, "must be small letters, digits and hyphens, beginning with a letter, at most 64"),
    z.describe("Names the step within its topic"),
  );

export const template = z
  .string()
  .check(z.minLength(1), z.maxLength(TEMPLATE_CHARACTERS), z.describe("A text, with Liquid where it varies"));

export const next = z.optional(stepId.check(z.describe("The step that follows; left out: the one below")));

export const variableName = z.string().check(
  z.regex(VARIABLE, "must be letters, digits and underscores, beginning with a small letter, at most 100"),
  z.refine((name) => !RESERVED.has(name), "is a name that Parley uses itself; choose another"),
  z.describe("The variable that keeps the answer"),
);

/** Templates under the given keys, where they are there. */
export function at(entries: Readonly<Record<string, string | undefined>>): readonly At[] {
  return Object.entries(entries).flatMap(([pointer, value]) =>
    value === undefined ? [] : [{ pointer: `/${pointer}`, value }],
  );
}

export function say(text: string): readonly Answer[] {
  return [{ kind: "text", text }];
}
