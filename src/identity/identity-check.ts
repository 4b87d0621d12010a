import { IDENTITY_STRAY_TEXTS } from "../core/limits/identity.ts";
import type { MessageName } from "../languages/language.ts";
import type { Person } from "./person.ts";
import type { SealedGuess } from "./pin-mask.ts";

/** Where PIN and code are given: carriers may withhold texts that look like codes. */
export type IdentityChannel = "text" | "page";

/** Where finding out who somebody is has come to. What waits for an outcome has an id, which fences what comes late. */
export type IdentityCheck =
  /** Whose phone is it? */
  | { readonly phase: "looking"; readonly id: string; readonly way: IdentityChannel; readonly codeByText: boolean }
  | ({ readonly phase: "pin" } & CheckProgress)
  | ({ readonly phase: "checking-pin"; readonly guess: SealedGuess } & CheckProgress)
  | ({ readonly phase: "code"; readonly texted: string | null } & CheckProgress)
  | ({ readonly phase: "checking-code"; readonly texted: string | null; readonly guess: SealedGuess } & CheckProgress);

interface CheckProgress {
  readonly person: string;
  /** The hash of the token of the page that was texted; null: it goes by text. */
  readonly page: string | null;
  /** How often something came that could be neither PIN nor code. */
  readonly strays: number;
}

/** What looking somebody up, or comparing a guess, has come to. */
export type IdentityResult =
  /** No person has the phone, or several have, or they have no PIN, or no second means that may be used. */
  | { readonly kind: "nobody" }
  | { readonly kind: "locked" }
  | { readonly kind: "found"; readonly person: string; readonly page: IdentityPage | null }
  | { readonly kind: "wrong" }
  /** The PIN was right. Null: the code is one of the authenticator app. */
  | { readonly kind: "right"; readonly code: TextedCode | null }
  | { readonly kind: "linked"; readonly person: Person };

export interface IdentityPage {
  readonly url: string;
  readonly hash: string;
}

/** A code that is sent by text; only its hash is kept to compare with. */
export interface TextedCode {
  readonly digits: string;
  readonly hash: string;
}

/** What the person is told. */
export type IdentityMessage =
  | { readonly kind: "message"; readonly name: MessageName; readonly variables?: Readonly<Record<string, unknown>> }
  /** One that holds a code: whoever reads the journal must not. */
  | { readonly kind: "secret"; readonly name: MessageName; readonly variables: Readonly<Record<string, unknown>> }
  | { readonly kind: "page"; readonly url: string };

/** What follows. */
export type IdentityDecision = { readonly says: readonly IdentityMessage[] } & (
  | { readonly kind: "goes-on"; readonly linking: IdentityCheck; readonly isRenewed?: true }
  | { readonly kind: "linked"; readonly person: Person }
  /** They go on as a guest; `isLocked`: after guesses, of which more may be on their way. */
  | { readonly kind: "guest"; readonly isLocked?: true }
);

export function startIdentityCheck(
  id: string,
  { by: way, codeByText }: { by: IdentityChannel; codeByText: boolean },
): IdentityCheck {
  return { phase: "looking", id, way, codeByText };
}

/** Is the person asked for something now? Otherwise their texts wait. */
export function isAwaitingGuess({ phase }: IdentityCheck): boolean {
  return phase === "pin" || phase === "code";
}

/** @returns the id of the outcome that is waited for, or null while the person is asked */
export function findPendingResultId(linking: IdentityCheck): string | null {
  if ("guess" in linking) return linking.guess.id;
  return linking.phase === "looking" ? linking.id : null;
}

/** The person has given a PIN or a code; it is to be compared. @returns null where none is asked */
export function submitGuess(linking: IdentityCheck, guess: SealedGuess): IdentityCheck | null {
  if (linking.phase === "pin") return { ...linking, phase: "checking-pin", guess };
  return linking.phase === "code" ? { ...linking, phase: "checking-code", guess } : null;
}

/** They have said something that is neither; nothing is counted, since it need not be compared. */
export function countStrayText(linking: IdentityCheck): IdentityDecision {
  if (linking.phase !== "pin" && linking.phase !== "code") return { kind: "goes-on", linking, says: [] };
  const strays = linking.strays + 1;
  if (strays >= IDENTITY_STRAY_TEXTS) return continueAsGuest("linkFailed");
  return { kind: "goes-on", linking: { ...linking, strays }, says: [createMessage(chooseQuestionName(linking))] };
}

/** They want no more of it, or ten minutes are over. */
export function abandonIdentityCheck(): IdentityDecision {
  return continueAsGuest("linkFailed");
}

/** @returns null where nobody waits for such an outcome (any more) */
export function applyIdentityResult(linking: IdentityCheck, outcome: IdentityResult): IdentityDecision | null {
  if (findPendingResultId(linking) === null) return null;
  switch (outcome.kind) {
    case "nobody":
      return continueAsGuest("linkFailed");
    case "locked":
      return { ...continueAsGuest("linkLocked"), isLocked: true };
    case "found":
      return linking.phase === "looking" ? askForPin(outcome) : null;
    case "wrong":
      return "guess" in linking ? askAgain(linking) : null;
    case "right":
      return linking.phase === "checking-pin" ? askForCode(linking, outcome.code) : null;
    case "linked": {
      if (linking.phase !== "checking-code") return null;
      const { person } = outcome;
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

type GuessComparison = Extract<IdentityCheck, { guess: SealedGuess }>;

function askAgain(checking: GuessComparison): IdentityDecision {
  const { guess: _, ...linking } = checking;
  const asking: IdentityCheck =
    linking.phase === "checking-pin" ? { ...linking, phase: "pin" } : { ...linking, phase: "code" };
  return { kind: "goes-on", linking: asking, says: linking.page === null ? [createMessage("linkWrong")] : [] };
}

function askForCode({ person, page, strays }: GuessComparison, code: TextedCode | null): IdentityDecision {
  const linking = { phase: "code", person, page, strays, texted: code?.hash ?? null } as const;
  const says = code === null ? createQuestion(linking) : [createSecretMessage("linkTextedCode", { code: code.digits })];
  return { kind: "goes-on", linking, isRenewed: true, says };
}

/** The page asks by itself. */
function createQuestion(linking: Extract<IdentityCheck, { phase: "pin" | "code" }>): readonly IdentityMessage[] {
  return linking.page === null ? [createMessage(chooseQuestionName(linking))] : [];
}

function chooseQuestionName(linking: Extract<IdentityCheck, { phase: "pin" | "code" }>): MessageName {
  if (linking.page !== null) return "linkOnPage";
  if (linking.phase === "pin") return "linkPin";
  return linking.texted === null ? "linkCode" : "linkSentCode";
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
