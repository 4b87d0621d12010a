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
import type { TurnLog } from "./turn-log.ts";
import type { TurnStore } from "./turn-store.ts";

/** Handles all due events of a contact's lines. Must run within a transaction. */
export function handleDueEvents(
  store: TurnStore,
  turnLog: TurnLog,
  createContext: (state: SenderState) => DecisionContext,
): void {
  for (let state = store.state(); state !== null; state = store.state()) {
    const context = createContext(state);
    const next = nextDueEvent(state, context.now);
    if (next?.kind === "notice") {
      handleDueNotice(store, turnLog, state, next, context);
      continue;
    }
    const turn = next === null ? null : store.findTurn(next.turn);
    if (next === null || turn === null) return;
    const joined = next.kind === "waiting" ? next.joined.flatMap((id) => store.findTurn(id) ?? []) : [];
    turnLog.extendTurn(handleDueEvent(state, next, turn, context, joined), context.now);
  }
}

function handleDueNotice(
  store: TurnStore,
  turnLog: TurnLog,
  state: SenderState,
  { id, number, isExpired }: Extract<DueEvent, { kind: "notice" }>,
  context: DecisionContext,
): void {
  const record = isExpired ? null : store.findNotice(id);
  if (record?.outcome === "queued")
    turnLog.acceptNotice(id, decideWaitingNotice(state, record.notice, context), false, context.now);
  else store.saveState(removeWaitingNotice(state, number, id));
}

/**
 * Closes idle conversations that end without a message. Must run within a transaction.
 * @returns the state after that
 */
export function saveIdleClosures(store: TurnStore, now: number): SenderState | null {
  const state = store.state();
  const after = state === null ? null : closeIdleConversations(state, now);
  if (after !== null && after !== state) store.saveState(after);
  return after;
}

/**
 * Resumes a turn whose wait has ended, and handles everything that becomes due by it. Must run within a transaction.
 * @returns null if the turn does not wait any more
 */
export function resumeStoredTurn(
  store: TurnStore,
  turnLog: TurnLog,
  turnId: number,
  decide: ResumeTurn,
  createContext: (state: SenderState) => DecisionContext,
): TurnDecision | null {
  const state = store.state();
  const turn = store.findTurn(turnId);
  if (state === null || turn === null) return null;
  const context = createContext(state);
  const decision = decide(state, turn, context);
  if (decision === null) return null;
  turnLog.extendTurn(decision, context.now);
  handleDueEvents(store, turnLog, createContext);
  return decision;
}

/** The present configuration, and the past versions that the open conversations of a contact use. */
export interface LoadedConfiguration {
  readonly snapshot: ConfigurationSnapshot;
  readonly past: VersionLookup;
}

/** @returns the versions that open conversations use and that are no longer the published ones */
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
  "Continued with the published version: the version that opened the conversation is not available.";

/** Creates the context of a decision from the configuration. @param phone the contact's */
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
    const version = snapshot.findApplicationVersion(application, publication) ?? past(application, publication);
    if (version !== null) return version;
    const published = snapshot.findApplication(application) ?? findNumberApplication(number);
    return published === null ? null : { ...published, note: MISSING_VERSION_NOTE };
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

/** Returns whether a conversation keeps a publication. Testers follow the draft, and an older release stored none. */
function isPinnedPublication(publication: number | null): publication is number {
  return publication !== null && publication > 0;
}
