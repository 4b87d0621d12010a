import type { World } from "../model/context.ts";
import { withoutWaiting } from "../model/line.ts";
import type { SenderState, Turn } from "../model/state.ts";
import { fileEvent } from "../reply/assistant-files.ts";
import { reply } from "../reply/assistant-reply.ts";
import { farewell, oneMoment } from "../reply/automated-messages.ts";
import { hearNothing } from "../rules/identity-check.ts";
import { answer } from "./answer-text.ts";
import { type Decision, decided, sceneOf } from "./decision.ts";
import type { DueInTurn } from "./timeouts.ts";

/** Does what is due. @param turn the turn that `due` names, as stored @param joined the others, oldest first */
export function proceed(
  state: SenderState,
  next: DueInTurn,
  turn: Turn,
  world: World,
  joined: readonly Turn[] = [],
): Decision {
  const scene = sceneOf(state, next.number, turn, world);
  const { conversation } = scene.line;
  if (next.kind === "waiting") {
    const waited = { ...turn, waitedUntil: world.now };
    const freed = withoutWaiting({ ...scene, turn: waited }, joined.length + 1);
    return decided(state, waited, answer(freed, joined), world.now);
  }
  if (conversation.status !== "open") return { state, turn };
  switch (next.kind) {
    case "idle":
      return decided(state, turn, farewell(scene, conversation), world.now);
    case "silent": {
      const times = conversation.rest.kind === "text" ? conversation.rest.silences + 1 : 1;
      return decided(state, turn, reply(scene, { kind: "silent", times }), world.now);
    }
    case "paused":
      return decided(state, turn, reply(scene, { kind: "paused" }), world.now);
    case "file": {
      const index = conversation.rest.kind === "file" ? conversation.rest.index : 0;
      return decided(state, turn, reply(scene, fileEvent(turn, index)), world.now);
    }
    case "overdue": {
      const outcome = { kind: "failed", reason: "no answer came in time" } as const;
      return decided(state, turn, reply(scene, { kind: "answered", outcome }), world.now);
    }
    case "unlinked":
      return decided(state, turn, hearNothing(scene, conversation), world.now);
    case "moment":
      return decided(state, turn, oneMoment(scene, conversation), world.now);
  }
}
