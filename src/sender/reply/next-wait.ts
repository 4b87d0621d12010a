import type { Answering, Awaits, Event } from "../../contract/assistant.ts";
import { LINK_MILLISECONDS } from "../../core/limits/linking.ts";
import { FILE_WAIT_MILLISECONDS } from "../../core/limits/media.ts";
import { begun } from "../../identity/machine.ts";
import type { Scene } from "../model/context.ts";
import type { OpenConversation, Rest } from "../model/state.ts";
import { sidOf } from "../model/turn.ts";

/** @returns what a conversation waits for, as its assistant wants it to */
export function restOf(
  awaits: Exclude<Awaits, { kind: "end" }>,
  open: OpenConversation,
  event: Event,
  answering: Answering,
  scene: Scene,
): Rest {
  const { now } = scene.world;
  const id = `${sidOf(scene.turn)}-${open.asked + 1}`;
  switch (awaits.kind) {
    case "text": {
      const silentAt = awaits.silentAfter === null ? null : now + awaits.silentAfter * 1_000;
      return { kind: "text", silentAt, silences: event.kind === "silent" ? event.times : 0 };
    }
    case "request":
      return {
        kind: "request",
        request: awaits.request,
        id,
        since: now,
        ...momentOf(open.rest, event, answering, now),
      };
    case "callback":
      return {
        kind: "callback",
        id,
        until: now + awaits.seconds * 1_000,
        ...momentOf(open.rest, event, answering, now),
      };
    case "file":
      return {
        kind: "file",
        index: awaits.index,
        until: now + FILE_WAIT_MILLISECONDS,
        ...momentOf(open.rest, event, answering, now),
      };
    case "link":
      return {
        kind: "link",
        linking: begun(id, { by: awaits.by ?? answering.linking.by, codeByText: answering.linking.codeByText }),
        until: now + LINK_MILLISECONDS,
        ...momentOf(open.rest, event, answering, now),
      };
    case "pause":
      return { kind: "pause", until: now + awaits.seconds * 1_000, ...momentOf(open.rest, event, answering, now) };
  }
}

/** Counted from the person's text, however many requests follow it. */
function momentOf(
  before: Rest,
  event: Event,
  { momentSeconds }: Answering,
  now: number,
): { readonly momentAt?: number } {
  if (event.kind === "text") return momentSeconds === null ? {} : { momentAt: now + momentSeconds * 1_000 };
  return before.kind === "text" || before.momentAt === undefined ? {} : { momentAt: before.momentAt };
}
