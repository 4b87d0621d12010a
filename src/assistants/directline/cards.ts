import { type Card, cardAnswers } from "../../contract/card.ts";
import { type Saying } from "../compose.ts";
import { actionsOf, withActions } from "./actions.ts";
import { type Fields, fieldsOf, listOf, textOf } from "./activity.ts";
import { adaptiveCard } from "./adaptive.ts";

const CARDS = "application/vnd.microsoft.card.";

/** Says in texts what a message has attached: a file, or a card. */
export function attachmentSayings(json: unknown): readonly Saying[] {
  const attachment = fieldsOf(json);
  const type = textOf(attachment["contentType"])?.toLowerCase() ?? "";
  return type.startsWith(CARDS)
    ? cardSayings(type.slice(CARDS.length), fieldsOf(attachment["content"]))
    : [fileSaying(type, attachment)];
}

/** The name of a file is for computers, and not said of what is seen or heard. */
function fileSaying(type: string, { contentUrl, name }: Fields): Saying {
  const [kind = ""] = type.split("/");
  if (typeof contentUrl !== "string" || !/^https?:\/\//iu.test(contentUrl))
    return left(`a file (${short(type)}) without a web address`);
  if (kind === "image" || kind === "audio" || kind === "video") return { kind, url: contentUrl };
  return { kind: "link", url: contentUrl, label: textOf(name) ?? undefined };
}

function cardSayings(kind: string, content: Fields): readonly Saying[] {
  const buttons = actionsOf(listOf(content["buttons"]));
  switch (kind) {
    case "hero":
    case "thumbnail":
    case "flex":
      return withActions(words(content, imageIn(content)), buttons);
    case "signin":
    case "oauth":
      return withActions(words(content, null), buttons);
    case "receipt":
      return withActions(receipt(content), buttons);
    case "audio":
    case "video":
    case "animation":
      return withActions(media(kind === "animation" ? "image" : kind, content), buttons);
    case "adaptive":
      return adaptiveCard(content);
    default:
      return [left(`a card of the kind ${short(kind)}`)];
  }
}

/** A card without a picture is a text, and its buttons are numbers below that. */
function words(content: Fields, image: string | null): readonly Saying[] {
  const card = { ...headed(content), ...(image === null ? {} : { image }) };
  return image === null ? asText(card) : [card];
}

function headed(content: Fields): Card {
  const { title, subtitle, text } = content;
  return {
    kind: "card",
    title: textOf(title) ?? "",
    subtitle: textOf(subtitle) ?? undefined,
    text: textOf(text) ?? undefined,
    markup: "markdown",
  };
}

function asText(card: Card): readonly Saying[] {
  const [answer] = cardAnswers(card);
  return answer?.kind === "text" && answer.text !== "" ? [{ kind: "text", text: answer.text, markup: "plain" }] : [];
}

function imageIn(content: Fields): string | null {
  const [image] = listOf(content["images"]);
  return textOf(fieldsOf(image)["url"]) ?? textOf(fieldsOf(content["image"])["url"]);
}

function media(kind: "image" | "audio" | "video", content: Fields): readonly Saying[] {
  const [first] = listOf(content["media"]);
  const url = textOf(fieldsOf(first)["url"]);
  const [said] = asText(headed(content));
  if (url === null) return [...(said === undefined ? [] : [said]), left(`a card without its ${kind}`)];
  return [{ kind, url, description: said?.kind === "text" ? said.text : undefined }];
}

/** Its lines are those of a bill: what for, and how much. */
function receipt(content: Fields): readonly Saying[] {
  const facts = listOf(content["facts"]).map(fieldsOf);
  const items = listOf(content["items"]).map(fieldsOf);
  const sums = (["tax", "vat", "total"] as const).map((name) => ({ key: SUMS[name], value: content[name] }));
  const fields = [
    ...facts.map(({ key, value }) => ({ label: textOf(key), value })),
    ...items.map(({ title, quantity, price }) => ({ label: counted(textOf(title), quantity), value: price })),
    ...sums.map(({ key, value }) => ({ label: key, value })),
  ];
  const said = fields.flatMap(({ label, value }) => {
    const text = textOf(value);
    return label === null || text === null ? [] : [{ label, value: text }];
  });
  return asText({ ...headed(content), fields: said });
}

/** Bot Framework's own words, in the language that it names them in. */
const SUMS = { tax: "Tax", vat: "VAT", total: "Total" } as const;

function counted(title: string | null, quantity: unknown): string | null {
  const count = typeof quantity === "number" ? String(quantity) : textOf(quantity);
  return title === null || count === null || count === "1" ? title : `${count} × ${title}`;
}

function left(what: string): Saying {
  return { kind: "skipped", what };
}

/** What stands in a journal is no longer than a line. */
function short(name: string): string {
  return name.replaceAll(/[^\w./+-]/gu, "").slice(0, 60);
}
