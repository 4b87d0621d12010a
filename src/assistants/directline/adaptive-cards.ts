import { renderPlainText } from "../../contract/plain-text.ts";
import { isRecord, type JsonValue } from "../../core/json.ts";
import type { BotMessage } from "../bot-messages.ts";
import { type ActivityFields, toFields, toJson, toList, toText } from "./activity.ts";
import {
  appendActions,
  type BotActions,
  mergeActions,
  toLinkAction,
  toOptionAction,
  toPostBack,
  toSkippedAction,
} from "./card-actions.ts";

/** The parts of an Adaptive Card that a text can show: words, pictures and buttons. */
interface CardReading {
  readonly lines: readonly string[];
  readonly media: readonly BotMessage[];
  readonly actions: readonly ActivityFields[];
  readonly inputs: readonly ActivityFields[];
  /** Names of parts that a text cannot show. */
  readonly unsupported: readonly string[];
}

const EMPTY_READING: CardReading = { lines: [], media: [], actions: [], inputs: [], unsupported: [] };

/**
 * Converts an Adaptive Card (adaptivecards.io) to messages: its words as one text with the first picture, and its
 * buttons as options.
 */
export function convertAdaptiveCard(card: ActivityFields): readonly BotMessage[] {
  const reading = mergeReadings([
    parseElements(card["body"]),
    { ...EMPTY_READING, actions: toList(card["actions"]).map(toFields) },
  ]);
  const { lines, media, unsupported } = reading;
  const fallback = toText(card["fallbackText"]);
  const text = lines.length === 0 && media.length === 0 && fallback !== null ? fallback : lines.join("\n");
  const messages = appendActions(captionFirstPicture(text, media), toCardActions(reading));
  return [...messages, ...unsupported.map((what): BotMessage => ({ kind: "skipped", what }))];
}

/** Attaches the words to the first picture: a message with a picture has a fixed price, whatever its text. */
function captionFirstPicture(text: string, media: readonly BotMessage[]): readonly BotMessage[] {
  const [first, ...others] = media;
  if (first?.kind === "image" && text !== "") return [{ ...first, description: text }, ...others];
  return text === "" ? media : [{ kind: "text", text, markup: "plain" }, ...media];
}

/** The recursion ends because activities have a maximum depth. */
function parseElements(json: unknown): CardReading {
  return mergeReadings(toList(json).map((element) => parseElement(toFields(element))));
}

function parseElement(element: ActivityFields): CardReading {
  if (element["isVisible"] === false) return EMPTY_READING;
  const type = toText(element["type"]) ?? "";
  switch (type) {
    case "TextBlock":
      return { ...EMPTY_READING, lines: toNonEmptyLines(renderPlainText(toText(element["text"]) ?? "", "markdown")) };
    case "RichTextBlock":
      return { ...EMPTY_READING, lines: toNonEmptyLines(toList(element["inlines"]).map(parseInlineText).join("")) };
    case "FactSet":
      return { ...EMPTY_READING, lines: toList(element["facts"]).flatMap(parseFact) };
    case "Image":
      return { ...EMPTY_READING, media: toImageMessages([element]) };
    case "ImageSet":
      return { ...EMPTY_READING, media: toImageMessages(toList(element["images"]).map(toFields)) };
    case "Media":
      return { ...EMPTY_READING, media: toMediaMessages(element) };
    case "Container":
    case "Column":
    case "TableCell":
      return parseElements(element["items"]);
    case "ColumnSet":
      return parseElements(withElementType(element["columns"], "Column"));
    case "Table":
      return parseElements(withElementType(element["rows"], "TableRow"));
    case "TableRow":
      return joinRowLines(parseElements(withElementType(element["cells"], "TableCell")));
    case "ActionSet":
      return { ...EMPTY_READING, actions: toList(element["actions"]).map(toFields) };
    default:
      return type.startsWith("Input.")
        ? { ...EMPTY_READING, lines: toNonEmptyLines(toText(element["label"]) ?? ""), inputs: [element] }
        : { ...EMPTY_READING, unsupported: ["a part of an adaptive card"] };
  }
}

/**
 * Turns buttons without inputs into options, and a single choice into its choices. Larger forms cannot be filled in by
 * text.
 */
function toCardActions({ actions, inputs }: CardReading): BotActions {
  const submits = actions.filter(({ type }) => type === "Action.Submit");
  const others = mergeActions(actions.filter(({ type }) => type !== "Action.Submit").map(toOtherAction));
  const [input, ...more] = inputs;
  if (input === undefined) return mergeActions([others, ...submits.map(toSubmitAction)]);
  const [first, ...further] = submits;
  const choices = more.length === 0 && further.length === 0 ? toChoiceActions(input, toFields(first?.["data"])) : [];
  return mergeActions([
    others,
    choices.length === 0 ? toSkippedAction("a form in an adaptive card") : mergeActions(choices),
  ]);
}

function toSubmitAction({ title, data }: ActivityFields): BotActions {
  const label = toText(title);
  if (label === null) return toSkippedAction("a button without words");
  // A card for Teams or Web Chat may contain one of Bot Framework's own button values.
  if (typeof data === "string") return toOptionAction(label, { text: data });
  return toOptionAction(label, toPostBack(toJson(data)));
}

function toOtherAction({ type, title, url }: ActivityFields): BotActions {
  if (type === "Action.OpenUrl" && typeof url === "string") return toLinkAction(url, toText(title));
  return toSkippedAction("a button of an adaptive card");
}

function toChoiceActions(
  { type, id, choices, isMultiSelect }: ActivityFields,
  data: ActivityFields,
): readonly BotActions[] {
  const name = toText(id);
  if (type !== "Input.ChoiceSet" || isMultiSelect === true || name === null) return [];
  return toList(choices)
    .map(toFields)
    .flatMap(({ title, value }) => {
      const label = toText(title);
      return label === null
        ? []
        : [toOptionAction(label, toPostBack({ ...(data as { [key: string]: JsonValue }), [name]: toJson(value) }))];
    });
}

function toImageMessages(images: readonly ActivityFields[]): readonly BotMessage[] {
  return images.flatMap(({ url, altText }): readonly BotMessage[] =>
    typeof url === "string" && /^https?:\/\//iu.test(url)
      ? [{ kind: "image", url, title: toText(altText) ?? undefined }]
      : [{ kind: "skipped", what: "a picture without a web address" }],
  );
}

function toMediaMessages({ sources, altText }: ActivityFields): readonly BotMessage[] {
  const [source] = toList(sources).map(toFields);
  const url = toText(source?.["url"]);
  const kind = toText(source?.["mimeType"])?.startsWith("audio/") === true ? "audio" : "video";
  return url === null ? [] : [{ kind, url, title: toText(altText) ?? undefined }];
}

function parseFact(json: unknown): readonly string[] {
  const { title, value } = toFields(json);
  return toNonEmptyLines([toText(title), toText(value)].filter((part) => part !== null).join(": "));
}

function parseInlineText(run: unknown): string {
  return typeof run === "string" ? run : (toText(toFields(run)["text"]) ?? "");
}

/** Sets the type of columns, rows and cells, which cards may omit. */
function withElementType(json: unknown, type: string): readonly unknown[] {
  return toList(json).map((element) => (isRecord(element) ? { ...element, type } : element));
}

/** Joins a table's row to one line. */
function joinRowLines(reading: CardReading): CardReading {
  return { ...reading, lines: toNonEmptyLines(reading.lines.join(" | ")) };
}

function mergeReadings(readings: readonly CardReading[]): CardReading {
  return {
    lines: readings.flatMap(({ lines }) => lines),
    media: readings.flatMap(({ media }) => media),
    actions: readings.flatMap(({ actions }) => actions),
    inputs: readings.flatMap(({ inputs }) => inputs),
    unsupported: readings.flatMap(({ unsupported }) => unsupported),
  };
}

function toNonEmptyLines(text: string): readonly string[] {
  return text.trim() === "" ? [] : [text];
}
