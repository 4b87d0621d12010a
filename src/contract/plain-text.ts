import { Parser } from "htmlparser2";
import { Marked } from "marked";

/** The markup language of a text. */
export type TextMarkup = "plain" | "html" | "markdown";

/** Single line breaks count, because bots that write for phones use them on purpose. */
const markdown = new Marked({ gfm: true, breaks: true });

/**
 * Converts a text to what a phone can show: no tags or asterisks, URLs next to their link text, and one line for each
 * paragraph and list item.
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

/** The Markdown parser reads the remainder again for each nested quote, so deep nesting is slow. */
const DEEPLY_NESTED_QUOTE = /^(?:[ \t]*>){50}/mu;

/** Leaves Markdown as it is if it is nested deeper than any sensible text or than the parser can follow. */
function convertMarkdown(text: string): string {
  if (DEEPLY_NESTED_QUOTE.test(text)) return text;
  try {
    return markdown.parse(text, { async: false });
  } catch {
    return text;
  }
}

/** Their content is not meant to be read. */
const HIDDEN_ELEMENTS = new Set(["head", "script", "style", "template", "title"]);

const BLOCK_ELEMENTS = new Set(
  "address article aside blockquote div dl dt dd fieldset figure figcaption footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tr ul".split(
    " ",
  ),
);

/** An empty line separates them from other text. */
const PARAGRAPH_ELEMENTS = new Set(["blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "p", "pre", "table"]);

/**
 * Converts an HTML fragment to text, however broken it is.
 *
 * By hand on htmlparser2, measured against html-to-text 10.0.1: that library adds 61 KB of gzip, takes 750 µs instead
 * of 80 µs for a short answer and overflows the stack at 3,000 nested lists. By default it also joins the cells of a
 * table ("DayOpenMon9-5"), writes headings in capitals, and repeats a link's URL even if the link text is the URL.
 */
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

/** A link whose end tag has not been read. */
interface OpenLink {
  readonly href: string;
  readonly textStart: number;
}

/** Builds the text while a parser reads the HTML. */
class TextWriter {
  #text = "";
  #hiddenDepth = 0;
  #preformattedDepth = 0;
  /** The open lists, innermost last: the number of the next item, or null for a bulleted list. */
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

  /** Adds a link's URL after its text, unless the text is the URL. */
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

  /** Ensures at least `lines` line breaks, except at the beginning and right after the bullet or number of an item. */
  #breakLines(lines: number): void {
    if (/(?:^|(?:^|\n)(?:- |\d+\. ))$/u.test(this.#text)) return;
    const existingBreaks =
      /\n*$/u.exec(this.#text.trimEnd() === "" ? "" : this.#text.replace(/[ \t]+$/u, ""))?.[0].length ?? 0;
    this.#text += "\n".repeat(Math.max(0, lines - existingBreaks));
  }
}
