import * as z from "zod/mini";
import type {
  Answer,
  AssistantRequest,
  Event,
  OfferedList,
  RequestOutcome,
  Subscribing,
  TextEvent,
} from "../../contract/assistant.ts";
import type { Json } from "../../core/json.ts";
import { PAUSE_SECONDS_MAXIMUM } from "../../core/limits/topics.ts";
import type { Way } from "../../identity/machine.ts";
import type { Language, MessageName } from "../../languages/language.ts";
import { type Wording, wording } from "../../templates/wording.ts";

/** What a kind of step is: one file, one entry in the catalog. */
export interface StepKind<Schema extends z.ZodMiniType> extends Behaviour<z.infer<Schema>> {
  readonly schema: Schema;
}

export interface Behaviour<Step> {
  /** What the step refers to and renders, for the checks on save. */
  readonly references: (step: Step) => References;
  /** The conversation has come to the step. */
  readonly enter: (step: Step, context: Context) => Outcome;
  /** What the step has waited for has come; only kinds that wait have it. @param state what the step has kept for itself */
  readonly hear?: (step: Step, heard: Heard, state: Json, context: Context) => Outcome;
  /** Is the whole text one of the step's own answers, so that it is no word for menu, help or exit here? */
  readonly claims?: (step: Step, text: string, state: Json, context: Context) => boolean;
}

/** What the checks on save want to know of a step. Pointers are relative to it. */
export interface References {
  /** What it waits for before it goes on; a person may be waited for in vain, so `person` includes what follows their silence. */
  readonly waits: "person" | "time" | "system" | "nothing";
  /** May the step below follow? */
  readonly fallsThrough: boolean;
  /** Steps that may follow. */
  readonly steps?: readonly At[];
  /** Steps that may follow before the person has been asked, of a step that waits for them. */
  readonly unasked?: readonly At[];
  readonly topics?: readonly At[];
  readonly lists?: readonly At[];
  readonly templates?: readonly At[];
  readonly conditions?: readonly At[];
  /** Templates of web addresses that the person, or Twilio for them, opens … */
  readonly urls?: readonly At[];
  /** … and of those that we ask. */
  readonly requests?: readonly At[];
  /** What the person chooses from, numbered below the texts of the step. */
  readonly options?: readonly Option[];
  /** Variables that it gives a value. */
  readonly saves?: readonly At[];
  /** Do its templates see `item`? */
  readonly hasItem?: boolean;
}

export interface At {
  readonly pointer: string;
  readonly value: string;
  /** Of what people read: its language, or null where there is one text for all. */
  readonly language?: string | null;
}

export interface Option {
  readonly pointer: string;
  readonly label: Wording;
  readonly value?: string | undefined;
}

/** What a step may wait for. */
export type Heard =
  | Pick<TextEvent, "kind" | "text" | "media">
  | { readonly kind: "answered"; readonly outcome: RequestOutcome }
  | Extract<Event, { kind: "file" }>
  | Extract<Event, { kind: "linked" }>
  | { readonly kind: "paused" };

export interface Context {
  /** @throws where the template exceeds its limits */
  readonly render: (wording: Wording, more?: Readonly<Record<string, Json>>) => string;
  /** As `render`, with what Liquid puts in encoded for a URL. */
  readonly renderUrl: (template: string) => string;
  readonly isTrue: (condition: string) => boolean;
  /** An automated message of the application's, in the conversation's language; nothing where it is switched off. */
  readonly message: (name: MessageName, variables?: Readonly<Record<string, string | number>>) => readonly Answer[];
  /** The words of the conversation's language. */
  readonly language: Language;
  /** The conversation's language, a BCP 47 tag. */
  readonly tag: string;
  /** An IANA time zone. */
  readonly zone: string;
  /** @returns a list of the number, or null where there is none that the person may have */
  readonly list: (id: string) => OfferedList | null;
  /** What a variable holds now. */
  readonly value: (name: string) => Json | undefined;
  /** Has the person shown who they are? */
  readonly isLinked: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What a step wants to happen next. */
export type Outcome =
  /** On to a step (null: the one below), perhaps with new variables. */
  | {
      readonly kind: "go";
      readonly to: string | null;
      readonly answers: readonly Answer[];
      readonly variables?: Readonly<Record<string, Json>>;
      /** A list that the person has switched on or off. */
      readonly subscribes?: Subscribing;
      /** The step that follows instead where one of them is too large to be kept. */
      readonly unkept?: string;
    }
  /** Waits for the person; `state` comes back with what they say. */
  | {
      readonly kind: "wait";
      readonly answers: readonly Answer[];
      readonly state?: Json;
      readonly subscribes?: Subscribing;
      /** Lines for the journal. */
      readonly notes?: readonly string[];
    }
  /** The person's answer fits nothing here: it may ask for another topic; else the answers are said and the step waits on. */
  | {
      readonly kind: "unclear";
      readonly answers: readonly Answer[];
      readonly state?: Json;
      readonly notes?: readonly string[];
    }
  /** Waits for the answer to a request. */
  | {
      readonly kind: "request";
      readonly request: AssistantRequest;
      readonly answers: readonly Answer[];
      readonly state?: Json;
    }
  /** Waits for what becomes of our copy of a file of the text. */
  | { readonly kind: "file"; readonly index: number; readonly answers: readonly Answer[]; readonly state?: Json }
  | { readonly kind: "pause"; readonly seconds: number; readonly answers: readonly Answer[] }
  /** Waits until the person has shown who they are, or has not. */
  | { readonly kind: "link"; readonly by?: Way | undefined; readonly answers: readonly Answer[] }
  /** On with another topic; with `returns`, the step below follows when that is over. */
  | { readonly kind: "topic"; readonly topic: string; readonly returns: boolean }
  | { readonly kind: "end"; readonly answers: readonly Answer[] };

const NAME = /^[a-z][a-z0-9-]{0,63}$/u;

export const stepId = z
  .string()
  .check(
    z.regex(NAME, "must be small letters, digits and hyphens, beginning with a letter, at most 64"),
    z.describe("Names the step within its topic"),
  );

export const next = z.optional(stepId.check(z.describe("The step that follows; left out: the one below")));

const seconds = z.int().check(z.gte(5), z.lte(PAUSE_SECONDS_MAXIMUM));

/** What happens when the person says nothing. */
export const silence = z.optional(
  z.strictObject({
    after: seconds.check(z.describe("Seconds without a text, until the person is reminded")),
    text: z.optional(wording),
    giveUp: z.optional(
      z.strictObject({
        after: seconds.check(z.describe("Seconds from the reminder on")),
        text: z.optional(wording),
        next: z.optional(stepId.check(z.describe("The step that follows; left out: the conversation ends"))),
      }),
    ),
  }),
);

export type Silence = NonNullable<z.infer<typeof silence>>;

/** Ids, conditions, names and addresses under the given keys, where they are there. */
export function at(entries: Readonly<Record<string, string | undefined>>): readonly At[] {
  return Object.entries(entries).flatMap(([pointer, value]) =>
    value === undefined ? [] : [{ pointer: `/${pointer}`, value }],
  );
}

/** Texts under the given keys, in each of their languages. */
export function texts(entries: Readonly<Record<string, Wording | undefined>>): readonly At[] {
  return Object.entries(entries).flatMap(([pointer, words]): readonly At[] => {
    if (words === undefined) return [];
    if (typeof words === "string") return [{ pointer: `/${pointer}`, value: words, language: null }];
    return Object.entries(words).map(([language, value]) => ({ pointer: `/${pointer}/${language}`, value, language }));
  });
}

/** Steps and texts of what happens in silence. */
export function silenceReferences(quiet: Silence | undefined) {
  return {
    steps: at({ "silence/giveUp/next": quiet?.giveUp?.next }),
    templates: texts({ "silence/text": quiet?.text, "silence/giveUp/text": quiet?.giveUp?.text }),
  };
}

export function say(text: string): readonly Answer[] {
  return text.trim() === "" ? [] : [{ kind: "text", text }];
}
