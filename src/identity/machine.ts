import { LINK_STRAYS } from "../core/limits/linking.ts";
import type { MessageName } from "../languages/language.ts";
import type { Guess } from "./guess.ts";
import type { Person } from "./person.ts";

/** Where PIN and code are given: carriers may withhold texts that look like codes. */
export type Way = "text" | "page";

/** Where finding out who somebody is has come to. What waits for an outcome has an id, which fences what comes late. */
export type Linking =
  /** Whose phone is it? */
  | { readonly phase: "looking"; readonly id: string; readonly way: Way; readonly codeByText: boolean }
  | ({ readonly phase: "pin" } & Found)
  | ({ readonly phase: "checking-pin"; readonly guess: Guess } & Found)
  | ({ readonly phase: "code"; readonly texted: string | null } & Found)
  | ({ readonly phase: "checking-code"; readonly texted: string | null; readonly guess: Guess } & Found);

interface Found {
  readonly person: string;
  /** The hash of the token of the page that was texted; null: it goes by text. */
  readonly page: string | null;
  /** How often something came that could be neither PIN nor code. */
  readonly strays: number;
}

/** What looking somebody up, or comparing a guess, has come to. */
export type LinkOutcome =
  /** No person has the phone, or several have, or they have no PIN, or no second means that may be used. */
  | { readonly kind: "nobody" }
  | { readonly kind: "locked" }
  | { readonly kind: "found"; readonly person: string; readonly page: Page | null }
  | { readonly kind: "wrong" }
  /** The PIN was right. Null: the code is one of the authenticator app. */
  | { readonly kind: "right"; readonly code: TextedCode | null }
  | { readonly kind: "linked"; readonly person: Person };

export interface Page {
  readonly url: string;
  readonly hash: string;
}

/** A code that is sent by text; only its hash is kept to compare with. */
export interface TextedCode {
  readonly digits: string;
  readonly hash: string;
}

/** What the person is told. */
export type Saying =
  | { readonly kind: "message"; readonly name: MessageName; readonly variables?: Readonly<Record<string, unknown>> }
  /** One that holds a code: whoever reads the journal must not. */
  | { readonly kind: "secret"; readonly name: MessageName; readonly variables: Readonly<Record<string, unknown>> }
  | { readonly kind: "page"; readonly url: string };

/** What follows. */
export type Next = { readonly says: readonly Saying[] } & (
  | { readonly kind: "goes-on"; readonly linking: Linking; readonly isRenewed?: true }
  | { readonly kind: "linked"; readonly person: Person }
  /** They go on as a guest; `isLocked`: after guesses, of which more may be on their way. */
  | { readonly kind: "guest"; readonly isLocked?: true }
);

export function begun(id: string, { by: way, codeByText }: { by: Way; codeByText: boolean }): Linking {
  return { phase: "looking", id, way, codeByText };
}

/** Is the person asked for something now? Otherwise their texts wait. */
export function isAsking({ phase }: Linking): boolean {
  return phase === "pin" || phase === "code";
}

/** @returns the id of the outcome that is waited for, or null while the person is asked */
export function awaitedBy(linking: Linking): string | null {
  if ("guess" in linking) return linking.guess.id;
  return linking.phase === "looking" ? linking.id : null;
}

/** The person has given a PIN or a code; it is to be compared. @returns null where none is asked */
export function guessed(linking: Linking, guess: Guess): Linking | null {
  if (linking.phase === "pin") return { ...linking, phase: "checking-pin", guess };
  return linking.phase === "code" ? { ...linking, phase: "checking-code", guess } : null;
}

/** They have said something that is neither; nothing is counted, since it need not be compared. */
export function strayed(linking: Linking): Next {
  if (linking.phase !== "pin" && linking.phase !== "code") return { kind: "goes-on", linking, says: [] };
  const strays = linking.strays + 1;
  if (strays >= LINK_STRAYS) return asGuest("linkFailed");
  return { kind: "goes-on", linking: { ...linking, strays }, says: [message(questionOf(linking))] };
}

/** They want no more of it, or ten minutes are over. */
export function givenUp(): Next {
  return asGuest("linkFailed");
}

/** @returns null where nobody waits for such an outcome (any more) */
export function told(linking: Linking, outcome: LinkOutcome): Next | null {
  if (awaitedBy(linking) === null) return null;
  switch (outcome.kind) {
    case "nobody":
      return asGuest("linkFailed");
    case "locked":
      return { ...asGuest("linkLocked"), isLocked: true };
    case "found":
      return linking.phase === "looking" ? found(outcome) : null;
    case "wrong":
      return "guess" in linking ? again(linking) : null;
    case "right":
      return linking.phase === "checking-pin" ? withPin(linking, outcome.code) : null;
    case "linked": {
      if (linking.phase !== "checking-code") return null;
      const { person } = outcome;
      return { kind: "linked", person, says: [message("linked", { person: { ...person } })] };
    }
  }
}

function found({ person, page }: Extract<LinkOutcome, { kind: "found" }>): Next {
  const linking = { phase: "pin", person, page: page?.hash ?? null, strays: 0 } as const;
  return { kind: "goes-on", linking, says: [page === null ? message("linkPin") : { kind: "page", url: page.url }] };
}

type Checking = Extract<Linking, { guess: Guess }>;

function again(checking: Checking): Next {
  const { guess: _, ...linking } = checking;
  const asking: Linking =
    linking.phase === "checking-pin" ? { ...linking, phase: "pin" } : { ...linking, phase: "code" };
  return { kind: "goes-on", linking: asking, says: linking.page === null ? [message("linkWrong")] : [] };
}

function withPin({ person, page, strays }: Checking, code: TextedCode | null): Next {
  const linking = { phase: "code", person, page, strays, texted: code?.hash ?? null } as const;
  const says = code === null ? question(linking) : [secret("linkTextedCode", { code: code.digits })];
  return { kind: "goes-on", linking, isRenewed: true, says };
}

/** The page asks by itself. */
function question(linking: Extract<Linking, { phase: "pin" | "code" }>): readonly Saying[] {
  return linking.page === null ? [message(questionOf(linking))] : [];
}

function questionOf(linking: Extract<Linking, { phase: "pin" | "code" }>): MessageName {
  if (linking.page !== null) return "linkOnPage";
  if (linking.phase === "pin") return "linkPin";
  return linking.texted === null ? "linkCode" : "linkSentCode";
}

function asGuest(name: MessageName): Extract<Next, { kind: "guest" }> {
  return { kind: "guest", says: [message(name)] };
}

function message(name: MessageName, variables?: Readonly<Record<string, unknown>>): Saying {
  return { kind: "message", name, ...(variables === undefined ? {} : { variables }) };
}

function secret(name: MessageName, variables: Readonly<Record<string, unknown>>): Saying {
  return { kind: "secret", name, variables };
}
