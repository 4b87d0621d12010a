import { isRecord, type JsonValue } from "../../core/json.ts";

/** The fields of a JSON object from the bot, not validated yet. */
export type ActivityFields = Readonly<Record<string, unknown>>;

/** An activity, as in Bot Framework's Activity schema. Only `type` is always there. */
export interface BotActivity {
  readonly id: string | null;
  readonly type: string;
  readonly replyToId: string | null;
  readonly from: { readonly id: string | null; readonly role: string | null };
  readonly channelData: ActivityFields;
  readonly fields: ActivityFields;
}

/** @returns null if the JSON is not an activity */
export function parseActivity(json: unknown): BotActivity | null {
  if (!isRecord(json) || typeof json["type"] !== "string") return null;
  const from = toFields(json["from"]);
  return {
    id: toText(json["id"]),
    type: json["type"],
    replyToId: toText(json["replyToId"]),
    from: { id: toText(from["id"]), role: toText(from["role"]) },
    channelData: toFields(json["channelData"]),
    fields: json,
  };
}

/** @returns the object, or an empty one */
export function toFields(json: unknown): ActivityFields {
  return isRecord(json) ? json : {};
}

/** @returns the list, or an empty one */
export function toList(json: unknown): readonly unknown[] {
  return Array.isArray(json) ? json : [];
}

/** @returns null if the value is not a text or is empty */
export function toText(json: unknown): string | null {
  return typeof json === "string" && json !== "" ? json : null;
}

/** A value that was parsed from JSON is JSON. */
export function toJson(value: unknown): JsonValue {
  return value === undefined ? null : (value as JsonValue);
}
