import { isRecord, type JsonValue } from "../../core/json.ts";
import { ACTIVITIES_PER_POLL, ACTIVITY_DEPTH } from "../../core/limits/assistants.ts";
import { type BotActivity, parseActivity, toText } from "./activity.ts";
import { addActivity, addNote } from "./bot-activities.ts";
import { appendIds, type DirectlineSession, type DirectlineTurn } from "./memory.ts";

/** What a poll has brought. */
export interface PollResult {
  readonly session: DirectlineSession;
  readonly turn: DirectlineTurn;
}

/** The bot has answered an earlier text, or spoken of its own accord, when nobody listened: that is over. */
const LATE_NOTE = "Something that the bot said after its turn was over was left out.";

const TOO_DEEP_NOTE = "An activity of the bot's that was nested too deep was left out.";

/**
 * Takes a set of activities. What is ours is left out, what was read before, and what does not answer this text: all that comes before the
 * text itself, where the bot's conversation is older, and replies to anything else.
 * @param textId the id that the text was posted with
 * @returns null where it is no set of activities
 */
export function applyPoll(
  json: JsonValue,
  session: DirectlineSession,
  turn: DirectlineTurn,
  textId: string,
): PollResult | null {
  if (!isRecord(json) || !Array.isArray(json["activities"])) return null;
  const activities = dropRepeatedActivities(
    json["activities"].slice(-ACTIVITIES_PER_POLL).flatMap((each) => parseActivity(each) ?? []),
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

/** Where a text was posted twice, the replies to one of the two are as good as those to the other. @param isEarly it greets */
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

/** Is it the text itself, as the service gives it back? A bot may copy its channel data into a reply. */
function isPostedText(
  { id, replyToId, channelData, from }: BotActivity,
  textId: string,
  { mine }: DirectlineTurn,
): boolean {
  const isMarked = channelData["clientActivityID"] === textId && replyToId === null && from.role !== "bot";
  return isMarked || (id !== null && mine.includes(id));
}

/** The service says of each activity who sent it; a token may have changed whom it calls us. */
function isOwnActivity({ id, from }: BotActivity, session: DirectlineSession, turn: DirectlineTurn): boolean {
  return from.id === session.user || from.role === "user" || (id !== null && turn.mine.includes(id));
}

/** @returns of activities with the same id the first */
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
