import type { Snapshot } from "../configuration/snapshot.ts";
import type { PhoneNumber } from "../core/phone.ts";
import type { ReadyList } from "../notify/list.ts";
import { type NoticeRefusal } from "../notify/notice.ts";
import { noticeSaying } from "../notify/notification.ts";
import { subscribed } from "../notify/subscriptions.ts";
import { newLine, newSender } from "../sender/beginning.ts";
import { segmentsOf } from "../sender/notices.ts";
import { noticed } from "../sender/noticing.ts";
import { worldIn } from "../sender/progress.ts";
import type { SenderState } from "../sender/state.ts";
import type { BroadcastBody } from "./broadcast.ts";

/**
 * What a person of the audience would get now, of whom nothing else is known than that they have the list on.
 * @returns the segments of it, or why they would get nothing
 */
export function rehearsed(
  body: BroadcastBody,
  list: ReadyList,
  phone: PhoneNumber,
  snapshot: Snapshot,
  now: number,
): number | NoticeRefusal {
  const account = snapshot.numbers.get(list.number)?.account ?? "";
  const line = subscribed(newLine(account), list, { to: "on", by: "admin", proof: "", at: now });
  const state: SenderState = { ...newSender(phone), lines: { [list.number]: line } };
  const world = worldIn({ snapshot, past: () => null }, phone, "", now);
  const person = list.audience === "linked" ? { id: "" } : null;
  const notice = { id: "", number: list.number, list: list.id, audience: "anyone", expiresAt: now + 1 } as const;
  const { record, turn } = noticed(
    state,
    phone,
    account,
    { ...notice, ...noticeSaying(body) },
    { ...world, person: () => person },
  );
  return record.outcome === "refused" ? record.reason : segmentsOf(turn?.parts ?? []);
}
