import * as z from "zod/mini";
import type {
  AssistantAnswer,
  AssistantEvent,
  AssistantList,
  AssistantRequest,
  RequestedSubscription,
  RequestOutcome,
  TextEvent,
} from "../../contract/assistant.ts";
import type { JsonValue } from "../../core/json.ts";
import { PAUSE_SECONDS_MAXIMUM } from "../../core/limits/topics.ts";
import type { IdentityChannel } from "../../identity/person.ts";
import type { Language, MessageName } from "../../languages/language.ts";
import { type LocalizedText, localizedText } from "../../templates/localized-text.ts";

/** What a kind of step is: one file, one entry in the catalog. */
export interface StepKind<Schema extends z.ZodMiniType> extends StepBehaviour<z.infer<Schema>> {
  readonly schema: Schema;
}

export interface StepBehaviour<Step> {
  /** What the step refers to and renders, for the checks on save. */
  readonly references: (step: Step) => StepReferences;
  /** The conversation has come to the step. */
  readonly enter: (step: Step, context: StepContext) => StepOutcome;
  /** What the step has waited for has come; only kinds that wait have it. @param state what the step has kept for itself */
  readonly receive?: (step: Step, heard: StepInput, state: JsonValue, context: StepContext) => StepOutcome;
  /** Is the whole text one of the step's own answers, so that it is no word for menu, help or exit here? */
  readonly isOwnAnswer?: (step: Step, text: string, state: JsonValue, context: StepContext) => boolean;
}

/** What the checks on save want to know of a step. Pointers are relative to it. */
export interface StepReferences {
  /** What it waits for before it goes on; a person may be waited for in vain, so `person` includes what follows their silence. */
  readonly waits: "person" | "time" | "system" | "nothing";
  /** May the step below follow? */
  readonly fallsThrough: boolean;
  /** Steps that may follow. */
  readonly steps?: readonly StepReference[];
  /** Steps that may follow before the person has been asked, of a step that waits for them. */
  readonly unasked?: readonly StepReference[];
  readonly topics?: readonly StepReference[];
  readonly lists?: readonly StepReference[];
  readonly templates?: readonly StepReference[];
  readonly conditions?: readonly StepReference[];
  /** Templates of web addresses that the person, or Twilio for them, opens … */
  readonly urls?: readonly StepReference[];
  /** … and of those that we ask. */
  readonly requests?: readonly StepReference[];
  /** What the person chooses from, numbered below the texts of the step. */
  readonly options?: readonly ChoiceOption[];
  /** Variables that it gives a value. */
  readonly saves?: readonly StepReference[];
  /** Do its templates see `item`? */
  readonly hasItem?: boolean;
}

export interface StepReference {
  readonly pointer: string;
  readonly value: string;
  /** Of what people read: its language, or null where there is one text for all. */
  readonly language?: string | null;
}

export interface ChoiceOption {
  readonly pointer: string;
  readonly label: LocalizedText;
  readonly value?: string | undefined;
}

/** What a step may wait for. */
export type StepInput =
  | Pick<TextEvent, "kind" | "text" | "media">
  | { readonly kind: "answered"; readonly outcome: RequestOutcome }
  | Extract<AssistantEvent, { kind: "file" }>
  | Extract<AssistantEvent, { kind: "linked" }>
  | { readonly kind: "paused" };

export interface StepContext {
  /** @throws where the template exceeds its limits */
  readonly render: (wording: LocalizedText, more?: Readonly<Record<string, JsonValue>>) => string;
  /** As `render`, with what Liquid puts in encoded for a URL. */
  readonly renderUrl: (template: string) => string;
  readonly isTrue: (condition: string) => boolean;
  /** An automated message of the application's, in the conversation's language; nothing where it is switched off. */
  readonly message: (
    name: MessageName,
    variables?: Readonly<Record<string, string | number>>,
  ) => readonly AssistantAnswer[];
  /** The words of the conversation's language. */
  readonly language: Language;
  /** The conversation's language, a BCP 47 tag. */
  readonly tag: string;
  /** An IANA time zone. */
  readonly zone: string;
  /** @returns a list of the number, or null where there is none that the person may have */
  readonly list: (id: string) => AssistantList | null;
  /** What a variable holds now. */
  readonly value: (name: string) => JsonValue | undefined;
  /** Has the person shown who they are? */
  readonly isLinked: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What a step wants to happen next. */
export type StepOutcome =
  /** On to a step (null: the one below), perhaps with new variables. */
  | {
      readonly kind: "go";
      readonly to: string | null;
      readonly answers: readonly AssistantAnswer[];
      readonly variables?: Readonly<Record<string, JsonValue>>;
      /** A list that the person has switched on or off. */
      readonly subscribes?: RequestedSubscription;
      /** The step that follows instead where one of them is too large to be kept. */
      readonly unkept?: string;
    }
  /** Waits for the person; `state` comes back with what they say. */
  | {
      readonly kind: "wait";
      readonly answers: readonly AssistantAnswer[];
      readonly state?: JsonValue;
      readonly subscribes?: RequestedSubscription;
      /** Lines for the journal. */
      readonly notes?: readonly string[];
    }
  /** The person's answer fits nothing here: it may ask for another topic; else the answers are said and the step waits on. */
  | {
      readonly kind: "unclear";
      readonly answers: readonly AssistantAnswer[];
      readonly state?: JsonValue;
      readonly notes?: readonly string[];
    }
  /** Waits for the answer to a request. */
  | {
      readonly kind: "request";
      readonly request: AssistantRequest;
      readonly answers: readonly AssistantAnswer[];
      readonly state?: JsonValue;
    }
  /** Waits for what becomes of our copy of a file of the text. */
  | {
      readonly kind: "file";
      readonly index: number;
      readonly answers: readonly AssistantAnswer[];
      readonly state?: JsonValue;
    }
  | { readonly kind: "pause"; readonly seconds: number; readonly answers: readonly AssistantAnswer[] }
  /** Waits until the person has shown who they are, or has not. */
  | { readonly kind: "link"; readonly by?: IdentityChannel | undefined; readonly answers: readonly AssistantAnswer[] }
  /** On with another topic; with `returns`, the step below follows when that is over. */
  | { readonly kind: "topic"; readonly topic: string; readonly returns: boolean }
  | { readonly kind: "end"; readonly answers: readonly AssistantAnswer[] };

const STEP_NAME = /^[a-z][a-z0-9-]{0,63}$/u;

export const stepId = z
  .string()
  .check(
    z.regex(STEP_NAME, "must be small letters, digits and hyphens, beginning with a letter, at most 64"),
    z.describe("Names the step within its topic"),
  );

export const next = z.optional(stepId.check(z.describe("The step that follows; left out: the one below")));

const seconds = z.int().check(z.gte(5), z.lte(PAUSE_SECONDS_MAXIMUM));

/** What happens when the person says nothing. */
export const silence = z.optional(
  z.strictObject({
    after: seconds.check(z.describe("Seconds without a text, until the person is reminded")),
    text: z.optional(localizedText),
    giveUp: z.optional(
      z.strictObject({
        after: seconds.check(z.describe("Seconds from the reminder on")),
        text: z.optional(localizedText),
        next: z.optional(stepId.check(z.describe("The step that follows; left out: the conversation ends"))),
      }),
    ),
  }),
);

export type SilenceRules = NonNullable<z.infer<typeof silence>>;

/** Ids, conditions, names and addresses under the given keys, where they are there. */
export function toReferences(entries: Readonly<Record<string, string | undefined>>): readonly StepReference[] {
  return Object.entries(entries).flatMap(([pointer, value]) =>
    value === undefined ? [] : [{ pointer: `/${pointer}`, value }],
  );
}

/** Texts under the given keys, in each of their languages. */
export function toTextReferences(
  entries: Readonly<Record<string, LocalizedText | undefined>>,
): readonly StepReference[] {
  return Object.entries(entries).flatMap(([pointer, words]): readonly StepReference[] => {
    if (words === undefined) return [];
    if (typeof words === "string") return [{ pointer: `/${pointer}`, value: words, language: null }];
    return Object.entries(words).map(([language, value]) => ({ pointer: `/${pointer}/${language}`, value, language }));
  });
}

/** Steps and texts of what happens in silence. */
export function toSilenceReferences(quiet: SilenceRules | undefined) {
  return {
    steps: toReferences({ "silence/giveUp/next": quiet?.giveUp?.next }),
    templates: toTextReferences({ "silence/text": quiet?.text, "silence/giveUp/text": quiet?.giveUp?.text }),
  };
}

export function toTextAnswers(text: string): readonly AssistantAnswer[] {
  return text.trim() === "" ? [] : [{ kind: "text", text }];
}
