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
import type { HeardText, Line, OpenConversation, SenderState, Turn, Wait } from "../model/state.ts";
import { getTurnSid } from "../model/turn.ts";
import { replyToEvent } from "../reply/assistant-reply.ts";

type IdentityCheckConversation = OpenConversation & { readonly rest: Extract<Wait, { kind: "link" }> };

/** @returns the open conversation of a line in which the person is showing who they are, or null */
export function findIdentityCheck({ conversation }: Line): IdentityCheckConversation | null {
  return conversation.status === "open" && conversation.rest.kind === "link"
    ? (conversation as IdentityCheckConversation)
    : null;
}

/**
 * While a PIN or a code is asked, or compared, nothing that the person types is kept as it is, but for words that leave it.
 * @param guess what may be one, sealed; null: it could not be sealed in time, and is asked for again
 * @returns what is kept of the text
 */
export function maskSecretText(
  line: Line,
  number: PhoneNumber,
  text: string,
  guess: string | null,
  world: DecisionContext,
): Pick<HeardText, "text" | "masked"> {
  const open = findIdentityCheck(line);
  if (open === null && (line.masksUntil ?? 0) <= world.now) return { text };
  const isGuess = parseGuess(text) !== null || text === MASKED_GUESS;
  if (open === null) return isGuess ? { text: MASKED_GUESS, masked: { guess: null } } : { text };
  if (isLeavingCheck(world.findApplication(open, number), text, open)) return { text };
  return { text: isGuess ? MASKED_GUESS : MASKED_TEXT, masked: { guess: isGuess ? guess : null } };
}

/** The person has said something to whoever asks for their PIN or code. */
export function receiveGuess(scene: TurnContext, open: IdentityCheckConversation): TurnOutcome {
  const { turn } = scene;
  const { linking, until } = open.rest;
  const masked = turn.kind === "heard" ? turn.heard.masked : undefined;
  if (until <= scene.world.now || masked === undefined)
    return applyIdentityDecision(scene, open, abandonIdentityCheck());
  const { guess } = masked;
  const checking = guess === null ? null : submitGuess(linking, { id: getTurnSid(turn), sealed: guess });
  return checking === null
    ? applyIdentityDecision(scene, open, countStrayText(linking))
    : continueIdentityCheck(scene, { ...open.rest, linking: checking }, []);
}

/** Somebody gives a PIN or a code on the page. @returns null where it is not asked there (any more) */
export function receivePageGuess(
  state: SenderState,
  page: string,
  guess: SealedGuess,
  now: number,
): SenderState | null {
  for (const [number, line] of Object.entries(state.lines)) {
    const open = findIdentityCheck(line);
    const linking =
      open === null || !isCheckOnPage(open.rest.linking, page) ? null : submitGuess(open.rest.linking, guess);
    if (open === null || linking === null || open.rest.until <= now) continue;
    const conversation = { ...open, rest: { ...open.rest, linking } };
    return { ...state, lines: { ...state.lines, [number]: { ...line, conversation } } };
  }
  return null;
}

/** @returns the conversation whose page it is, or null where it has been used or is too old */
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

function isCheckOnPage(linking: IdentityCheck, page: string): boolean {
  return "page" in linking && linking.page === page;
}

/** @returns what is to be found out for a sender, one at a time, or null */
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

/** It has been found out. @returns null where nobody waits for it (any more) */
export function receiveIdentityResult(scene: TurnContext, id: string, outcome: IdentityResult): TurnOutcome | null {
  const open = findIdentityCheck(scene.line);
  if (open === null || findPendingResultId(open.rest.linking) !== id) return null;
  const next = applyIdentityResult(open.rest.linking, outcome);
  if (next === null) return null;
  const followed = applyIdentityDecision(scene, open, next);
  return { ...followed, notes: [...identityResultNotes(outcome), ...followed.notes] };
}

/** Ten minutes are over. */
export function expireIdentityCheck(scene: TurnContext, open: OpenConversation): TurnOutcome {
  return applyIdentityDecision(scene, open, abandonIdentityCheck());
}

/** @returns the turn, which remembers what was found out */
export function recordIdentityResult(turn: Turn, outcome: IdentityResult, at: number): Turn {
  return { ...turn, identified: [...(turn.identified ?? []), { at, outcome: maskCode(outcome) }] };
}

function maskCode(outcome: IdentityResult): IdentityResult {
  if (outcome.kind !== "right" || outcome.code === null) return outcome;
  return { ...outcome, code: { digits: maskDigits(outcome.code.digits), hash: "" } };
}

/** Something has become of a person: they are known anew where they are linked. @param person null: they are linked nowhere any more */
export function updateLinkedPerson(state: SenderState, id: string, person: Person | null): SenderState {
  const changed = Object.entries(state.lines).flatMap(([number, line]) => {
    const { link, ...guest } = line;
    if (link?.person.id !== id) return [];
    return [[number, person === null ? guest : { ...line, link: { ...link, person } }] as const];
  });
  return changed.length === 0 ? state : { ...state, lines: { ...state.lines, ...Object.fromEntries(changed) } };
}

/** A guess that has been compared, or never will be, is kept no longer. */
export function clearComparedGuess(turn: Turn, { waiting = [] }: Line): Turn {
  if (turn.kind !== "heard") return turn;
  const { heard } = turn;
  if (heard.masked === undefined || heard.masked.guess === null || waiting.includes(turn.id)) return turn;
  return { ...turn, heard: { ...heard, masked: { guess: null } } };
}

function applyIdentityDecision(scene: TurnContext, open: OpenConversation, next: IdentityDecision): TurnOutcome {
  const { now } = scene.world;
  const answering = scene.world.findApplication(open, scene.turn.number);
  const says = answering === null ? [] : next.says.flatMap((saying) => toAnswers(saying, answering, open));
  switch (next.kind) {
    case "goes-on": {
      const until = next.isRenewed || open.rest.kind !== "link" ? now + IDENTITY_CHECK_MILLISECONDS : open.rest.until;
      return continueIdentityCheck(scene, { kind: "link", linking: next.linking, until }, says, answering);
    }
    case "linked": {
      const link = createPersonLink(next.person, open, answering, now);
      return replyToEvent({ ...scene, line: { ...scene.line, link } }, { kind: "linked", isLinked: true }, says);
    }
    case "guest": {
      const line = next.isLocked ? { ...scene.line, masksUntil: now + IDENTITY_MASK_MILLISECONDS } : scene.line;
      return replyToEvent({ ...scene, line }, { kind: "linked", isLinked: false }, says);
    }
  }
}

function createPersonLink(
  person: Person,
  open: OpenConversation,
  answering: ReadyApplication | null,
  now: number,
): PersonLink {
  const days = answering?.linking.keepDays ?? 0;
  return { person, at: now, until: days === 0 ? null : now + days * 24 * 3_600_000, conversation: open.id };
}

/** It goes on; the conversation is idle from when nobody can go on with it any more. */
function continueIdentityCheck(
  { line, turn, world }: TurnContext,
  rest: Extract<Wait, { kind: "link" }>,
  says: readonly AssistantAnswer[],
  known: ReadyApplication | null = null,
): TurnOutcome {
  const open = findIdentityCheck(line);
  const conversation = open === null ? line.conversation : { ...open, turn: turn.id, rest };
  const answering = known ?? (open === null ? null : world.findApplication(open, turn.number));
  const { contents, notes } = renderAnswers(says, answering?.smartEncoding ?? false);
  const idleAt = rest.until + (answering?.idleSeconds ?? 0) * 1_000;
  return {
    line: { ...line, conversation: conversation.status === "open" ? { ...conversation, idleAt } : conversation },
    conversation: open?.id ?? turn.conversation,
    contents,
    whenUnknown: answering?.whenUnknown ?? null,
    ...(answering === null ? {} : { answeredBy: { application: answering.id, publication: answering.publication } }),
    notes,
  };
}

function toAnswers(
  saying: IdentityMessage,
  { message, linking }: ReadyApplication,
  { language }: OpenConversation,
): readonly AssistantAnswer[] {
  if (saying.kind === "page") return [{ kind: "link", url: saying.url, label: message("linkPage", language) ?? "" }];
  const text = message(saying.name, language, { exit: linking.exit(language), ...saying.variables });
  if (saying.kind === "secret") return [{ kind: "text", text: text ?? String(saying.variables["code"]), secret: true }];
  return text === null ? [] : [{ kind: "text", text }];
}

function isLeavingCheck(answering: ReadyApplication | null, text: string, { language }: OpenConversation): boolean {
  return answering?.linking.isLeaving(text, language) ?? false;
}

function identityResultNotes(outcome: IdentityResult): readonly string[] {
  switch (outcome.kind) {
    case "nobody":
      return ["Not one person alone has this phone, with a PIN and a second means that may be used."];
    case "locked":
      return ["The person is locked after three wrong tries: DELETE /v1/persons/{id}/lock unlocks them."];
    case "linked":
      return [`Linked to person "${outcome.person.id}".`];
    case "found":
    case "wrong":
    case "right":
      return [];
  }
}
