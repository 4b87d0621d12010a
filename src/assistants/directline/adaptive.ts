import { plainText } from "../../contract/plain-text.ts";
import { isRecord, type Json } from "../../core/json.ts";
import type { Saying } from "../compose.ts";
import { type Actions, leftOut, link, option, postBack, together, withActions } from "./actions.ts";
import { type Fields, fieldsOf, jsonOf, listOf, textOf } from "./activity.ts";

/** What of an adaptive card can be said: its words, its pictures, its buttons. */
interface Reading {
  readonly lines: readonly string[];
  readonly media: readonly Saying[];
  readonly actions: readonly Fields[];
  readonly inputs: readonly Fields[];
  /** Names of what a text cannot show. */
  readonly left: readonly string[];
}

const NOTHING: Reading = { lines: [], media: [], actions: [], inputs: [], left: [] };

/** Says an Adaptive Card (adaptivecards.io) in texts: its words as one, with its first picture, and what can be pressed as options. */
export function adaptiveCard(card: Fields): readonly Saying[] {
  const reading = merged([elements(card["body"]), { ...NOTHING, actions: listOf(card["actions"]).map(fieldsOf) }]);
  const { lines, media, left } = reading;
  const fallback = textOf(card["fallbackText"]);
  const text = lines.length === 0 && media.length === 0 && fallback !== null ? fallback : lines.join("\n");
  const said = withActions(illustrated(text, media), pressable(reading));
  return [...said, ...left.map((what): Saying => ({ kind: "skipped", what }))];
}

/** The words go with the first picture: a message with one costs the same, whatever its text. */
function illustrated(text: string, media: readonly Saying[]): readonly Saying[] {
  const [first, ...others] = media;
  if (first?.kind === "image" && text !== "") return [{ ...first, description: text }, ...others];
  return text === "" ? media : [{ kind: "text", text, markup: "plain" }, ...media];
}

/** Goes no deeper than an activity may be. */
function elements(json: unknown): Reading {
  return merged(listOf(json).map((element) => read(fieldsOf(element))));
}

function read(element: Fields): Reading {
  if (element["isVisible"] === false) return NOTHING;
  const type = textOf(element["type"]) ?? "";
  switch (type) {
    case "TextBlock":
      return { ...NOTHING, lines: nonEmpty(plainText(textOf(element["text"]) ?? "", "markdown")) };
    case "RichTextBlock":
      return { ...NOTHING, lines: nonEmpty(listOf(element["inlines"]).map(inline).join("")) };
    case "FactSet":
      return { ...NOTHING, lines: listOf(element["facts"]).flatMap(fact) };
    case "Image":
      return { ...NOTHING, media: pictures([element]) };
    case "ImageSet":
      return { ...NOTHING, media: pictures(listOf(element["images"]).map(fieldsOf)) };
    case "Media":
      return { ...NOTHING, media: film(element) };
    case "Container":
    case "Column":
    case "TableCell":
      return elements(element["items"]);
    case "ColumnSet":
      return elements(typed(element["columns"], "Column"));
    case "Table":
      return elements(typed(element["rows"], "TableRow"));
    case "TableRow":
      return inARow(elements(typed(element["cells"], "TableCell")));
    case "ActionSet":
      return { ...NOTHING, actions: listOf(element["actions"]).map(fieldsOf) };
    default:
      return type.startsWith("Input.")
        ? { ...NOTHING, lines: nonEmpty(textOf(element["label"]) ?? ""), inputs: [element] }
        : { ...NOTHING, left: ["a part of an adaptive card"] };
  }
}

/** A button that asks for nothing else is an option; a single choice is its choices. A form with more cannot be filled in by a text. */
function pressable({ actions, inputs }: Reading): Actions {
  const submits = actions.filter(({ type }) => type === "Action.Submit");
  const others = together(actions.filter(({ type }) => type !== "Action.Submit").map(other));
  const [input, ...more] = inputs;
  if (input === undefined) return together([others, ...submits.map(submit)]);
  const [first, ...further] = submits;
  const choices = more.length === 0 && further.length === 0 ? choicesOf(input, fieldsOf(first?.["data"])) : [];
  return together([others, choices.length === 0 ? leftOut("a form in an adaptive card") : together(choices)]);
}

function submit({ title, data }: Fields): Actions {
  const label = textOf(title);
  if (label === null) return leftOut("a button without words");
  // A card made for Teams or Web Chat may press one of Bot Framework's own buttons.
  if (typeof data === "string") return option(label, { text: data });
  return option(label, postBack(jsonOf(data)));
}

function other({ type, title, url }: Fields): Actions {
  if (type === "Action.OpenUrl" && typeof url === "string") return link(url, textOf(title));
  return leftOut("a button of an adaptive card");
}

function choicesOf({ type, id, choices, isMultiSelect }: Fields, data: Fields): readonly Actions[] {
  const name = textOf(id);
  if (type !== "Input.ChoiceSet" || isMultiSelect === true || name === null) return [];
  return listOf(choices)
    .map(fieldsOf)
    .flatMap(({ title, value }) => {
      const label = textOf(title);
      return label === null
        ? []
        : [option(label, postBack({ ...(data as { [key: string]: Json }), [name]: jsonOf(value) }))];
    });
}

function pictures(images: readonly Fields[]): readonly Saying[] {
  return images.flatMap(({ url, altText }): readonly Saying[] =>
    typeof url === "string" && /^https?:\/\//iu.test(url)
      ? [{ kind: "image", url, title: textOf(altText) ?? undefined }]
      : [{ kind: "skipped", what: "a picture without a web address" }],
  );
}

function film({ sources, altText }: Fields): readonly Saying[] {
  const [source] = listOf(sources).map(fieldsOf);
  const url = textOf(source?.["url"]);
  const kind = textOf(source?.["mimeType"])?.startsWith("audio/") === true ? "audio" : "video";
  return url === null ? [] : [{ kind, url, title: textOf(altText) ?? undefined }];
}

function fact(json: unknown): readonly string[] {
  const { title, value } = fieldsOf(json);
  return nonEmpty([textOf(title), textOf(value)].filter((part) => part !== null).join(": "));
}

function inline(run: unknown): string {
  return typeof run === "string" ? run : (textOf(fieldsOf(run)["text"]) ?? "");
}

/** Columns, rows and cells may leave out what they are. */
function typed(json: unknown, type: string): readonly unknown[] {
  return listOf(json).map((element) => (isRecord(element) ? { ...element, type } : element));
}

/** A row of a table is one line. */
function inARow(reading: Reading): Reading {
  return { ...reading, lines: nonEmpty(reading.lines.join(" | ")) };
}

function merged(readings: readonly Reading[]): Reading {
  return {
    lines: readings.flatMap(({ lines }) => lines),
    media: readings.flatMap(({ media }) => media),
    actions: readings.flatMap(({ actions }) => actions),
    inputs: readings.flatMap(({ inputs }) => inputs),
    left: readings.flatMap(({ left }) => left),
  };
}

function nonEmpty(text: string): readonly string[] {
  return text.trim() === "" ? [] : [text];
}
