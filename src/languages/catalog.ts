import type { Language } from "./language.ts";

const en: Language = {
  code: "en",
  name: "English",
  messages: {
    greeting: "Welcome to {{ application.name }}.",
    notUnderstood: "Sorry, I did not understand that.",
    failure: "We're sorry, but we can't respond to your message.",
    outOfHours: "We are closed now.{% if opens %} We open {{ opens }}.{% endif %}",
    holiday: "We are closed today{% if holiday %} for {{ holiday }}{% endif %}.",
    sessionEnded: "This conversation has ended. Text us any time.",
    fileTooLarge: "That file is too large.",
    fileTypeNotSupported: "We cannot open that kind of file.",
    stillThere: "Still there?",
    goodbye: "Goodbye!",
    choiceNotClear: "That was not clear.",
    didYouMean: "Did you mean:",
    answerNumber:
      "{% if count == 1 %}Please answer 1.{% else %}Please answer with a number from 1 to {{ count }}.{% endif %}",
    answerYesOrNo: "Please answer yes or no.",
    notANumber: "Please send a number.",
    notADate: "Please send a date.",
    notAnEmail: "Please send an email address.",
    notAPhone: "Please send a phone number.",
    doesNotFit: "That does not fit. Please try again.",
    uploadWanted: "Please send a picture, or a link to one.",
    more: "More",
    help: "You can text: {{ words }}.",
    noAgent: "Nobody can take over right now.",
    nothingBefore: "There is nothing to go back to.",
    tryLater: "Something went wrong. Please try again later.",
  },
  words: { menu: ["menu"], help: ["help"], agent: ["agent"], back: ["back"], exit: ["exit", "bye"] },
};
export const LANGUAGE_CODES = ["en"];
export function isKnownLanguage(tag: string): boolean {
  return LANGUAGE_CODES.includes(tag.split("-")[0] ?? "");
}
export function languageOf(..._tags: readonly string[]): Language {
  return en;
}
