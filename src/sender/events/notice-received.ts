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
import { closeIfIdle } from "../model/line.ts";
import type { Line, NoticeTerm, NoticeTurn, SenderState, StartedNotice, Turn } from "../model/state.ts";
import { createLine, createSenderState } from "../model/turn.ts";
import { replyToEvent } from "../reply/assistant-reply.ts";
import { resolveLineLanguage } from "../rules/list-replies.ts";
import { addWaitingNotice, dropWaitingNotice, mayBeginNotice } from "../rules/notice-backlog.ts";
import { makeDecision } from "./decision.ts";

/** What becomes of a notice, as it is to be stored. */
export interface NoticeDecision {
  readonly record: NoticeRecord;
  /** Null: the sender is not known, and stays so. */
  readonly state: SenderState | null;
  /** Null: it is not told now. */
  readonly turn: Turn | null;
}

/** Decides on a notice that comes for the first time. @param phone the person's */
export function decideNotice(
  before: SenderState | null,
  phone: PhoneNumber,
  account: string,
  notice: Notice,
  world: DecisionContext,
): NoticeDecision {
  const state: SenderState = { ...(before ?? createSenderState(phone)), origin: world.origin };
  const line = { ...(state.lines[notice.number] ?? createLine(account)), account };
  const waiting = line.notices ?? [];
  const told = notice.expiresAt <= world.now ? "expired" : beginNotice(state, line, notice, world);
  if (typeof told === "string") return refuseNotice(before, told);
  const own = createWaitingNotice(state.phone, notice, world);
  const isNext = waiting.every(
    ({ kind, expiresAt, notBefore = 0 }) => kind !== own.kind || expiresAt <= world.now || notBefore > world.now,
  );
  if (isNext && mayBeginNotice(line, own, world.now)) return told;
  return waiting.length < WAITING_NOTICES_PER_LINE
    ? queueNotice(state, line, notice, own)
    : refuseNotice(before, "too-many");
}

/** @returns the notice as it waits; in the person's night until that is over */
function createWaitingNotice(phone: PhoneNumber, notice: Notice, world: DecisionContext): WaitingNotice {
  const { id, expiresAt, quiet } = notice;
  const waiting = { id, kind: getNoticeKind(notice), expiresAt };
  if (quiet == null) return waiting;
  const notBefore = findTextingTime(findContactZones(phone, notice, world), quiet, world.now);
  return notBefore > world.now ? { ...waiting, notBefore } : waiting;
}

/** @returns the zones that the person may be in */
function findContactZones(phone: PhoneNumber, { number, list }: Notice, { lists }: DecisionContext): readonly string[] {
  const zones = findPhoneZones(phone);
  return zones.length > 0 ? zones : [lists?.(number).find((each) => each.id === list)?.zone ?? "UTC"];
}

/** @returns until when a notice may be said whose turn has come */
function createNoticeTerm(phone: PhoneNumber, notice: Notice, world: DecisionContext): NoticeTerm {
  const { expiresAt, quiet } = notice;
  const night = quiet == null ? null : findNextQuietPeriod(findContactZones(phone, notice, world), quiet, world.now);
  if (night === null || expiresAt <= night.from) return { until: expiresAt, resumes: null };
  return { until: night.from, resumes: night.to < expiresAt ? night.to : null };
}

function queueNotice(state: SenderState, line: Line, notice: Notice, waiting: WaitingNotice): NoticeDecision {
  return {
    record: { outcome: "queued", notice },
    state: { ...state, lines: { ...state.lines, [notice.number]: addWaitingNotice(line, waiting) } },
    turn: null,
  };
}

/** The turn of a notice that has waited has come: what it needs is asked again, for the person may have changed their mind. */
export function decideWaitingNotice(state: SenderState, notice: Notice, world: DecisionContext): NoticeDecision {
  const line = state.lines[notice.number];
  if (line === undefined) throw new RangeError(`there is no line with ${notice.number}`);
  const waiting = createWaitingNotice(state.phone, notice, world);
  if (waiting.notBefore !== undefined) return queueNotice(state, line, notice, waiting);
  const served = dropWaitingNotice(line, notice.id);
  const told = beginNotice(state, served, notice, world);
  if (typeof told !== "string") return told;
  return refuseNotice({ ...state, lines: { ...state.lines, [notice.number]: served } }, told);
}

/** A notice has waited too long, or is called off. */
export function removeWaitingNotice(state: SenderState, number: PhoneNumber, id: string): SenderState {
  const line = state.lines[number];
  return line === undefined ? state : { ...state, lines: { ...state.lines, [number]: dropWaitingNotice(line, id) } };
}

function refuseNotice(state: SenderState | null, reason: NoticeRefusal): NoticeDecision {
  return { record: { outcome: "refused", reason }, state, turn: null };
}

/** @returns the notice as it would be told now, or why it is not */
function beginNotice(
  state: SenderState,
  known: Line,
  notice: Notice,
  world: DecisionContext,
): NoticeDecision | NoticeRefusal {
  const line = { ...known, conversation: closeIfIdle(known.conversation, world.now) };
  const person = world.person?.(line) ?? null;
  const answering = world.findApplication(
    line.conversation.status === "open" ? line.conversation : null,
    notice.number,
  );
  const bare = createNoticeTurn(state.nextTurn, line.account, notice, world.now);
  const scene: TurnContext = { phone: state.phone, line, turn: bare, world, person };
  const reason = findNoticeRefusal(scene, notice, answering);
  if (reason !== null || answering === null) return reason ?? "no-answer";
  const told = renderNotice(scene, notice, answering);
  if (told === null) return "not-rendered";
  if (told.text === "" && told.media.length === 0) return "empty";
  const term = createNoticeTerm(state.phone, notice, world);
  const turn = { ...bare, notice: toStartedNotice(notice, told, world.now), asked: notice, term };
  const outcome = createNoticeOutcome({ ...scene, turn }, notice, addNoticeHeading(told, scene, answering), answering);
  const { state: after, turn: begun } = makeDecision({ ...state, nextTurn: turn.id + 1 }, turn, outcome, null);
  return { record: { outcome: "sent", turn: turn.id }, state: after, turn: begun };
}

function findNoticeRefusal(
  { phone, line, world, person, turn }: TurnContext,
  notice: Notice,
  answering: ReadyApplication | null,
): NoticeRefusal | null {
  if (line.consent.status === "withdrawn") return "opted-out";
  if (!isCountryAllowed(phone, world.sendLimits?.(turn.number).countries ?? null)) return "country";
  if (answering === null) return "no-answer";
  const list = notice.list === null ? null : world.lists?.(turn.number).find(({ id }) => id === notice.list);
  if (list === undefined) return "no-list";
  if (person === null && (notice.audience === "linked" || list?.audience === "linked")) return "not-linked";
  if (list !== null && getSubscriptionStatus(line, list) !== "on") return "not-subscribed";
  const { topic } = notice;
  return topic === null || answering.assistant.canBeginTopic?.(topic) === true ? null : "no-topic";
}

/** What a notice says, its link on a line of its own. */
type RenderedNotice = Pick<StartedNotice, "text" | "media">;

/** @returns null where it cannot be made */
function renderNotice(scene: TurnContext, notice: Notice, answering: ReadyApplication): RenderedNotice | null {
  const { text, media, link, variables } = notice;
  const language = resolveLineLanguage(scene, answering);
  const templates = createTemplateRenderer();
  const scope = createTemplateScope(scene, variables, answering);
  const renderWords = (words: Notice["text"]) =>
    templates.render(localizeText(words, language, answering.language), scope).trim();
  try {
    const address = link === null ? "" : renderWords(link.url);
    const label = link?.label == null ? "" : renderWords(link.label);
    const line = label === "" || address === "" ? address : `${label}: ${address}`;
    const own = [renderWords(text), line].filter((each) => each !== "");
    const heading = own.length === 0 ? "" : renderListHeading(scene, notice, answering);
    return {
      text: [heading, ...own].filter((each) => each !== "").join("\n"),
      media: media === null ? [] : [renderWords(media)].filter((url) => url !== ""),
    };
  } catch {
    return null;
  }
}

function createTemplateScope(
  { phone, turn, world, person, line }: TurnContext,
  variables: Notice["variables"],
  answering: ReadyApplication,
): TemplateScope {
  const { id, name, zone } = answering;
  const language = line.conversation.status === "open" ? line.conversation.language : answering.language;
  return {
    ...variables,
    ...(person === null ? {} : { person }),
    sender: phone,
    number: turn.number,
    now: new Date(world.now).toISOString(),
    application: { id, name },
    conversation: { language },
    zone,
  };
}

/** @returns what the list says above each of its notices, where the notice is for one that does */
function renderListHeading(scene: TurnContext, notice: Notice, answering: ReadyApplication): string {
  const { world, turn } = scene;
  const list = world.lists?.(turn.number).find(({ id }) => id === notice.list);
  if (list?.heading === undefined) return "";
  const words = localizeText(list.heading, resolveLineLanguage(scene, answering), answering.language);
  return createTemplateRenderer()
    .render(words, createTemplateScope(scene, {}, answering))
    .trim();
}

/** In the middle of a conversation people are told what this is. */
function addNoticeHeading(
  { text, media: [url] }: RenderedNotice,
  scene: TurnContext,
  answering: ReadyApplication,
): AssistantAnswer {
  const isAside = scene.line.conversation.status === "open";
  const heading = isAside ? answering.message("notificationHeading", resolveLineLanguage(scene, answering)) : null;
  const whole = heading === null ? text : `${heading}\n${text}`.trim();
  return url === undefined ? { kind: "text", text: whole } : { kind: "media", url, text: whole };
}

/** A topic that begins goes on in the same turn; what is only told leaves an open conversation as it is. */
function createNoticeOutcome(
  scene: TurnContext,
  { topic, variables }: Notice,
  said: AssistantAnswer,
  answering: ReadyApplication,
): TurnOutcome {
  if (topic !== null) return replyToEvent(scene, { kind: "begun", topic, variables }, [said]);
  const { line, turn } = scene;
  const { contents, notes } = renderAnswers([said], answering.smartEncoding);
  const conversation = line.conversation.status === "open" ? line.conversation.id : String(turn.id);
  return { line, conversation, contents, whenUnknown: answering.whenUnknown, notes };
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

function toStartedNotice({ id, list, topic }: Notice, told: RenderedNotice, at: number): StartedNotice {
  const facts = { ...(list === null ? {} : { list }), ...(topic === null ? {} : { topic }) };
  return { at, id, ...facts, ...told };
}
