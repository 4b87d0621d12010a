import { isRecord, type JsonValue } from "../../core/json.ts";
import { ACTIVITIES_PER_POLL, ACTIVITY_DEPTH } from "../../core/limits/assistants.ts";
import { type BotActivity, parseActivity, toText } from "./activity.ts";
import { addActivity, addNote } from "./bot-activities.ts";
import { appendIds, type DirectlineSession, type DirectlineTurn } from "./memory.ts";

/** The state after a poll. */
export interface PollResult {
  readonly session: DirectlineSession;
  readonly turn: DirectlineTurn;
}

/** Activities for an earlier text, or unprompted ones from between turns. */
const LATE_NOTE = "Late message ignored: the bot sent it after its turn had ended.";

const TOO_DEEP_NOTE = "Activity ignored: it is nested too deeply.";

/**
 * Reads the activities of a poll. Skips our own, those read before, and those that do not answer this text: replies to
 * other texts and, in an older conversation, all that comes before the text.
 * @param textId the id that the text was posted with
 * @returns null if the JSON is not a set of activities
 */
export function applyPoll(
  json: JsonValue,
  session: DirectlineSession,
  turn: DirectlineTurn,
  textId: string,
): PollResult | null {
  if (!isRecord(json) || !Array.isArray(json["activities"])) return null;
  const activities = dropRepeatedActivities(
    json["activities"].slice(-ACTIVITIES_PER_POLL).flatMap((item) => parseActivity(item) ?? []),
  );
  const isEcho = (activity: BotActivity) => isPostedText(activity, textId, turn);
  const turnWithEchoes = { ...turn, mine: appendIds(turn.mine, listIds(activities.filter(isEcho))), news: false };
  const textPosition = activities.findLastIndex(isEcho);
  let after: DirectlineTurn = turnWithEchoes;
  for (const [index, activity] of activities.entries()) {
    const { id, replyToId } = activity;
    if (isOwnActivity(activity, session, turnWithEchoes) || (id !== null && session.seen.includes(id))) continue;
    const isEarly = index < textPosition && (replyToId === null || !turnWithEchoes.mine.includes(replyToId));
    const isLate = (isEarly && !turn.fresh) || (replyToId !== null && session.posted.includes(replyToId));
    after = isLate
      ? { ...after, gathered: addNote(after.gathered, LATE_NOTE) }
      : applyBotActivity(after, activity, isEarly);
  }
  return {
    session: {
      ...session,
      watermark: parseWatermark(json) ?? session.watermark,
      seen: appendIds(session.seen, listIds(activities)),
    },
    turn: { ...after, polls: turn.polls + 1, empty: after.news ? 0 : turn.empty + 1 },
  };
}

/**
 * Adds an activity of the bot. If a text was posted twice, only the replies to one of the two count.
 * @param isEarly whether it comes before the text, as a greeting does
 */
function applyBotActivity(turn: DirectlineTurn, activity: BotActivity, isEarly: boolean): DirectlineTurn {
  const { replyToId, fields } = activity;
  if (isDeeper(fields, ACTIVITY_DEPTH)) return { ...turn, gathered: addNote(turn.gathered, TOO_DEEP_NOTE) };
  const thread = replyToId !== null && turn.mine.includes(replyToId) ? replyToId : turn.thread;
  if (turn.thread !== null && turn.thread !== thread) return turn;
  const after = addActivity(turn.gathered, activity);
  const typing = activity.type === "typing";
  const hasNewWords = after.count > turn.gathered.count;
  return {
    ...turn,
    typing,
    thread,
    news: turn.news || typing || hasNewWords,
    answered: turn.answered || (hasNewWords && !isEarly),
    gathered: after,
  };
}

/** Whether the activity is the posted text itself. A bot may copy its channel data into a reply. */
function isPostedText(
  { id, replyToId, channelData, from }: BotActivity,
  textId: string,
  { mine }: DirectlineTurn,
): boolean {
  const isMarked = channelData["clientActivityID"] === textId && replyToId === null && from.role !== "bot";
  return isMarked || (id !== null && mine.includes(id));
}

/** Whether the activity comes from us. The service states the sender, and a token may have changed our user id. */
function isOwnActivity({ id, from }: BotActivity, session: DirectlineSession, turn: DirectlineTurn): boolean {
  return from.id === session.user || from.role === "user" || (id !== null && turn.mine.includes(id));
}

/** Drops activities whose id appeared before. */
function dropRepeatedActivities(activities: readonly BotActivity[]): readonly BotActivity[] {
  return activities.filter(
    ({ id }, index) => id === null || activities.findIndex((other) => other.id === id) === index,
  );
}

function listIds(activities: readonly BotActivity[]): readonly string[] {
  return activities.flatMap(({ id }) => id ?? []);
}

function parseWatermark({ watermark }: Readonly<Record<string, unknown>>): string | null {
  return typeof watermark === "number" ? String(watermark) : toText(watermark);
}

function isDeeper(json: unknown, depth: number): boolean {
  if (typeof json !== "object" || json === null) return false;
  return depth === 0 || Object.values(json).some((value) => isDeeper(value, depth - 1));
}
