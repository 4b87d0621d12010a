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

/** A step kind: one file, one entry in the catalog. */
export interface StepKind<Schema extends z.ZodMiniType> extends StepBehaviour<z.infer<Schema>> {
  readonly schema: Schema;
}

export interface StepBehaviour<Step> {
  /** Lists the targets and templates of the step, for the checks on save. */
  readonly references: (step: Step) => StepReferences;
  /** Handles the arrival of the conversation at the step. */
  readonly enter: (step: Step, context: StepContext) => StepOutcome;
  /**
   * Handles the result of the step's wait; only kinds that wait have it.
   * @param state as stored by the step
   */
  readonly receive?: (step: Step, input: StepInput, state: JsonValue, context: StepContext) => StepOutcome;
  /**
   * Tests whether the whole text is an answer to this step, so that it is not taken as a command such as menu or exit.
   */
  readonly isOwnAnswer?: (step: Step, text: string, state: JsonValue, context: StepContext) => boolean;
}

/** The targets and templates of a step, for the checks on save. Pointers are relative to the step. */
export interface StepReferences {
  /** The event that the step waits for. With `contact`, the steps after a silence are included. */
  readonly waits: "contact" | "time" | "system" | "nothing";
  /** Whether the step below may follow. */
  readonly fallsThrough: boolean;
  /** Steps that may follow. */
  readonly steps?: readonly StepReference[];
  /** Steps that may follow before the contact is asked, for a step that waits for the contact. */
  readonly unasked?: readonly StepReference[];
  readonly topics?: readonly StepReference[];
  readonly lists?: readonly StepReference[];
  readonly templates?: readonly StepReference[];
  readonly conditions?: readonly StepReference[];
  /** Templates of web addresses that the contact, or Twilio, opens. */
  readonly urls?: readonly StepReference[];
  /** Templates of web addresses that Parley sends requests to. */
  readonly requests?: readonly StepReference[];
  /** The options, numbered below the texts of the step. */
  readonly options?: readonly ChoiceOption[];
  /** Variables that the step sets. */
  readonly saves?: readonly StepReference[];
  /** Whether the templates of the step can use `item`. */
  readonly hasItem?: boolean;
}

export interface StepReference {
  readonly pointer: string;
  readonly value: string;
  /** For texts to contacts: the language, or null if one text serves all languages. */
  readonly language?: string | null;
}

export interface ChoiceOption {
  readonly pointer: string;
  readonly label: LocalizedText;
  readonly value?: string | undefined;
}

/** The result of a step's wait. */
export type StepInput =
  | Pick<TextEvent, "kind" | "text" | "media">
  | { readonly kind: "answered"; readonly outcome: RequestOutcome }
  | Extract<AssistantEvent, { kind: "file" }>
  | Extract<AssistantEvent, { kind: "linked" }>
  | { readonly kind: "paused" };

export interface StepContext {
  /** @throws if the template exceeds its limits */
  readonly render: (text: LocalizedText, more?: Readonly<Record<string, JsonValue>>) => string;
  /** Renders a URL; the values of Liquid outputs are URL-encoded. */
  readonly renderUrl: (template: string) => string;
  readonly isTrue: (condition: string) => boolean;
  /** Renders an automated message of the application in the conversation's language; empty if it is switched off. */
  readonly message: (
    name: MessageName,
    variables?: Readonly<Record<string, string | number>>,
  ) => readonly AssistantAnswer[];
  /** The messages and words of the conversation's language. */
  readonly language: Language;
  /** The conversation's language, a BCP 47 tag. */
  readonly tag: string;
  /** An IANA time zone. */
  readonly zone: string;
  /** @returns a list of the number, or null if there is none that the contact can have */
  readonly list: (id: string) => AssistantList | null;
  /** @returns the current value of a variable */
  readonly value: (name: string) => JsonValue | undefined;
  /** Whether the contact is linked to a person. */
  readonly isLinked: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What happens next, as decided by a step. */
export type StepOutcome =
  /** Goes on to a step (null: the one below), perhaps with new variables. */
  | {
      readonly kind: "go";
      readonly to: string | null;
      readonly answers: readonly AssistantAnswer[];
      readonly variables?: Readonly<Record<string, JsonValue>>;
      /** A list that the contact has switched on or off. */
      readonly subscribes?: RequestedSubscription;
      /** The step that follows instead if a variable is too large to be stored. */
      readonly unkept?: string;
    }
  /** Waits for the contact's next text; `state` is stored and passed to `receive`. */
  | {
      readonly kind: "wait";
      readonly answers: readonly AssistantAnswer[];
      readonly state?: JsonValue;
      readonly subscribes?: RequestedSubscription;
      /** Notes in the transcript. */
      readonly notes?: readonly string[];
    }
  /**
   * The answer does not fit here. It may ask for another topic; otherwise the answers are sent and the step continues
   * to wait.
   */
  | {
      readonly kind: "unclear";
      readonly answers: readonly AssistantAnswer[];
      readonly state?: JsonValue;
      readonly notes?: readonly string[];
    }
  /** Waits for the response to a request. */
  | {
      readonly kind: "request";
      readonly request: AssistantRequest;
      readonly answers: readonly AssistantAnswer[];
      readonly state?: JsonValue;
    }
  /** Waits until the copy of one of the text's files is made, or has failed. */
  | {
      readonly kind: "file";
      readonly index: number;
      readonly answers: readonly AssistantAnswer[];
      readonly state?: JsonValue;
    }
  | { readonly kind: "pause"; readonly seconds: number; readonly answers: readonly AssistantAnswer[] }
  /** Waits for the result of an identity check. */
  | { readonly kind: "link"; readonly by?: IdentityChannel | undefined; readonly answers: readonly AssistantAnswer[] }
  /** Goes on with another topic; with `returns`, the step below follows when that topic is over. */
  | { readonly kind: "topic"; readonly topic: string; readonly returns: boolean }
  | { readonly kind: "end"; readonly answers: readonly AssistantAnswer[] };

const STEP_NAME = /^[a-z][a-z0-9-]{0,63}$/u;

export const stepId = z
  .string()
  .check(
    z.regex(STEP_NAME, "must be lowercase letters, digits and hyphens, beginning with a letter, at most 64 characters"),
    z.describe("Id of the step, unique in its topic"),
  );

export const next = z.optional(stepId.check(z.describe("Id of the next step. Default: the step below")));

const seconds = z.int().check(z.gte(5), z.lte(PAUSE_SECONDS_MAXIMUM));

/** A reminder, and an end, for a contact that does not answer. */
export const silence = z.optional(
  z.strictObject({
    after: seconds.check(z.describe("Seconds without a text after which the contact is reminded")),
    text: z.optional(localizedText),
    giveUp: z.optional(
      z.strictObject({
        after: seconds.check(z.describe("Seconds after the reminder")),
        text: z.optional(localizedText),
        next: z.optional(stepId.check(z.describe("Id of the next step. Default: the conversation ends"))),
      }),
    ),
  }),
);

export type SilenceRules = NonNullable<z.infer<typeof silence>>;

/** @returns references to the values that are defined, under the given keys */
export function toReferences(entries: Readonly<Record<string, string | undefined>>): readonly StepReference[] {
  return Object.entries(entries).flatMap(([pointer, value]) =>
    value === undefined ? [] : [{ pointer: `/${pointer}`, value }],
  );
}

/** @returns references to the texts under the given keys, one for each language */
export function toTextReferences(
  entries: Readonly<Record<string, LocalizedText | undefined>>,
): readonly StepReference[] {
  return Object.entries(entries).flatMap(([pointer, text]): readonly StepReference[] => {
    if (text === undefined) return [];
    if (typeof text === "string") return [{ pointer: `/${pointer}`, value: text, language: null }];
    return Object.entries(text).map(([language, value]) => ({ pointer: `/${pointer}/${language}`, value, language }));
  });
}

/** @returns references to the steps and texts of the silence rules */
export function toSilenceReferences(rules: SilenceRules | undefined) {
  return {
    steps: toReferences({ "silence/giveUp/next": rules?.giveUp?.next }),
    templates: toTextReferences({ "silence/text": rules?.text, "silence/giveUp/text": rules?.giveUp?.text }),
  };
}

export function toTextAnswers(text: string): readonly AssistantAnswer[] {
  return text.trim() === "" ? [] : [{ kind: "text", text }];
}
