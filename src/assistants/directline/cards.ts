import { type Card, toCardAnswers } from "../../contract/card.ts";
import { type BotMessage } from "../bot-messages.ts";
import { type ActivityFields, toFields, toList, toText } from "./activity.ts";
import { convertAdaptiveCard } from "./adaptive-cards.ts";
import { appendActions, parseActions } from "./card-actions.ts";

const CARDS = "application/vnd.microsoft.card.";

/** Converts an attachment of a message: a file or a card. */
export function convertAttachment(json: unknown): readonly BotMessage[] {
  const attachment = toFields(json);
  const type = toText(attachment["contentType"])?.toLowerCase() ?? "";
  return type.startsWith(CARDS)
    ? convertCard(type.slice(CARDS.length), toFields(attachment["content"]))
    : [convertFile(type, attachment)];
}

/** A file's name is shown only for files that become a link. */
function convertFile(type: string, { contentUrl, name }: ActivityFields): BotMessage {
  const [kind = ""] = type.split("/");
  if (typeof contentUrl !== "string" || !/^https?:\/\//iu.test(contentUrl))
    return toSkippedMessage(`a file (${shortenName(type)}) without a web address`);
  if (kind === "image" || kind === "audio" || kind === "video") return { kind, url: contentUrl };
  return { kind: "link", url: contentUrl, label: toText(name) ?? undefined };
}

function convertCard(kind: string, content: ActivityFields): readonly BotMessage[] {
  const buttons = parseActions(toList(content["buttons"]));
  switch (kind) {
    case "hero":
    case "thumbnail":
    case "flex":
      return appendActions(convertHeroCard(content, findCardImage(content)), buttons);
    case "signin":
    case "oauth":
      return appendActions(convertHeroCard(content, null), buttons);
    case "receipt":
      return appendActions(convertReceiptCard(content), buttons);
    case "audio":
    case "video":
    case "animation":
      return appendActions(convertMediaCard(kind === "animation" ? "image" : kind, content), buttons);
    case "adaptive":
      return convertAdaptiveCard(content);
    default:
      return [toSkippedMessage(`a card of the kind ${shortenName(kind)}`)];
  }
}

/** A card without a picture becomes a text, so that its buttons can be numbered below that. */
function convertHeroCard(content: ActivityFields, image: string | null): readonly BotMessage[] {
  const card = { ...toCardHeading(content), ...(image === null ? {} : { image }) };
  return image === null ? toCardText(card) : [card];
}

function toCardHeading(content: ActivityFields): Card {
  const { title, subtitle, text } = content;
  return {
    kind: "card",
    title: toText(title) ?? "",
    subtitle: toText(subtitle) ?? undefined,
    text: toText(text) ?? undefined,
    markup: "markdown",
  };
}

function toCardText(card: Card): readonly BotMessage[] {
  const [answer] = toCardAnswers(card);
  return answer?.kind === "text" && answer.text !== "" ? [{ kind: "text", text: answer.text, markup: "plain" }] : [];
}

function findCardImage(content: ActivityFields): string | null {
  const [image] = toList(content["images"]);
  return toText(toFields(image)["url"]) ?? toText(toFields(content["image"])["url"]);
}

function convertMediaCard(kind: "image" | "audio" | "video", content: ActivityFields): readonly BotMessage[] {
  const [first] = toList(content["media"]);
  const url = toText(toFields(first)["url"]);
  const [textMessage] = toCardText(toCardHeading(content));
  if (url === null)
    return [...(textMessage === undefined ? [] : [textMessage]), toSkippedMessage(`a card without its ${kind}`)];
  return [{ kind, url, description: textMessage?.kind === "text" ? textMessage.text : undefined }];
}

/** Writes each line of a receipt as its label and amount. */
function convertReceiptCard(content: ActivityFields): readonly BotMessage[] {
  const facts = toList(content["facts"]).map(toFields);
  const items = toList(content["items"]).map(toFields);
  const totals = (["tax", "vat", "total"] as const).map((name) => ({ key: TOTAL_LABELS[name], value: content[name] }));
  const fields = [
    ...facts.map(({ key, value }) => ({ label: toText(key), value })),
    ...items.map(({ title, quantity, price }) => ({ label: labelQuantity(toText(title), quantity), value: price })),
    ...totals.map(({ key, value }) => ({ label: key, value })),
  ];
  const textMessage = fields.flatMap(({ label, value }) => {
    const text = toText(value);
    return label === null || text === null ? [] : [{ label, value: text }];
  });
  return toCardText({ ...toCardHeading(content), fields: textMessage });
}

/** Bot Framework's names of the fields, which are English. */
const TOTAL_LABELS = { tax: "Tax", vat: "VAT", total: "Total" } as const;

function labelQuantity(title: string | null, quantity: unknown): string | null {
  const count = typeof quantity === "number" ? String(quantity) : toText(quantity);
  return title === null || count === null || count === "1" ? title : `${count} × ${title}`;
}

function toSkippedMessage(what: string): BotMessage {
  return { kind: "skipped", what };
}

/** Shortens a name for a transcript and removes unusual characters. */
function shortenName(name: string): string {
  return name.replaceAll(/[^\w./+-]/gu, "").slice(0, 60);
}
