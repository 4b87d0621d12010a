import type { Snapshot } from "../../configuration/snapshot.ts";
import type { Moment, Past } from "../../configuration/versions/kept.ts";
import { guardOf } from "../../consent/carrier.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import { personOn } from "../../identity/person.ts";
import { type Decision, type Ending } from "../events/decision.ts";
import { noticeExpired, noticeTurn } from "../events/notice-received.ts";
import { proceed } from "../events/time-passed.ts";
import { type Due, due, tick } from "../events/timeouts.ts";
import type { World } from "../model/context.ts";
import type { OpenConversation, SenderState } from "../model/state.ts";
import type { TurnStore, Turns } from "./turn-log.ts";

/** Does all that time, or the end of a request, has made due in a sender's conversations; within a transaction. */
export function proceedAll(store: TurnStore, turns: Turns, worldOf: (state: SenderState) => World): void {
  for (let state = store.state(); state !== null; state = store.state()) {
    const world = worldOf(state);
    const next = due(state, world.now);
    if (next?.kind === "notice") {
      tellNotice(store, turns, state, next, world);
      continue;
    }
    const turn = next === null ? null : store.turn(next.turn);
    if (next === null || turn === null) return;
    const joined = next.kind === "waiting" ? next.joined.flatMap((id) => store.turn(id) ?? []) : [];
    turns.extend(proceed(state, next, turn, world, joined), world.now);
  }
}

function tellNotice(
  store: TurnStore,
  turns: Turns,
  state: SenderState,
  { id, number, isExpired }: Extract<Due, { kind: "notice" }>,
  world: World,
): void {
  const record = isExpired ? null : store.notice(id);
  if (record?.outcome === "queued") turns.acceptNotice(id, noticeTurn(state, record.notice, world), false, world.now);
  else store.saveState(noticeExpired(state, number, id));
}

/** Closes the conversations whose idle time is over; within a transaction. @returns the state after it */
export function tickIn(store: TurnStore, now: number): SenderState | null {
  const state = store.state();
  const ticked = state === null ? null : tick(state, now);
  if (ticked !== null && ticked !== state) store.saveState(ticked);
  return ticked;
}

/** Something that a turn waited for has ended: does what follows, and all that it makes due; within a transaction. @returns null where it waited no more */
export function endIn(
  store: TurnStore,
  turns: Turns,
  turnId: number,
  decide: Ending,
  worldOf: (state: SenderState) => World,
): Decision | null {
  const state = store.state();
  const turn = store.turn(turnId);
  if (state === null || turn === null) return null;
  const world = worldOf(state);
  const decision = decide(state, turn, world);
  if (decision === null) return null;
  turns.extend(decision, world.now);
  proceedAll(store, turns, worldOf);
  return decision;
}

/** The configuration, and what the conversations of a sender need of its past. */
export interface Known {
  readonly snapshot: Snapshot;
  readonly past: Past;
}

/** The versions that the open conversations of a sender are on, where they are not the published ones. */
export function pastNeeded(state: SenderState | null, snapshot: Snapshot): readonly Moment[] {
  return Object.values(state?.lines ?? {}).flatMap(({ conversation }) => {
    if (conversation.status !== "open") return [];
    const { application, publication } = conversation;
    if (!isPinned(publication) || snapshot.answeringAt(application, publication) !== null) return [];
    return [{ application, publication }];
  });
}

const NOT_ITS_VERSION = "The version that the conversation was on could not be had: it goes on with the published one.";

/** The configuration as a decision of a sender's sees it. */
export function worldIn({ snapshot, past }: Known, phone: PhoneNumber, origin: string, now: number): World {
  const begun = (application: string) => snapshot.trying(application, phone, now) ?? snapshot.answering(application);
  const onNumber = (number: PhoneNumber) => begun(snapshot.numbers.get(number)?.application ?? "");
  const inConversation = ({ application, publication }: OpenConversation, number: PhoneNumber) => {
    if (publication === null) return begun(application) ?? onNumber(number);
    if (!isPinned(publication)) return snapshot.answering(application) ?? onNumber(number);
    const own = snapshot.answeringAt(application, publication) ?? past(application, publication);
    if (own !== null) return own;
    const other = snapshot.answering(application) ?? onNumber(number);
    return other === null ? null : { ...other, note: NOT_ITS_VERSION };
  };
  return {
    now,
    origin,
    guard: (number) => guardOf(snapshot.numbers.get(number) ?? { number }),
    answering: (open, number) => (open === null ? onNumber(number) : inConversation(open, number)),
    lists: (number) => snapshot.listsOn(number),
    person: (line) => personOn(line, now),
    brakes: (number) => snapshot.brakesOn(number),
  };
}

/** A conversation of an older release knows of no publication. */
function isPinned(publication: number | null): publication is number {
  return publication !== null && publication > 0;
}
