import { renderAnswers } from "../../assistants/message-content.ts";
import type { AssistantAnswer, ReadyApplication } from "../../contract/assistant.ts";
import { IDENTITY_CHECK_MILLISECONDS, IDENTITY_MASK_MILLISECONDS } from "../../core/limits/identity.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import {
  abandonIdentityCheck,
  applyIdentityResult,
  countStrayText,
  findPendingResultId,
  type IdentityCheck,
  type IdentityDecision,
  type IdentityMessage,
  type IdentityResult,
  submitGuess,
} from "../../identity/identity-check.ts";
import type { Person, PersonLink } from "../../identity/person.ts";
import { MASKED_GUESS, MASKED_TEXT, maskDigits, parseGuess, type SealedGuess } from "../../identity/pin-mask.ts";
import type { DecisionContext, TurnContext, TurnOutcome } from "../model/context.ts";
import { updateLines, withLine, withoutPersonLink } from "../model/line.ts";
import type { HeardText, Line, OpenConversation, SenderState, Turn, Wait } from "../model/state.ts";
import { getTurnSid } from "../model/turn.ts";
import { replyToEvent } from "../reply/assistant-reply.ts";

type IdentityCheckConversation = OpenConversation & { readonly rest: Extract<Wait, { kind: "link" }> };

/** @returns the open conversation of a line if an identity check is in progress, or null */
export function findIdentityCheck({ conversation }: Line): IdentityCheckConversation | null {
  return conversation.status === "open" && conversation.rest.kind === "link"
    ? (conversation as IdentityCheckConversation)
    : null;
}

/**
 * Masks a text that comes during an identity check, unless it is the word that leaves the check. After a lock, texts
 * that look like a PIN or a code are masked for a while.
 * @param guess the sealed PIN or code; null if it was not sealed in time, and the contact is asked again
 * @returns the text as it may be stored
 */
export function maskSecretText(
  line: Line,
  number: PhoneNumber,
  text: string,
  guess: string | null,
  context: DecisionContext,
): Pick<HeardText, "text" | "masked"> {
  const open = findIdentityCheck(line);
  if (open === null && (line.masksUntil ?? 0) <= context.now) return { text };
  const isGuess = parseGuess(text) !== null || text === MASKED_GUESS;
  if (open === null) return isGuess ? { text: MASKED_GUESS, masked: { guess: null } } : { text };
  if (isLeavingCheck(context.findApplication(open, number), text, open)) return { text };
  return { text: isGuess ? MASKED_GUESS : MASKED_TEXT, masked: { guess: isGuess ? guess : null } };
}

/** Takes the text with which a contact answers the question for a PIN or a code. */
export function receiveGuess(turnContext: TurnContext, open: IdentityCheckConversation): TurnOutcome {
  const { turn } = turnContext;
  const { linking: check, until } = open.rest;
  const masked = turn.kind === "heard" ? turn.heard.masked : undefined;
  if (until <= turnContext.context.now || masked === undefined)
    return applyIdentityDecision(turnContext, open, abandonIdentityCheck());
  const { guess } = masked;
  const checking = guess === null ? null : submitGuess(check, { id: getTurnSid(turn), sealed: guess });
  return checking === null
    ? applyIdentityDecision(turnContext, open, countStrayText(check))
    : continueIdentityCheck(turnContext, { ...open.rest, linking: checking }, []);
}

/** Takes a PIN or a code from an identity page. @returns null if the page does not ask for one (any more) */
export function receivePageGuess(
  state: SenderState,
  page: string,
  guess: SealedGuess,
  now: number,
): SenderState | null {
  for (const [number, line] of Object.entries(state.lines)) {
    const open = findIdentityCheck(line);
    const check =
      open === null || !isCheckOnPage(open.rest.linking, page) ? null : submitGuess(open.rest.linking, guess);
    if (open === null || check === null || open.rest.until <= now) continue;
    return withLine(state, number, { ...line, conversation: { ...open, rest: { ...open.rest, linking: check } } });
  }
  return null;
}

/** @returns the conversation that an identity page belongs to, or null if the page is used or has expired */
export function findCheckByPage(
  state: SenderState,
  page: string,
  now: number,
): { readonly number: PhoneNumber; readonly open: IdentityCheckConversation } | null {
  for (const [number, line] of Object.entries(state.lines)) {
    const open = findIdentityCheck(line);
    if (open !== null && isCheckOnPage(open.rest.linking, page) && open.rest.until > now) return { number, open };
  }
  return null;
}

function isCheckOnPage(check: IdentityCheck, page: string): boolean {
  return "page" in check && check.page === page;
}

/** @returns the first identity check of the contact that waits for a result, or null */
export function findPendingIdentityResult(
  state: SenderState,
): { readonly number: PhoneNumber; readonly open: IdentityCheckConversation; readonly id: string } | null {
  for (const [number, line] of Object.entries(state.lines)) {
    const open = findIdentityCheck(line);
    const id = open === null ? null : findPendingResultId(open.rest.linking);
    if (open !== null && id !== null) return { number, open, id };
  }
  return null;
}

/** Applies the result of an identity check. @returns null if the conversation does not wait for it (any more) */
export function receiveIdentityResult(
  turnContext: TurnContext,
  id: string,
  outcome: IdentityResult,
): TurnOutcome | null {
  const open = findIdentityCheck(turnContext.line);
  if (open === null || findPendingResultId(open.rest.linking) !== id) return null;
  const next = applyIdentityResult(open.rest.linking, outcome);
  if (next === null) return null;
  const after = applyIdentityDecision(turnContext, open, next);
  return { ...after, notes: [...describeIdentityResult(outcome), ...after.notes] };
}

/** Ends a check that took longer than `IDENTITY_CHECK_MILLISECONDS`. */
export function expireIdentityCheck(turnContext: TurnContext, open: OpenConversation): TurnOutcome {
  return applyIdentityDecision(turnContext, open, abandonIdentityCheck());
}

/** Logs the result of an identity check in its turn, with any code masked. */
export function recordIdentityResult(turn: Turn, outcome: IdentityResult, at: number): Turn {
  return { ...turn, identified: [...(turn.identified ?? []), { at, outcome: maskCode(outcome) }] };
}

function maskCode(outcome: IdentityResult): IdentityResult {
  if (outcome.kind !== "right" || outcome.code === null) return outcome;
  return { ...outcome, code: { digits: maskDigits(outcome.code.digits), hash: "" } };
}

/** Updates a person on all lines that link to them. @param person null to make the contact a guest again */
export function updateLinkedPerson(state: SenderState, id: string, person: Person | null): SenderState {
  return updateLines(state, (line) => {
    if (line.link?.person.id !== id) return line;
    return person === null ? withoutPersonLink(line) : { ...line, link: { ...line.link, person } };
  });
}

/** Removes the sealed guess from a turn, unless the text still waits. */
export function clearComparedGuess(turn: Turn, { waiting = [] }: Line): Turn {
  if (turn.kind !== "heard") return turn;
  const { heard } = turn;
  if (heard.masked === undefined || heard.masked.guess === null || waiting.includes(turn.id)) return turn;
  return { ...turn, heard: { ...heard, masked: { guess: null } } };
}

function applyIdentityDecision(turnContext: TurnContext, open: OpenConversation, next: IdentityDecision): TurnOutcome {
  const { now } = turnContext.context;
  const application = turnContext.context.findApplication(open, turnContext.turn.number);
  const answers = application === null ? [] : next.says.flatMap((message) => toAnswers(message, application, open));
  switch (next.kind) {
    case "goes-on": {
      const until = next.isRenewed || open.rest.kind !== "link" ? now + IDENTITY_CHECK_MILLISECONDS : open.rest.until;
      return continueIdentityCheck(turnContext, { kind: "link", linking: next.linking, until }, answers, application);
    }
    case "linked": {
      const link = createPersonLink(next.person, open, application, now);
      return replyToEvent(
        { ...turnContext, line: { ...turnContext.line, link } },
        { kind: "linked", isLinked: true },
        answers,
      );
    }
    case "guest": {
      const line = next.isLocked
        ? { ...turnContext.line, masksUntil: now + IDENTITY_MASK_MILLISECONDS }
        : turnContext.line;
      return replyToEvent({ ...turnContext, line }, { kind: "linked", isLinked: false }, answers);
    }
  }
}

function createPersonLink(
  person: Person,
  open: OpenConversation,
  application: ReadyApplication | null,
  now: number,
): PersonLink {
  const days = application?.linking.keepDays ?? 0;
  return { person, at: now, until: days === 0 ? null : now + days * 24 * 3_600_000, conversation: open.id };
}

/** Continues an identity check. The idle time of the conversation begins when the check expires. */
function continueIdentityCheck(
  { line, turn, context }: TurnContext,
  wait: Extract<Wait, { kind: "link" }>,
  answers: readonly AssistantAnswer[],
  knownApplication: ReadyApplication | null = null,
): TurnOutcome {
  const open = findIdentityCheck(line);
  const conversation = open === null ? line.conversation : { ...open, turn: turn.id, rest: wait };
  const application = knownApplication ?? (open === null ? null : context.findApplication(open, turn.number));
  const { contents, notes } = renderAnswers(answers, application?.smartEncoding ?? false);
  const idleAt = wait.until + (application?.idleSeconds ?? 0) * 1_000;
  return {
    line: { ...line, conversation: conversation.status === "open" ? { ...conversation, idleAt } : conversation },
    conversation: open?.id ?? turn.conversation,
    contents,
    whenUnknown: application?.whenUnknown ?? null,
    ...(application === null
      ? {}
      : { answeredBy: { application: application.id, publication: application.publication } }),
    notes,
  };
}

function toAnswers(
  message: IdentityMessage,
  { message: findText, linking }: ReadyApplication,
  { language }: OpenConversation,
): readonly AssistantAnswer[] {
  if (message.kind === "page") return [{ kind: "link", url: message.url, label: findText("linkPage", language) ?? "" }];
  const text = findText(message.name, language, { exit: linking.exit(language), ...message.variables });
  if (message.kind === "secret")
    return [{ kind: "text", text: text ?? String(message.variables["code"]), secret: true }];
  return text === null ? [] : [{ kind: "text", text }];
}

function isLeavingCheck(application: ReadyApplication | null, text: string, { language }: OpenConversation): boolean {
  return application?.linking.isLeaving(text, language) ?? false;
}

function describeIdentityResult(outcome: IdentityResult): readonly string[] {
  switch (outcome.kind) {
    case "nobody":
      return ["Identity not checked: this phone must belong to exactly one person with a PIN and a second factor."];
    case "locked":
      return ["Locked after three incorrect tries. Unlock the person with DELETE /v1/persons/{id}/lock."];
    case "linked":
      return [`Linked to person "${outcome.person.id}".`];
    case "found":
    case "wrong":
    case "right":
      return [];
  }
}
