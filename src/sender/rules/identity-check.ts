import { render } from "../../assistants/render.ts";
import type { Answer, Answering } from "../../contract/assistant.ts";
import { LINK_MASK_MILLISECONDS, LINK_MILLISECONDS } from "../../core/limits/linking.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import { type Guess, guessIn, MASKED_GUESS, MASKED_WORDS, withoutDigits } from "../../identity/guess.ts";
import {
  awaitedBy,
  givenUp,
  guessed,
  type Linking,
  type LinkOutcome,
  type Next,
  type Saying,
  strayed,
  told,
} from "../../identity/machine.ts";
import type { Link, Person } from "../../identity/person.ts";
import type { Outcome, Scene, World } from "../model/context.ts";
import type { HeardText, Line, OpenConversation, Rest, SenderState, Turn } from "../model/state.ts";
import { sidOf } from "../model/turn.ts";
import { reply } from "../reply/assistant-reply.ts";

type Linked = OpenConversation & { readonly rest: Extract<Rest, { kind: "link" }> };

/** @returns the open conversation of a line in which the person is showing who they are, or null */
export function linkingOn({ conversation }: Line): Linked | null {
  return conversation.status === "open" && conversation.rest.kind === "link" ? (conversation as Linked) : null;
}

/**
 * While a PIN or a code is asked, or compared, nothing that the person types is kept as it is, but for words that leave it.
 * @param guess what may be one, sealed; null: it could not be sealed in time, and is asked for again
 * @returns what is kept of the text
 */
export function heardWhileLinking(
  line: Line,
  number: PhoneNumber,
  text: string,
  guess: string | null,
  world: World,
): Pick<HeardText, "text" | "masked"> {
  const open = linkingOn(line);
  if (open === null && (line.masksUntil ?? 0) <= world.now) return { text };
  const isGuess = guessIn(text) !== null || text === MASKED_GUESS;
  if (open === null) return isGuess ? { text: MASKED_GUESS, masked: { guess: null } } : { text };
  if (isLeaving(world.answering(open, number), text, open)) return { text };
  return { text: isGuess ? MASKED_GUESS : MASKED_WORDS, masked: { guess: isGuess ? guess : null } };
}

/** The person has said something to whoever asks for their PIN or code. */
export function hearGuess(scene: Scene, open: Linked): Outcome {
  const { turn } = scene;
  const { linking, until } = open.rest;
  const masked = turn.kind === "heard" ? turn.heard.masked : undefined;
  if (until <= scene.world.now || masked === undefined) return follow(scene, open, givenUp());
  const { guess } = masked;
  const checking = guess === null ? null : guessed(linking, { id: sidOf(turn), sealed: guess });
  return checking === null
    ? follow(scene, open, strayed(linking))
    : stay(scene, { ...open.rest, linking: checking }, []);
}

/** Somebody gives a PIN or a code on the page. @returns null where it is not asked there (any more) */
export function withPageGuess(state: SenderState, page: string, guess: Guess, now: number): SenderState | null {
  for (const [number, line] of Object.entries(state.lines)) {
    const open = linkingOn(line);
    const linking = open === null || !isOfPage(open.rest.linking, page) ? null : guessed(open.rest.linking, guess);
    if (open === null || linking === null || open.rest.until <= now) continue;
    const conversation = { ...open, rest: { ...open.rest, linking } };
    return { ...state, lines: { ...state.lines, [number]: { ...line, conversation } } };
  }
  return null;
}

/** @returns the conversation whose page it is, or null where it has been used or is too old */
export function pageIn(
  state: SenderState,
  page: string,
  now: number,
): { readonly number: PhoneNumber; readonly open: Linked } | null {
  for (const [number, line] of Object.entries(state.lines)) {
    const open = linkingOn(line);
    if (open !== null && isOfPage(open.rest.linking, page) && open.rest.until > now) return { number, open };
  }
  return null;
}

function isOfPage(linking: Linking, page: string): boolean {
  return "page" in linking && linking.page === page;
}

/** @returns what is to be found out for a sender, one at a time, or null */
export function inquiryIn(
  state: SenderState,
): { readonly number: PhoneNumber; readonly open: Linked; readonly id: string } | null {
  for (const [number, line] of Object.entries(state.lines)) {
    const open = linkingOn(line);
    const id = open === null ? null : awaitedBy(open.rest.linking);
    if (open !== null && id !== null) return { number, open, id };
  }
  return null;
}

/** It has been found out. @returns null where nobody waits for it (any more) */
export function hearFound(scene: Scene, id: string, outcome: LinkOutcome): Outcome | null {
  const open = linkingOn(scene.line);
  if (open === null || awaitedBy(open.rest.linking) !== id) return null;
  const next = told(open.rest.linking, outcome);
  if (next === null) return null;
  const followed = follow(scene, open, next);
  return { ...followed, notes: [...notesOn(outcome), ...followed.notes] };
}

/** Ten minutes are over. */
export function hearNothing(scene: Scene, open: OpenConversation): Outcome {
  return follow(scene, open, givenUp());
}

/** @returns the turn, which remembers what was found out */
export function withFound(turn: Turn, outcome: LinkOutcome, at: number): Turn {
  return { ...turn, identified: [...(turn.identified ?? []), { at, outcome: withoutCode(outcome) }] };
}

function withoutCode(outcome: LinkOutcome): LinkOutcome {
  if (outcome.kind !== "right" || outcome.code === null) return outcome;
  return { ...outcome, code: { digits: withoutDigits(outcome.code.digits), hash: "" } };
}

/** Something has become of a person: they are known anew where they are linked. @param person null: they are linked nowhere any more */
export function withPerson(state: SenderState, id: string, person: Person | null): SenderState {
  const changed = Object.entries(state.lines).flatMap(([number, line]) => {
    const { link, ...guest } = line;
    if (link?.person.id !== id) return [];
    return [[number, person === null ? guest : { ...line, link: { ...link, person } }] as const];
  });
  return changed.length === 0 ? state : { ...state, lines: { ...state.lines, ...Object.fromEntries(changed) } };
}

/** A guess that has been compared, or never will be, is kept no longer. */
export function withoutGuess(turn: Turn, { waiting = [] }: Line): Turn {
  if (turn.kind !== "heard") return turn;
  const { heard } = turn;
  if (heard.masked === undefined || heard.masked.guess === null || waiting.includes(turn.id)) return turn;
  return { ...turn, heard: { ...heard, masked: { guess: null } } };
}

function follow(scene: Scene, open: OpenConversation, next: Next): Outcome {
  const { now } = scene.world;
  const answering = scene.world.answering(open, scene.turn.number);
  const says = answering === null ? [] : next.says.flatMap((saying) => answersTo(saying, answering, open));
  switch (next.kind) {
    case "goes-on": {
      const until = next.isRenewed || open.rest.kind !== "link" ? now + LINK_MILLISECONDS : open.rest.until;
      return stay(scene, { kind: "link", linking: next.linking, until }, says, answering);
    }
    case "linked": {
      const link = linkOf(next.person, open, answering, now);
      return reply({ ...scene, line: { ...scene.line, link } }, { kind: "linked", isLinked: true }, says);
    }
    case "guest": {
      const line = next.isLocked ? { ...scene.line, masksUntil: now + LINK_MASK_MILLISECONDS } : scene.line;
      return reply({ ...scene, line }, { kind: "linked", isLinked: false }, says);
    }
  }
}

function linkOf(person: Person, open: OpenConversation, answering: Answering | null, now: number): Link {
  const days = answering?.linking.keepDays ?? 0;
  return { person, at: now, until: days === 0 ? null : now + days * 24 * 3_600_000, conversation: open.id };
}

/** It goes on; the conversation is idle from when nobody can go on with it any more. */
function stay(
  { line, turn, world }: Scene,
  rest: Extract<Rest, { kind: "link" }>,
  says: readonly Answer[],
  known: Answering | null = null,
): Outcome {
  const open = linkingOn(line);
  const conversation = open === null ? line.conversation : { ...open, turn: turn.id, rest };
  const answering = known ?? (open === null ? null : world.answering(open, turn.number));
  const { contents, notes } = render(says, answering?.smartEncoding ?? false);
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

function answersTo(saying: Saying, { message, linking }: Answering, { language }: OpenConversation): readonly Answer[] {
  if (saying.kind === "page") return [{ kind: "link", url: saying.url, label: message("linkPage", language) ?? "" }];
  const text = message(saying.name, language, { exit: linking.exit(language), ...saying.variables });
  if (saying.kind === "secret") return [{ kind: "text", text: text ?? String(saying.variables["code"]), secret: true }];
  return text === null ? [] : [{ kind: "text", text }];
}

function isLeaving(answering: Answering | null, text: string, { language }: OpenConversation): boolean {
  return answering?.linking.isLeaving(text, language) ?? false;
}

function notesOn(outcome: LinkOutcome): readonly string[] {
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
