import * as z from "zod/mini";
import { NOTICE_SECONDS_DEFAULT, NOTICE_SECONDS_MAXIMUM, RECIPIENTS_PER_NOTIFICATION } from "../core/limits/notify.ts";
import { VARIABLES_PER_CONVERSATION } from "../core/limits/topics.ts";
import type { PhoneNumber } from "../core/phone.ts";
import { letterFirstSlug, phoneNumber } from "../schema/ids.ts";
import { jsonValue } from "../schema/json.ts";
import { liquidLocalizedText, liquidTemplate } from "../templates/liquid-schema.ts";
import { variableName } from "../templates/variable-names.ts";
import type { Notice } from "./notice.ts";

const url = liquidTemplate.check(
  z.refine((text) => /^(?:https?:\/\/|\{)/iu.test(text), "must begin with https:// or http://"),
);

const recipients = z
  .array(phoneNumber)
  .check(
    z.minLength(1),
    z.maxLength(RECIPIENTS_PER_NOTIFICATION),
    z.describe("Recipients; a phone that is named twice gets the text once"),
  );

/** The content of a notice, common to notifications and broadcasts. */
export const noticeContentFields = {
  text: liquidLocalizedText.check(z.describe("The text, for all languages or by language; Liquid is allowed")),
  media: z.optional(url.check(z.describe("URL of a picture. Default: none"))),
  link: z.optional(z.strictObject({ url, label: z.optional(liquidLocalizedText) })),
  variables: z._default(
    z.record(variableName, jsonValue).check(
      z.refine(
        (variables) => Object.keys(variables).length <= VARIABLES_PER_CONVERSATION,
        `must have at most ${VARIABLES_PER_CONVERSATION} entries`,
      ),
      z.describe("Variables for the text and the topic"),
    ),
    {},
  ),
  topic: z.optional(
    letterFirstSlug.check(
      z.describe(
        "Topic of the number's application that starts with the text, once no conversation is open. Default: none, the text is only sent",
      ),
    ),
  ),
};

/** A request to text up to 100 contacts. */
export const notificationSchema = z.strictObject({
  to: z.union([
    z.strictObject({ phones: recipients }),
    z.strictObject({ list: letterFirstSlug.check(z.describe("A list; all its subscribers are recipients")) }),
  ]),
  number: z.optional(
    phoneNumber.check(
      z.describe("The number that the texts come from; required with `phones`. Default: the list's number"),
    ),
  ),
  list: z.optional(
    letterFirstSlug.check(
      z.describe("Only subscribers of this list get the text; the list must be on the number. Default: all recipients"),
    ),
  ),
  audience: z._default(
    z
      .enum(["linked", "anyone"])
      .check(
        z.describe(
          "`linked`: only contacts linked to a person; `anyone`: all recipients. The audience of a list applies too",
        ),
      ),
    "anyone",
  ),
  ...noticeContentFields,
  expiresInSeconds: z._default(
    z
      .int()
      .check(
        z.gte(60),
        z.lte(NOTICE_SECONDS_MAXIMUM),
        z.describe("Seconds after which texts that still wait are not sent"),
      ),
    NOTICE_SECONDS_DEFAULT,
  ),
});

export type Notification = z.infer<typeof notificationSchema>;

/**
 * Creates the notice that all recipients of a notification get.
 * @param at when it was requested; milliseconds since 1970
 */
export function createNotificationNotice(
  id: string,
  number: PhoneNumber,
  notification: Notification,
  at: number,
): Notice {
  const { to, audience, expiresInSeconds } = notification;
  return {
    id,
    number,
    list: "list" in to ? to.list : (notification.list ?? null),
    audience,
    ...toNoticeContent(notification),
    expiresAt: at + expiresInSeconds * 1_000,
  };
}

type NoticeContentInput = Pick<Notification, "text" | "media" | "link" | "variables" | "topic">;

/** Converts the content of a request to that of a notice. */
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
