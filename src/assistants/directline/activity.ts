import { isRecord, type JsonValue } from "../../core/json.ts";

/** A JSON object of somebody else's. Whatever is read from it may be missing, or anything. */
export type ActivityFields = Readonly<Record<string, unknown>>;

/** What one of the two has said or done, as Bot Framework's Activity schema has it; only `type` is sure. */
export interface BotActivity {
  readonly id: string | null;
  readonly type: string;
  readonly replyToId: string | null;
  readonly from: { readonly id: string | null; readonly role: string | null };
  readonly channelData: ActivityFields;
  readonly fields: ActivityFields;
}

/** @returns null where it is none */
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

/** @returns null where it is no text, or an empty one */
export function toText(json: unknown): string | null {
  return typeof json === "string" && json !== "" ? json : null;
}

/** What somebody has sent as JSON is JSON. */
export function toJson(value: unknown): JsonValue {
  return value === undefined ? null : (value as JsonValue);
}
