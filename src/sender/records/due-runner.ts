import type { ConfigurationSnapshot } from "../../configuration/snapshot.ts";
import type { VersionLookup, VersionRef } from "../../configuration/versions/version-cache.ts";
import { resolveOptOutHandler } from "../../consent/carrier-keywords.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import { findLinkedPerson } from "../../identity/person.ts";
import { type ResumeTurn, type TurnDecision } from "../events/decision.ts";
import { decideWaitingNotice, removeWaitingNotice } from "../events/notice-received.ts";
import { handleDueEvent } from "../events/time-passed.ts";
import { closeIdleConversations, type DueEvent, nextDueEvent } from "../events/timeouts.ts";
import type { DecisionContext } from "../model/context.ts";
import type { OpenConversation, SenderState } from "../model/state.ts";
import type { TurnLog, TurnStore } from "./turn-log.ts";

/** Does all that time, or the end of a request, has made due in a sender's conversations; within a transaction. */
export function handleDueEvents(
  store: TurnStore,
  turns: TurnLog,
  worldOf: (state: SenderState) => DecisionContext,
): void {
  for (let state = store.state(); state !== null; state = store.state()) {
    const world = worldOf(state);
    const next = nextDueEvent(state, world.now);
    if (next?.kind === "notice") {
      handleDueNotice(store, turns, state, next, world);
      continue;
    }
    const turn = next === null ? null : store.findTurn(next.turn);
    if (next === null || turn === null) return;
    const joined = next.kind === "waiting" ? next.joined.flatMap((id) => store.findTurn(id) ?? []) : [];
    turns.extendTurn(handleDueEvent(state, next, turn, world, joined), world.now);
  }
}

function handleDueNotice(
  store: TurnStore,
  turns: TurnLog,
  state: SenderState,
  { id, number, isExpired }: Extract<DueEvent, { kind: "notice" }>,
  world: DecisionContext,
): void {
  const record = isExpired ? null : store.findNotice(id);
  if (record?.outcome === "queued")
    turns.acceptNotice(id, decideWaitingNotice(state, record.notice, world), false, world.now);
  else store.saveState(removeWaitingNotice(state, number, id));
}

/** Closes the conversations whose idle time is over; within a transaction. @returns the state after it */
export function saveIdleClosures(store: TurnStore, now: number): SenderState | null {
  const state = store.state();
  const ticked = state === null ? null : closeIdleConversations(state, now);
  if (ticked !== null && ticked !== state) store.saveState(ticked);
  return ticked;
}

/** Something that a turn waited for has ended: does what follows, and all that it makes due; within a transaction. @returns null where it waited no more */
export function resumeStoredTurn(
  store: TurnStore,
  turns: TurnLog,
  turnId: number,
  decide: ResumeTurn,
  worldOf: (state: SenderState) => DecisionContext,
): TurnDecision | null {
  const state = store.state();
  const turn = store.findTurn(turnId);
  if (state === null || turn === null) return null;
  const world = worldOf(state);
  const decision = decide(state, turn, world);
  if (decision === null) return null;
  turns.extendTurn(decision, world.now);
  handleDueEvents(store, turns, worldOf);
  return decision;
}

/** The configuration, and what the conversations of a sender need of its past. */
export interface LoadedConfiguration {
  readonly snapshot: ConfigurationSnapshot;
  readonly past: VersionLookup;
}

/** The versions that the open conversations of a sender are on, where they are not the published ones. */
export function findNeededVersions(state: SenderState | null, snapshot: ConfigurationSnapshot): readonly VersionRef[] {
  return Object.values(state?.lines ?? {}).flatMap(({ conversation }) => {
    if (conversation.status !== "open") return [];
    const { application, publication } = conversation;
    if (!isPinnedPublication(publication) || snapshot.findApplicationVersion(application, publication) !== null)
      return [];
    return [{ application, publication }];
  });
}

const MISSING_VERSION_NOTE =
  "The version that the conversation was on could not be had: it goes on with the published one.";

/** The configuration as a decision of a sender's sees it. */
export function createDecisionContext(
  { snapshot, past }: LoadedConfiguration,
  phone: PhoneNumber,
  origin: string,
  now: number,
): DecisionContext {
  const findStartApplication = (application: string) =>
    snapshot.findTesterApplication(application, phone, now) ?? snapshot.findApplication(application);
  const findNumberApplication = (number: PhoneNumber) =>
    findStartApplication(snapshot.numbers.get(number)?.application ?? "");
  const findConversationApplication = ({ application, publication }: OpenConversation, number: PhoneNumber) => {
    if (publication === null) return findStartApplication(application) ?? findNumberApplication(number);
    if (!isPinnedPublication(publication))
      return snapshot.findApplication(application) ?? findNumberApplication(number);
    const own = snapshot.findApplicationVersion(application, publication) ?? past(application, publication);
    if (own !== null) return own;
    const other = snapshot.findApplication(application) ?? findNumberApplication(number);
    return other === null ? null : { ...other, note: MISSING_VERSION_NOTE };
  };
  return {
    now,
    origin,
    optOutHandler: (number) => resolveOptOutHandler(snapshot.numbers.get(number) ?? { number }),
    findApplication: (open, number) =>
      open === null ? findNumberApplication(number) : findConversationApplication(open, number),
    lists: (number) => snapshot.findLists(number),
    person: (line) => findLinkedPerson(line, now),
    sendLimits: (number) => snapshot.findSendLimits(number),
  };
}

/** A conversation of an older release knows of no publication. */
function isPinnedPublication(publication: number | null): publication is number {
  return publication !== null && publication > 0;
}
