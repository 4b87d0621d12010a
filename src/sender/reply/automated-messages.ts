import { render } from "../../assistants/render.ts";
import type { Answer, Answering } from "../../contract/assistant.ts";
import type { Outcome, Scene } from "../model/context.ts";
import type { Line, OpenConversation, Rest } from "../model/state.ts";

/** Says one of the application's automated messages, and leaves the conversation as it is. @returns null where it is switched off */
export function automated(
  { line, turn, world }: Scene,
  name: "optedOut" | "optedIn" | "helpInfo" | "tooFast",
): Outcome | null {
  const open = line.conversation.status === "open" ? line.conversation : null;
  const answering = world.answering(open, turn.number);
  const text = answering?.message(name, open?.language ?? answering.language) ?? null;
  if (answering === null || text === null) return null;
  const { contents, notes } = render(said(text), answering.smartEncoding);
  const { whenUnknown } = answering;
  // A confirmation of several messages would be several confirmations.
  return { line, conversation: open?.id ?? String(turn.id), contents: contents.slice(0, 1), whenUnknown, notes };
}

/** Nothing is said, and the conversation stays as it is. */
export function silence({ line: { conversation }, turn }: Scene, line: Line, ...notes: readonly string[]): Outcome {
  const id = conversation.status === "open" ? conversation.id : String(turn.id);
  return { line, conversation: id, contents: [], whenUnknown: null, notes };
}

/** @returns that nothing is said to a text which may open no conversation, or null where it may */
export function uninvited({ line, turn, world }: Scene): Outcome | null {
  const answering = world.answering(null, turn.number);
  if (answering?.inboundOpens !== false) return null;
  const notes = ["Not answered: a text opens no conversation with this application."];
  return { line, conversation: String(turn.id), contents: [], whenUnknown: null, notes };
}

/** @returns what a text gets that would open a conversation out of hours, or null within them */
export function outOfHours({ line, turn, world }: Scene): Outcome | null {
  const answering = world.answering(null, turn.number);
  const closed = answering?.hours?.closed(world.now, answering.language) ?? null;
  if (answering === null || closed === null) return null;
  const { contents, notes } = render(said(closed.message), answering.smartEncoding);
  const { whenUnknown } = answering;
  return { line, conversation: String(turn.id), contents, whenUnknown, notes: ["Out of hours.", ...notes] };
}

/** A conversation's idle time is over: it ends, and says so where that is wanted. */
export function farewell({ line, turn, world }: Scene, open: OpenConversation): Outcome {
  const answering = line.consent.status === "withdrawn" ? null : world.answering(open, turn.number);
  const text = answering?.message("sessionEnded", open.language) ?? null;
  const { contents, notes } = render(said(text), answering?.smartEncoding ?? false);
  const conversation = { status: "closed", id: open.id, at: open.idleAt, reason: "idle" } as const;
  const all = [...notesOn(answering), ...notes];
  return { line: { ...line, conversation }, conversation: open.id, contents, whenUnknown: null, notes: all };
}

/** The person has waited for long enough to hear that it takes a moment. */
export function oneMoment({ line, turn, world }: Scene, open: OpenConversation): Outcome {
  const answering = line.consent.status === "withdrawn" ? null : world.answering(open, turn.number);
  const text = answering?.message("oneMoment", open.language) ?? null;
  const { contents, notes } = render(said(text), answering?.smartEncoding ?? false);
  const conversation = { ...open, rest: withoutMoment(open.rest) };
  return { line: { ...line, conversation }, conversation: open.id, contents, whenUnknown: null, notes };
}

export function withoutMoment(rest: Rest): Rest {
  if (rest.kind === "text") return rest;
  const { momentAt: _, ...quiet } = rest;
  return quiet;
}

export function said(text: string | null): readonly Answer[] {
  return text === null ? [] : [{ kind: "text", text }];
}

export function notesOn(answering: Answering | null): readonly string[] {
  return answering?.note === undefined ? [] : [answering.note];
}
