import { renderAnswers } from "../../assistants/message-content.ts";
import type { AssistantAnswer, ReadyApplication } from "../../contract/assistant.ts";
import { WAITING_NOTICES_PER_LINE } from "../../core/limits/notify.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import { findPhoneZones } from "../../hours/phone-zones.ts";
import { findNextQuietPeriod, findTextingTime } from "../../hours/quiet-hours.ts";
import {
  getNoticeKind,
  type Notice,
  type NoticeRecord,
  type NoticeRefusal,
  type WaitingNotice,
} from "../../notify/notice.ts";
import { getSubscriptionStatus } from "../../notify/subscriptions.ts";
import { isCountryAllowed } from "../../send-limits/allowed-countries.ts";
import { localizeText } from "../../templates/localized-text.ts";
import type { TemplateScope } from "../../templates/template.ts";
import { createTemplateRenderer } from "../../templates/template.ts";
import type { DecisionContext, TurnContext, TurnOutcome } from "../model/context.ts";
import {
  addWaitingNotice,
  closeIfIdle,
  createLine,
  createSenderState,
  dropWaitingNotice,
  getOpenConversation,
  updateLine,
  withLine,
} from "../model/line.ts";
import type { Line, NoticeTerm, NoticeTurn, SenderState, StartedNotice, Turn } from "../model/state.ts";
import { replyToEvent } from "../reply/assistant-reply.ts";
import { resolveLineLanguage } from "../rules/list-replies.ts";
import { mayBeginNotice } from "../rules/notice-backlog.ts";
import { makeDecision } from "./decision.ts";

/** The decision on a notice, to be stored. */
export interface NoticeDecision {
  readonly record: NoticeRecord;
  /** Null if the contact is unknown and the notice creates no state. */
  readonly state: SenderState | null;
  /** Null if the notice does not begin now. */
  readonly turn: Turn | null;
}

/**
 * Decides on a notice that is no duplicate: begin, queue or refuse.
 * @param phone the contact's
 * @param account the SID of the number's account
 */
export function decideNotice(
  before: SenderState | null,
  phone: PhoneNumber,
  account: string,
  notice: Notice,
  context: DecisionContext,
): NoticeDecision {
  const state: SenderState = { ...(before ?? createSenderState(phone)), origin: context.origin };
  const line = { ...(state.lines[notice.number] ?? createLine(account)), account };
  const waiting = line.notices ?? [];
  const begun = notice.expiresAt <= context.now ? "expired" : beginNotice(state, line, notice, context);
  if (typeof begun === "string") return refuseNotice(before, begun);
  const candidate = createWaitingNotice(state.phone, notice, context);
  const isNext = waiting.every(
    ({ kind, expiresAt, notBefore = 0 }) =>
      kind !== candidate.kind || expiresAt <= context.now || notBefore > context.now,
  );
  if (isNext && mayBeginNotice(line, candidate, context.now)) return begun;
  return waiting.length < WAITING_NOTICES_PER_LINE
    ? queueNotice(state, line, notice, candidate)
    : refuseNotice(before, "too-many");
}

/** @returns the notice as an entry of the line's queue, which waits until the contact's quiet hours are over */
function createWaitingNotice(phone: PhoneNumber, notice: Notice, context: DecisionContext): WaitingNotice {
  const { id, expiresAt, quiet } = notice;
  const waiting = { id, kind: getNoticeKind(notice), expiresAt };
  if (quiet == null) return waiting;
  const notBefore = findTextingTime(findContactZones(phone, notice, context), quiet, context.now);
  return notBefore > context.now ? { ...waiting, notBefore } : waiting;
}

/** @returns the time zones of the contact's phone number; if unknown, the zone of the list */
function findContactZones(phone: PhoneNumber, { number, list }: Notice, { lists }: DecisionContext): readonly string[] {
  const zones = findPhoneZones(phone);
  return zones.length > 0 ? zones : [lists?.(number).find((each) => each.id === list)?.zone ?? "UTC"];
}

/** @returns the time in which a notice that begins now may be sent */
function createNoticeTerm(phone: PhoneNumber, notice: Notice, context: DecisionContext): NoticeTerm {
  const { expiresAt, quiet } = notice;
  const quietPeriod =
    quiet == null ? null : findNextQuietPeriod(findContactZones(phone, notice, context), quiet, context.now);
  if (quietPeriod === null || expiresAt <= quietPeriod.from) return { until: expiresAt, resumes: null };
  return { until: quietPeriod.from, resumes: quietPeriod.to < expiresAt ? quietPeriod.to : null };
}

function queueNotice(state: SenderState, line: Line, notice: Notice, waiting: WaitingNotice): NoticeDecision {
  return {
    record: { outcome: "queued", notice },
    state: withLine(state, notice.number, addWaitingNotice(line, waiting)),
    turn: null,
  };
}

/** Decides again on a notice that has waited: meanwhile the contact may have opted out, or unsubscribed. */
export function decideWaitingNotice(state: SenderState, notice: Notice, context: DecisionContext): NoticeDecision {
  const line = state.lines[notice.number];
  if (line === undefined) throw new RangeError(`the contact has no line with ${notice.number}`);
  const waiting = createWaitingNotice(state.phone, notice, context);
  if (waiting.notBefore !== undefined) return queueNotice(state, line, notice, waiting);
  const lineWithoutNotice = dropWaitingNotice(line, notice.id);
  const begun = beginNotice(state, lineWithoutNotice, notice, context);
  if (typeof begun !== "string") return begun;
  return refuseNotice(withLine(state, notice.number, lineWithoutNotice), begun);
}

/** Removes a waiting notice that has expired or is cancelled. */
export function removeWaitingNotice(state: SenderState, number: PhoneNumber, id: string): SenderState {
  return updateLine(state, number, (line) => dropWaitingNotice(line, id));
}

function refuseNotice(state: SenderState | null, reason: NoticeRefusal): NoticeDecision {
  return { record: { outcome: "refused", reason }, state, turn: null };
}

/** @returns the decision if the notice begins now, or why it cannot begin */
function beginNotice(
  state: SenderState,
  before: Line,
  notice: Notice,
  context: DecisionContext,
): NoticeDecision | NoticeRefusal {
  const line = { ...before, conversation: closeIfIdle(before.conversation, context.now) };
  const person = context.person?.(line) ?? null;
  const application = context.findApplication(getOpenConversation(line), notice.number);
  const emptyTurn = createNoticeTurn(state.nextTurn, line.account, notice, context.now);
  const turnContext: TurnContext = { phone: state.phone, line, turn: emptyTurn, context, person };
  const reason = findNoticeRefusal(turnContext, notice, application);
  if (reason !== null || application === null) return reason ?? "no-answer";
  const rendered = renderNotice(turnContext, notice, application);
  if (rendered === null) return "not-rendered";
  if (rendered.text === "" && rendered.media.length === 0) return "empty";
  const term = createNoticeTerm(state.phone, notice, context);
  const turn = { ...emptyTurn, notice: toStartedNotice(notice, rendered, context.now), asked: notice, term };
  const outcome = createNoticeOutcome(
    { ...turnContext, turn },
    notice,
    addNoticeHeading(rendered, turnContext, application),
    application,
  );
  const { state: after, turn: decided } = makeDecision({ ...state, nextTurn: turn.id + 1 }, turn, outcome, null);
  return { record: { outcome: "sent", turn: turn.id }, state: after, turn: decided };
}

function findNoticeRefusal(
  { phone, line, context, person, turn }: TurnContext,
  notice: Notice,
  application: ReadyApplication | null,
): NoticeRefusal | null {
  if (line.consent.status === "withdrawn") return "opted-out";
  if (!isCountryAllowed(phone, context.sendLimits?.(turn.number).countries ?? null)) return "country";
  if (application === null) return "no-answer";
  const list = notice.list === null ? null : context.lists?.(turn.number).find(({ id }) => id === notice.list);
  if (list === undefined) return "no-list";
  if (person === null && (notice.audience === "linked" || list?.audience === "linked")) return "not-linked";
  if (list !== null && getSubscriptionStatus(line, list) !== "on") return "not-subscribed";
  const { topic } = notice;
  return topic === null || application.assistant.canBeginTopic?.(topic) === true ? null : "no-topic";
}

/** The rendered text of a notice, its link on a separate line, and its media. */
type RenderedNotice = Pick<StartedNotice, "text" | "media">;

/** @returns null if a template fails */
function renderNotice(turnContext: TurnContext, notice: Notice, application: ReadyApplication): RenderedNotice | null {
  const { media, link, variables } = notice;
  const language = resolveLineLanguage(turnContext, application);
  const templates = createTemplateRenderer();
  const scope = createTemplateScope(turnContext, variables, application);
  const render = (text: Notice["text"]) =>
    templates.render(localizeText(text, language, application.language), scope).trim();
  try {
    const url = link === null ? "" : render(link.url);
    const label = link?.label == null ? "" : render(link.label);
    const linkLine = label === "" || url === "" ? url : `${label}: ${url}`;
    const lines = [render(notice.text), linkLine].filter((each) => each !== "");
    const heading = lines.length === 0 ? "" : renderListHeading(turnContext, notice, application);
    return {
      text: [heading, ...lines].filter((each) => each !== "").join("\n"),
      media: media === null ? [] : [render(media)].filter((each) => each !== ""),
    };
  } catch {
    return null;
  }
}

function createTemplateScope(
  { phone, turn, context, person, line }: TurnContext,
  variables: Notice["variables"],
  application: ReadyApplication,
): TemplateScope {
  const { id, name, zone } = application;
  const language = getOpenConversation(line)?.language ?? application.language;
  return {
    ...variables,
    ...(person === null ? {} : { person }),
    sender: phone,
    number: turn.number,
    now: new Date(context.now).toISOString(),
    application: { id, name },
    conversation: { language },
    zone,
  };
}

/** @returns the heading that the list puts above its notices; empty if there is no list or no heading */
function renderListHeading(turnContext: TurnContext, notice: Notice, application: ReadyApplication): string {
  const { context, turn } = turnContext;
  const list = context.lists?.(turn.number).find(({ id }) => id === notice.list);
  if (list?.heading === undefined) return "";
  const heading = localizeText(list.heading, resolveLineLanguage(turnContext, application), application.language);
  return createTemplateRenderer()
    .render(heading, createTemplateScope(turnContext, {}, application))
    .trim();
}

/** Adds a heading to a notice that interrupts a conversation. */
function addNoticeHeading(
  { text, media: [url] }: RenderedNotice,
  turnContext: TurnContext,
  application: ReadyApplication,
): AssistantAnswer {
  const isInterruption = turnContext.line.conversation.status === "open";
  const heading = isInterruption
    ? application.message("notificationHeading", resolveLineLanguage(turnContext, application))
    : null;
  const whole = heading === null ? text : `${heading}\n${text}`.trim();
  return url === undefined ? { kind: "text", text: whole } : { kind: "media", url, text: whole };
}

/** Begins the topic of an actionable notice in the same turn. A simple notice leaves an open conversation as it is. */
function createNoticeOutcome(
  turnContext: TurnContext,
  { topic, variables }: Notice,
  answer: AssistantAnswer,
  application: ReadyApplication,
): TurnOutcome {
  if (topic !== null) return replyToEvent(turnContext, { kind: "begun", topic, variables }, [answer]);
  const { line, turn } = turnContext;
  const { contents, notes } = renderAnswers([answer], application.smartEncoding);
  const conversation = getOpenConversation(line)?.id ?? String(turn.id);
  return { line, conversation, contents, whenUnknown: application.whenUnknown, notes };
}

function createNoticeTurn(id: number, account: string, { id: notice, number }: Notice, at: number): NoticeTurn {
  return {
    kind: "notice",
    id,
    number,
    account,
    conversation: String(id),
    notice: { at, id: notice, text: "", media: [] },
    parts: [],
    whenUnknown: "hold",
    notes: [],
  };
}

function toStartedNotice({ id, list, topic }: Notice, rendered: RenderedNotice, at: number): StartedNotice {
  const origin = { ...(list === null ? {} : { list }), ...(topic === null ? {} : { topic }) };
  return { at, id, ...origin, ...rendered };
}
