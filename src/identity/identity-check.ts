import { IDENTITY_STRAY_TEXTS } from "../core/limits/identity.ts";
import type { MessageName } from "../languages/language.ts";
import type { IdentityChannel, Person } from "./person.ts";
import type { SealedGuess } from "./pin-mask.ts";

/**
 * A running identity check of one contact. A phase that waits for a result has an id (`id`, or that of its guess), so
 * that a result which arrives late is recognised and ignored.
 */
export type IdentityCheck =
  /** Looks up which person the contact's phone belongs to. */
  | { readonly phase: "looking"; readonly id: string; readonly way: IdentityChannel; readonly codeByText: boolean }
  | ({ readonly phase: "pin" } & CheckProgress)
  | ({ readonly phase: "checking-pin"; readonly guess: SealedGuess } & CheckProgress)
  /** `texted` is the hash of the code that was texted; null: the code comes from the authenticator app. */
  | ({ readonly phase: "code"; readonly texted: string | null } & CheckProgress)
  | ({ readonly phase: "checking-code"; readonly texted: string | null; readonly guess: SealedGuess } & CheckProgress);

interface CheckProgress {
  readonly person: string;
  /** The hash of the token of the page that was texted; null: PIN and code are entered by text. */
  readonly page: string | null;
  /** The number of texts so far that could be neither PIN nor code. */
  readonly strays: number;
}

type AskingCheck = Extract<IdentityCheck, { phase: "pin" | "code" }>;

type ComparingCheck = Extract<IdentityCheck, { guess: SealedGuess }>;

/** The result of looking up a person or of comparing a guess. */
export type IdentityResult =
  /** The phone belongs to no person or to several, or the person has no PIN or no second factor that may be used. */
  | { readonly kind: "nobody" }
  | { readonly kind: "locked" }
  | { readonly kind: "found"; readonly person: string; readonly page: IdentityPage | null }
  | { readonly kind: "wrong" }
  /** The PIN was right. `code` is null if the authenticator app provides the code. */
  | { readonly kind: "right"; readonly code: TextedCode | null }
  | { readonly kind: "linked"; readonly person: Person };

export interface IdentityPage {
  readonly url: string;
  readonly hash: string;
}

/** A code sent by text; only its hash is stored for the comparison. */
export interface TextedCode {
  readonly digits: string;
  readonly hash: string;
}

/** A message that an identity check sends to the contact. */
export type IdentityMessage =
  | { readonly kind: "message"; readonly name: MessageName; readonly variables?: Readonly<Record<string, unknown>> }
  /** A message with a code, which transcripts and exports must not show. */
  | { readonly kind: "secret"; readonly name: MessageName; readonly variables: Readonly<Record<string, unknown>> }
  | { readonly kind: "page"; readonly url: string };

/** The next state of an identity check and the messages to send. */
export type IdentityDecision = { readonly says: readonly IdentityMessage[] } & (
  | { readonly kind: "goes-on"; readonly linking: IdentityCheck; readonly isRenewed?: true }
  | { readonly kind: "linked"; readonly person: Person }
  /** The contact continues as a guest. `isLocked`: too many guesses failed, and more may be on their way. */
  | { readonly kind: "guest"; readonly isLocked?: true }
);

export function startIdentityCheck(
  id: string,
  { by: way, codeByText }: { by: IdentityChannel; codeByText: boolean },
): IdentityCheck {
  return { phase: "looking", id, way, codeByText };
}

/** @returns whether the contact should enter something now; in all other phases texts wait */
export function isAwaitingGuess({ phase }: IdentityCheck): boolean {
  return phase === "pin" || phase === "code";
}

/** @returns the id of the pending result; null while the contact is to enter something */
export function findPendingResultId(check: IdentityCheck): string | null {
  if ("guess" in check) return check.guess.id;
  return check.phase === "looking" ? check.id : null;
}

/** Accepts a PIN or code for comparison. @returns null if the check does not ask for one */
export function submitGuess(check: IdentityCheck, guess: SealedGuess): IdentityCheck | null {
  if (check.phase === "pin") return { ...check, phase: "checking-pin", guess };
  return check.phase === "code" ? { ...check, phase: "checking-code", guess } : null;
}

/**
 * Handles a text that can be neither PIN nor code: it is not counted as a guess, but too many of them end the check.
 */
export function countStrayText(check: IdentityCheck): IdentityDecision {
  if (check.phase !== "pin" && check.phase !== "code") return { kind: "goes-on", linking: check, says: [] };
  const strays = check.strays + 1;
  if (strays >= IDENTITY_STRAY_TEXTS) return continueAsGuest("linkFailed");
  return { kind: "goes-on", linking: { ...check, strays }, says: [createMessage(chooseQuestionName(check))] };
}

/** Ends a check because the contact gave up or the timeout has passed. */
export function abandonIdentityCheck(): IdentityDecision {
  return continueAsGuest("linkFailed");
}

/**
 * Applies the result of a lookup or comparison.
 * @returns null if the check does not wait for such a result (any more)
 */
export function applyIdentityResult(check: IdentityCheck, result: IdentityResult): IdentityDecision | null {
  if (findPendingResultId(check) === null) return null;
  switch (result.kind) {
    case "nobody":
      return continueAsGuest("linkFailed");
    case "locked":
      return { ...continueAsGuest("linkLocked"), isLocked: true };
    case "found":
      return check.phase === "looking" ? askForPin(result) : null;
    case "wrong":
      return "guess" in check ? askAgain(check) : null;
    case "right":
      return check.phase === "checking-pin" ? askForCode(check, result.code) : null;
    case "linked": {
      if (check.phase !== "checking-code") return null;
      const { person } = result;
      return { kind: "linked", person, says: [createMessage("linked", { person: { ...person } })] };
    }
  }
}

function askForPin({ person, page }: Extract<IdentityResult, { kind: "found" }>): IdentityDecision {
  const linking = { phase: "pin", person, page: page?.hash ?? null, strays: 0 } as const;
  return {
    kind: "goes-on",
    linking,
    says: [page === null ? createMessage("linkPin") : { kind: "page", url: page.url }],
  };
}

function askAgain(comparing: ComparingCheck): IdentityDecision {
  const { guess: _, ...check } = comparing;
  const linking: IdentityCheck =
    check.phase === "checking-pin" ? { ...check, phase: "pin" } : { ...check, phase: "code" };
  return { kind: "goes-on", linking, says: check.page === null ? [createMessage("linkWrong")] : [] };
}

function askForCode({ person, page, strays }: ComparingCheck, code: TextedCode | null): IdentityDecision {
  const linking = { phase: "code", person, page, strays, texted: code?.hash ?? null } as const;
  const says = code === null ? createQuestion(linking) : [createSecretMessage("linkTextedCode", { code: code.digits })];
  return { kind: "goes-on", linking, isRenewed: true, says };
}

/** @returns the question to text; none if the contact enters the answer on a page, which shows the question itself */
function createQuestion(check: AskingCheck): readonly IdentityMessage[] {
  return check.page === null ? [createMessage(chooseQuestionName(check))] : [];
}

function chooseQuestionName(check: AskingCheck): MessageName {
  if (check.page !== null) return "linkOnPage";
  if (check.phase === "pin") return "linkPin";
  return check.texted === null ? "linkCode" : "linkSentCode";
}

function continueAsGuest(name: MessageName): Extract<IdentityDecision, { kind: "guest" }> {
  return { kind: "guest", says: [createMessage(name)] };
}

function createMessage(name: MessageName, variables?: Readonly<Record<string, unknown>>): IdentityMessage {
  return { kind: "message", name, ...(variables === undefined ? {} : { variables }) };
}

function createSecretMessage(name: MessageName, variables: Readonly<Record<string, unknown>>): IdentityMessage {
  return { kind: "secret", name, variables };
}
