/** What Parley says by itself; Liquid templates. Which variables each may use is in the README. */
export const MESSAGE_NAMES = [
  "greeting",
  "notUnderstood",
  "failure",
  "outOfHours",
  "holiday",
  "sessionEnded",
  "fileTooLarge",
  "fileTypeNotSupported",
  "stillThere",
  "goodbye",
  "choiceNotClear",
  "didYouMean",
  "answerNumber",
  "answerYesOrNo",
  "notANumber",
  "notADate",
  "notAnEmail",
  "notAPhone",
  "doesNotFit",
  "uploadWanted",
  "more",
  "help",
  "noAgent",
  "linkPin",
  "linkCode",
  "linkTextedCode",
  "linkSentCode",
  "linkPage",
  "linkOnPage",
  "linkWrong",
  "linked",
  "linkFailed",
  "linkLocked",
  "unlinked",
  "nothingBefore",
  "tryLater",
  "oneMoment",
  "notificationHeading",
  "lists",
  "noLists",
  "whichList",
  "subscribed",
  "unsubscribed",
  "confirmSubscription",
  "optedOut",
  "optedIn",
  "helpInfo",
  "tooFast",
] as const;

export type MessageName = (typeof MESSAGE_NAMES)[number];

/** Words that always work. */
export const COMMAND_NAMES = ["menu", "help", "agent", "back", "exit", "more", "login", "logout"] as const;

export type CommandName = (typeof COMMAND_NAMES)[number];

/** One language: what Parley says in it, and the words that it understands. One file beside this one. */
export interface Language {
  /** The primary subtag of BCP 47, in small letters: "pt" serves "pt-BR" too. */
  readonly code: string;
  /** Its name in itself. */
  readonly name: string;
  readonly messages: Readonly<Record<MessageName, string>>;
  readonly words: LanguageWords;
}

/** Case, accents and punctuation do not matter; a phrase is several words. */
export interface LanguageWords {
  readonly yes: readonly string[];
  readonly no: readonly string[];
  /** What holds a yes or a no and is neither: "not sure", "why not". */
  readonly unsure: readonly string[];
  /** Beside a plain no, what turns an answer round: "not", "without", "none". */
  readonly negations: readonly string[];
  /** What speaks of the options without being one: "both", "another", "how much". */
  readonly neither: readonly string[];
  /** For each number from 1 on, its words. */
  readonly numbers: readonly (readonly string[])[];
  /** For each place from the first on, its words. */
  readonly ordinals: readonly (readonly string[])[];
  /** What makes digits an ordinal: "2nd". */
  readonly ordinalEndings: readonly string[];
  readonly last: readonly string[];
  /** What announces the number of an option: "option 2". */
  readonly numbering: readonly string[];
  /** Between two answers: "small or large". */
  readonly joining: readonly string[];
  /** Around an answer, changing nothing: "I'd like the … one, please". */
  readonly small: readonly string[];
  readonly commands: Readonly<Record<CommandName, readonly string[]>>;
  /** What shows the lists of a number, and, behind the place of one in them ("1 on"), what switches it; START and STOP do in any language. */
  readonly lists: { readonly show: readonly string[]; readonly on: readonly string[]; readonly off: readonly string[] };
}

/** @returns what stands between the commas */
export function parseWords(text: string): readonly string[] {
  return text.split(",").map((each) => each.trim());
}

/** @returns what stands between the commas, each with all that stands between its slashes */
export function parseWordRows(text: string): readonly (readonly string[])[] {
  return parseWords(text).map((each) => each.split("/"));
}
