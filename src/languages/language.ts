/** The automated messages. They are Liquid templates; the README lists the variables of each. */
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

/** Commands that contacts can text at any time. */
export const COMMAND_NAMES = ["menu", "help", "agent", "back", "exit", "more", "login", "logout"] as const;

export type CommandName = (typeof COMMAND_NAMES)[number];

/** The messages and words of one language, each in a file of this folder. */
export interface Language {
  /** The primary subtag of BCP 47, in lower case: "pt" serves "pt-BR" too. */
  readonly code: string;
  /** The name of the language in the language itself. */
  readonly name: string;
  readonly messages: Readonly<Record<MessageName, string>>;
  readonly words: LanguageWords;
}

/**
 * Words that Parley understands. Case, accents and punctuation do not matter; an entry may be a phrase of several
 * words.
 */
export interface LanguageWords {
  readonly yes: readonly string[];
  readonly no: readonly string[];
  /** Phrases that contain a yes or a no but are neither: "not sure", "why not". */
  readonly unsure: readonly string[];
  /** Words besides a plain no that reverse an answer: "not", "without", "none". */
  readonly negations: readonly string[];
  /** Words about the options that choose none of them: "both", "another", "how much". */
  readonly neither: readonly string[];
  /** The words of each number, from 1 on. */
  readonly numbers: readonly (readonly string[])[];
  /** The words of each position, from the first on. */
  readonly ordinals: readonly (readonly string[])[];
  /** Endings that turn digits into an ordinal: "2nd". */
  readonly ordinalEndings: readonly string[];
  readonly last: readonly string[];
  /** Words that announce the number of an option: "option 2". */
  readonly numbering: readonly string[];
  /** Words between two answers: "small or large". */
  readonly joining: readonly string[];
  /** Words around an answer that change nothing: "I'd like the … one, please". */
  readonly small: readonly string[];
  readonly commands: Readonly<Record<CommandName, readonly string[]>>;
  /**
   * Words that show the lists of a number and that, after the position of a list ("1 on"), switch it on or off. START
   * and STOP switch lists in every language.
   */
  readonly lists: { readonly show: readonly string[]; readonly on: readonly string[]; readonly off: readonly string[] };
}

/** Splits a text at its commas. */
export function parseWords(text: string): readonly string[] {
  return text.split(",").map((each) => each.trim());
}

/** Splits a text at its commas, and each entry at its slashes. */
export function parseWordRows(text: string): readonly (readonly string[])[] {
  return parseWords(text).map((each) => each.split("/"));
}
