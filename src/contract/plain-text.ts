import { Parser } from "htmlparser2";
import { Marked } from "marked";

/** What a text is written in. */
export type TextMarkup = "plain" | "html" | "markdown";

/** Line breaks count: people who write to a phone mean them. */
const markdown = new Marked({ gfm: true, breaks: true });

/**
 * A text as a phone shows it: no tags, no asterisks; the addresses of links beside their words, and a line for each paragraph and each item.
 */
export function renderPlainText(text: string, markup: TextMarkup): string {
  switch (markup) {
    case "plain":
      return text;
    case "html":
      return convertHtml(text);
    case "markdown":
      return convertHtml(convertMarkdown(text));
  }
}

/** The parser reads the rest anew for each quote within a quote. */
const DEEPLY_NESTED_QUOTE = /^(?:[ \t]*>){50}/mu;

/** Markdown that is nested deeper than anybody means it, or than the parser can follow, is read as it stands. */
function convertMarkdown(text: string): string {
  if (DEEPLY_NESTED_QUOTE.test(text)) return text;
  try {
    return markdown.parse(text, { async: false });
  } catch {
    return text;
  }
}

/** Nothing in them is meant to be read. */
const HIDDEN_ELEMENTS = new Set(["head", "script", "style", "template", "title"]);

const BLOCK_ELEMENTS = new Set(
  "address article aside blockquote div dl dt dd fieldset figure figcaption footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tr ul".split(
    " ",
  ),
);

/** Between these there is an empty line. */
const PARAGRAPH_ELEMENTS = new Set(["blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "p", "pre", "table"]);

/** @returns the words of an HTML fragment, however broken it is */
function convertHtml(html: string): string {
  const writer = new TextWriter();
  const parser = new Parser(
    {
      onopentag: (name, attributes) => writer.openTag(name, attributes),
      onclosetag: (name) => writer.closeTag(name),
      ontext: (text) => writer.addText(text),
    },
    { decodeEntities: true },
  );
  parser.end(html);
  return writer.finishText();
}

/** Where a link or a list has begun. */
interface OpenLink {
  readonly href: string;
  readonly textStart: number;
}

/** Writes down what a parser reads. */
class TextWriter {
  #text = "";
  #hiddenDepth = 0;
  #preformattedDepth = 0;
  /** Of the lists around: the number of the next item, or null where they have none; the innermost last. */
  readonly #lists: (number | null)[] = [];
  readonly #links: OpenLink[] = [];

  openTag(name: string, { href = "", alt = "", start = "1" }: Readonly<Record<string, string>>): void {
    if (HIDDEN_ELEMENTS.has(name)) this.#hiddenDepth += 1;
    if (BLOCK_ELEMENTS.has(name)) this.#breakLines(PARAGRAPH_ELEMENTS.has(name) ? 2 : 1);
    if (name === "br") this.#text += "\n";
    else if (name === "pre") this.#preformattedDepth += 1;
    else if (name === "ul") this.#lists.push(null);
    else if (name === "ol") this.#lists.push(Number.parseInt(start, 10) || 1);
    else if (name === "li") this.#beginItem();
    else if (name === "td" || name === "th") this.#addSpace();
    else if (name === "img") this.addText(alt);
    else if (name === "a") this.#links.push({ href, textStart: this.#text.length });
  }

  closeTag(name: string): void {
    if (HIDDEN_ELEMENTS.has(name)) this.#hiddenDepth -= 1;
    if (name === "pre") this.#preformattedDepth -= 1;
    else if (name === "ul" || name === "ol") this.#lists.pop();
    else if (name === "a") this.#closeLink();
    if (BLOCK_ELEMENTS.has(name)) this.#breakLines(PARAGRAPH_ELEMENTS.has(name) ? 2 : 1);
  }

  addText(text: string): void {
    if (this.#hiddenDepth > 0) return;
    if (this.#preformattedDepth > 0) this.#text += text;
    else {
      const words = text.replaceAll(/[ \t\r\n\f]+/gu, " ");
      this.#text += /(?:^|[ \n])$/u.test(this.#text) ? words.trimStart() : words;
    }
  }

  finishText(): string {
    return this.#text
      .replaceAll("\u00a0", " ")
      .split("\n")
      .map((line) => line.trim())
      .join("\n")
      .replaceAll(/\n{3,}/gu, "\n\n")
      .trim();
  }

  #beginItem(): void {
    const number = this.#lists.at(-1) ?? null;
    this.#text += number === null ? "- " : `${number}. `;
    if (number !== null) this.#lists.splice(-1, 1, number + 1);
  }

  /** The address of a link stands behind its words, unless they are the address. */
  #closeLink(): void {
    const link = this.#links.pop();
    if (link === undefined || !/^(?:https?|mailto|tel):/iu.test(link.href)) return;
    const address = link.href.replace(/^(?:mailto|tel):/iu, "");
    const words = this.#text.slice(link.textStart).trim();
    if (words === "") this.#text += address;
    else if (words !== address && words !== address.replace(/^https?:\/\//iu, "").replace(/\/$/u, ""))
      this.#text += ` (${address})`;
  }

  #addSpace(): void {
    if (!/(?:^|\s)$/u.test(this.#text)) this.#text += " ";
  }

  /** At least so many line breaks, but none at the beginning, and none after what begins an item. */
  #breakLines(lines: number): void {
    if (/(?:^|(?:^|\n)(?:- |\d+\. ))$/u.test(this.#text)) return;
    const existingBreaks =
      /\n*$/u.exec(this.#text.trimEnd() === "" ? "" : this.#text.replace(/[ \t]+$/u, ""))?.[0].length ?? 0;
    this.#text += "\n".repeat(Math.max(0, lines - existingBreaks));
  }
}
