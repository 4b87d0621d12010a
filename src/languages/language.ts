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
  "nothingBefore",
  "tryLater",
] as const;
export type MessageName = (typeof MESSAGE_NAMES)[number];
export const COMMANDS = ["menu", "help", "agent", "back", "exit"] as const;
export type Command = (typeof COMMANDS)[number];
export interface Language {
  readonly code: string;
  readonly name: string;
  readonly messages: Readonly<Record<MessageName, string>>;
  readonly words: Readonly<Record<Command, readonly string[]>>;
}
