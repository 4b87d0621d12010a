import { render } from "../../assistants/render.ts";
import type { Answer, Answering } from "../../contract/assistant.ts";
import { NOTICES_WAITING } from "../../core/limits/notify.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import { zonesOf } from "../../hours/phone-zones.ts";
import { nightAfter, opensAt } from "../../hours/quiet.ts";
import { kindOf, type Notice, type NoticeRecord, type NoticeRefusal, type WaitingNotice } from "../../notify/notice.ts";
import { statusOf } from "../../notify/subscriptions.ts";
import { isAllowed } from "../../send-limits/countries.ts";
import type { Scope } from "../../templates/template.ts";
import { createTemplates } from "../../templates/template.ts";
import { wordsIn } from "../../templates/wording.ts";
import type { Outcome, Scene, World } from "../model/context.ts";
import { afterIdle } from "../model/line.ts";
import type { BegunNotice, Line, NoticeTurn, SenderState, Term, Turn } from "../model/state.ts";
import { newLine, newSender } from "../model/turn.ts";
import { reply } from "../reply/assistant-reply.ts";
import { languageIn } from "../rules/list-replies.ts";
import { mayBegin, withNotice, withoutNotice } from "../rules/notice-backlog.ts";
import { decided } from "./decision.ts";

/** What becomes of a notice, as it is to be stored. */
export interface Noticed {
  readonly record: NoticeRecord;
  /** Null: the sender is not known, and stays so. */
  readonly state: SenderState | null;
  /** Null: it is not told now. */
  readonly turn: Turn | null;
}

/** Decides on a notice that comes for the first time. @param phone the person's */
export function noticed(
  before: SenderState | null,
  phone: PhoneNumber,
  account: string,
  notice: Notice,
  world: World,
): Noticed {
  const state: SenderState = { ...(before ?? newSender(phone)), origin: world.origin };
  const line = { ...(state.lines[notice.number] ?? newLine(account)), account };
  const waiting = line.notices ?? [];
  const told = notice.expiresAt <= world.now ? "expired" : tell(state, line, notice, world);
  if (typeof told === "string") return refused(before, told);
  const own = waitingFor(state.phone, notice, world);
  const isNext = waiting.every(
    ({ kind, expiresAt, notBefore = 0 }) => kind !== own.kind || expiresAt <= world.now || notBefore > world.now,
  );
  if (isNext && mayBegin(line, own, world.now)) return told;
  return waiting.length < NOTICES_WAITING ? queued(state, line, notice, own) : refused(before, "too-many");
}

/** @returns the notice as it waits; in the person's night until that is over */
function waitingFor(phone: PhoneNumber, notice: Notice, world: World): WaitingNotice {
  const { id, expiresAt, quiet } = notice;
  const waiting = { id, kind: kindOf(notice), expiresAt };
  if (quiet == null) return waiting;
  const notBefore = opensAt(zonesFor(phone, notice, world), quiet, world.now);
  return notBefore > world.now ? { ...waiting, notBefore } : waiting;
}

/** @returns the zones that the person may be in */
function zonesFor(phone: PhoneNumber, { number, list }: Notice, { lists }: World): readonly string[] {
  const zones = zonesOf(phone);
  return zones.length > 0 ? zones : [lists?.(number).find((each) => each.id === list)?.zone ?? "UTC"];
}

/** @returns until when a notice may be said whose turn has come */
function termOf(phone: PhoneNumber, notice: Notice, world: World): Term {
  const { expiresAt, quiet } = notice;
  const night = quiet == null ? null : nightAfter(zonesFor(phone, notice, world), quiet, world.now);
  if (night === null || expiresAt <= night.from) return { until: expiresAt, resumes: null };
  return { until: night.from, resumes: night.to < expiresAt ? night.to : null };
}

function queued(state: SenderState, line: Line, notice: Notice, waiting: WaitingNotice): Noticed {
  return {
    record: { outcome: "queued", notice },
    state: { ...state, lines: { ...state.lines, [notice.number]: withNotice(line, waiting) } },
    turn: null,
  };
}

/** The turn of a notice that has waited has come: what it needs is asked again, for the person may have changed their mind. */
export function noticeTurn(state: SenderState, notice: Notice, world: World): Noticed {
  const line = state.lines[notice.number];
  if (line === undefined) throw new RangeError(`there is no line with ${notice.number}`);
  const waiting = waitingFor(state.phone, notice, world);
  if (waiting.notBefore !== undefined) return queued(state, line, notice, waiting);
  const served = withoutNotice(line, notice.id);
  const told = tell(state, served, notice, world);
  if (typeof told !== "string") return told;
  return refused({ ...state, lines: { ...state.lines, [notice.number]: served } }, told);
}

/** A notice has waited too long, or is called off. */
export function noticeExpired(state: SenderState, number: PhoneNumber, id: string): SenderState {
  const line = state.lines[number];
  return line === undefined ? state : { ...state, lines: { ...state.lines, [number]: withoutNotice(line, id) } };
}

function refused(state: SenderState | null, reason: NoticeRefusal): Noticed {
  return { record: { outcome: "refused", reason }, state, turn: null };
}

/** @returns the notice as it would be told now, or why it is not */
function tell(state: SenderState, known: Line, notice: Notice, world: World): Noticed | NoticeRefusal {
  const line = { ...known, conversation: afterIdle(known.conversation, world.now) };
  const person = world.person?.(line) ?? null;
  const answering = world.answering(line.conversation.status === "open" ? line.conversation : null, notice.number);
  const bare = newTurn(state.nextTurn, line.account, notice, world.now);
  const scene: Scene = { phone: state.phone, line, turn: bare, world, person };
  const reason = refusalOf(scene, notice, answering);
  if (reason !== null || answering === null) return reason ?? "no-answer";
  const told = contentOf(scene, notice, answering);
  if (told === null) return "not-rendered";
  if (told.text === "" && told.media.length === 0) return "empty";
  const term = termOf(state.phone, notice, world);
  const turn = { ...bare, notice: begunNotice(notice, told, world.now), asked: notice, term };
  const outcome = outcomeOf({ ...scene, turn }, notice, announced(told, scene, answering), answering);
  const { state: after, turn: begun } = decided({ ...state, nextTurn: turn.id + 1 }, turn, outcome, null);
  return { record: { outcome: "sent", turn: turn.id }, state: after, turn: begun };
}

function refusalOf(
  { phone, line, world, person, turn }: Scene,
  notice: Notice,
  answering: Answering | null,
): NoticeRefusal | null {
  if (line.consent.status === "withdrawn") return "opted-out";
  if (!isAllowed(phone, world.brakes?.(turn.number).countries ?? null)) return "country";
  if (answering === null) return "no-answer";
  const list = notice.list === null ? null : world.lists?.(turn.number).find(({ id }) => id === notice.list);
  if (list === undefined) return "no-list";
  if (person === null && (notice.audience === "linked" || list?.audience === "linked")) return "not-linked";
  if (list !== null && statusOf(line, list) !== "on") return "not-subscribed";
  const { topic } = notice;
  return topic === null || answering.assistant.begins?.(topic) === true ? null : "no-topic";
}

/** What a notice says, its link on a line of its own. */
type Told = Pick<BegunNotice, "text" | "media">;

/** @returns null where it cannot be made */
function contentOf(scene: Scene, notice: Notice, answering: Answering): Told | null {
  const { text, media, link, variables } = notice;
  const language = languageIn(scene, answering);
  const templates = createTemplates();
  const scope = scopeOf(scene, variables, answering);
  const written = (words: Notice["text"]) =>
    templates.render(wordsIn(words, language, answering.language), scope).trim();
  try {
    const address = link === null ? "" : written(link.url);
    const label = link?.label == null ? "" : written(link.label);
    const line = label === "" || address === "" ? address : `${label}: ${address}`;
    const own = [written(text), line].filter((each) => each !== "");
    const heading = own.length === 0 ? "" : headingOf(scene, notice, answering);
    return {
      text: [heading, ...own].filter((each) => each !== "").join("\n"),
      media: media === null ? [] : [written(media)].filter((url) => url !== ""),
    };
  } catch {
    return null;
  }
}

function scopeOf(
  { phone, turn, world, person, line }: Scene,
  variables: Notice["variables"],
  answering: Answering,
): Scope {
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
function headingOf(scene: Scene, notice: Notice, answering: Answering): string {
  const { world, turn } = scene;
  const list = world.lists?.(turn.number).find(({ id }) => id === notice.list);
  if (list?.heading === undefined) return "";
  const words = wordsIn(list.heading, languageIn(scene, answering), answering.language);
  return createTemplates()
    .render(words, scopeOf(scene, {}, answering))
    .trim();
}

/** In the middle of a conversation people are told what this is. */
function announced({ text, media: [url] }: Told, scene: Scene, answering: Answering): Answer {
  const isAside = scene.line.conversation.status === "open";
  const heading = isAside ? answering.message("notificationHeading", languageIn(scene, answering)) : null;
  const whole = heading === null ? text : `${heading}\n${text}`.trim();
  return url === undefined ? { kind: "text", text: whole } : { kind: "media", url, text: whole };
}

/** A topic that begins goes on in the same turn; what is only told leaves an open conversation as it is. */
function outcomeOf(scene: Scene, { topic, variables }: Notice, said: Answer, answering: Answering): Outcome {
  if (topic !== null) return reply(scene, { kind: "begun", topic, variables }, [said]);
  const { line, turn } = scene;
  const { contents, notes } = render([said], answering.smartEncoding);
  const conversation = line.conversation.status === "open" ? line.conversation.id : String(turn.id);
  return { line, conversation, contents, whenUnknown: answering.whenUnknown, notes };
}

function newTurn(id: number, account: string, { id: notice, number }: Notice, at: number): NoticeTurn {
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

function begunNotice({ id, list, topic }: Notice, told: Told, at: number): BegunNotice {
  const facts = { ...(list === null ? {} : { list }), ...(topic === null ? {} : { topic }) };
  return { at, id, ...facts, ...told };
}
