import * as z from "zod/mini";
import { NOTICE_SECONDS_DEFAULT, NOTICE_SECONDS_MAXIMUM, RECIPIENTS_PER_NOTIFICATION } from "../core/limits/notify.ts";
import { VARIABLES_PER_CONVERSATION } from "../core/limits/topics.ts";
import type { PhoneNumber } from "../core/phone.ts";
import { letterFirstSlug, phoneNumber } from "../schema/ids.ts";
import { liquidLocalizedText, liquidTemplate } from "../templates/liquid-schema.ts";
import { variableName } from "../templates/variable-names.ts";
import type { Notice } from "./notice.ts";

const address = liquidTemplate.check(
  z.refine((text) => /^(?:https?:\/\/|\{)/iu.test(text), "must begin with https:// or http://"),
);

const recipients = z
  .array(phoneNumber)
  .check(z.minLength(1), z.maxLength(RECIPIENTS_PER_NOTIFICATION), z.describe("Who gets it; each gets it once"));

/** What a text that we begin says. */
export const noticeContentFields = {
  text: liquidLocalizedText.check(
    z.describe("What is said, with Liquid where it varies; one for all, or one for each language"),
  ),
  media: z.optional(address.check(z.describe("The URL of a picture"))),
  link: z.optional(z.strictObject({ url: address, label: z.optional(liquidLocalizedText) })),
  variables: z._default(
    z.record(variableName, z.json()).check(
      z.refine(
        (variables) => Object.keys(variables).length <= VARIABLES_PER_CONVERSATION,
        `must have at most ${VARIABLES_PER_CONVERSATION} entries`,
      ),
      z.describe("What the text knows, and the topic"),
    ),
    {},
  ),
  topic: z.optional(
    letterFirstSlug.check(
      z.describe(
        "Begins this topic of the number's application, as soon as no conversation is open; left out: it is only told",
      ),
    ),
  ),
};

/** A text that Parley is asked to begin. */
export const notificationSchema = z.strictObject({
  to: z.union([
    z.strictObject({ phones: recipients }),
    z.strictObject({ list: letterFirstSlug.check(z.describe("Everybody who has switched the list on")) }),
  ]),
  number: z.optional(
    phoneNumber.check(z.describe("Our number that it comes from; left out: the list's. It must be there for phones")),
  ),
  list: z.optional(
    letterFirstSlug.check(
      z.describe("Of the phones, only those get it that have switched this list on; it must be on the number"),
    ),
  ),
  audience: z._default(
    z
      .enum(["linked", "anyone"])
      .check(z.describe("`linked`: guests do not get it; a list has an audience of its own, too")),
    "anyone",
  ),
  ...noticeContentFields,
  expiresInSeconds: z._default(
    z.int().check(z.gte(60), z.lte(NOTICE_SECONDS_MAXIMUM), z.describe("What has waited longer is not said any more")),
    NOTICE_SECONDS_DEFAULT,
  ),
});

export type Notification = z.infer<typeof notificationSchema>;

/** @returns the notice for each of a notification's recipients. @param at when it was asked for; milliseconds since 1970 */
export function createNotificationNotice(id: string, number: PhoneNumber, asked: Notification, at: number): Notice {
  const { to, audience, expiresInSeconds } = asked;
  return {
    id,
    number,
    list: "list" in to ? to.list : (asked.list ?? null),
    audience,
    ...toNoticeContent(asked),
    expiresAt: at + expiresInSeconds * 1_000,
  };
}

type NoticeContentInput = Pick<Notification, "text" | "media" | "link" | "variables" | "topic">;

/** @returns what a notice says, as its Sender takes it */
export function toNoticeContent({
  text,
  media,
  link,
  variables,
  topic,
}: NoticeContentInput): Pick<Notice, keyof NoticeContentInput> {
  return {
    text,
    variables,
    media: media ?? null,
    link: link === undefined ? null : { url: link.url, label: link.label ?? null },
    topic: topic ?? null,
  };
}
