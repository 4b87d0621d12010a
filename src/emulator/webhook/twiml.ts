import { XMLParser, XMLValidator } from "fast-xml-parser";
import { isRecord } from "../../core/json.ts";
import { fail, type Result, succeed } from "../../core/result.ts";
import { VERBS_PER_WEBHOOK } from "../limits.ts";
import type { Failure } from "../model.ts";
import type { Incoming } from "./exchange.ts";
import { failure } from "./failures.ts";

/** What an answer to a message's webhook asks for. Addresses are as written: relative ones lean on the answer's own URL. */
export type Verb =
  | {
      readonly kind: "message";
      readonly body: string;
      readonly media: readonly string[];
      readonly to: string | null;
      readonly from: string | null;
      readonly action: string | null;
      readonly statusCallback: string | null;
    }
  | { readonly kind: "redirect"; readonly url: string; readonly method: "GET" | "POST" };

const TWIML_TYPES = new Set(["text/xml", "application/xml", "text/html"]);

/** Reads an answer of HTTP 2xx: TwiML, or a plain text that is sent as it stands (TWILIO.md 2.2). */
export function readAnswer({ status, headers, body, tooLarge }: Incoming): Result<readonly Verb[], Failure> {
  if (tooLarge) return fail(failure(11750));
  if (status === 204) return succeed([]);
  const contentType = headers.get("content-type") ?? "";
  const type = contentType.split(";")[0]?.trim().toLowerCase() ?? "";
  if (type === "text/plain") return succeed(body.trim() === "" ? [] : [plainMessage(body.trim())]);
  if (TWIML_TYPES.has(type)) return parseTwiml(body);
  return fail(failure(12300, contentType === "" ? "the answer has none" : contentType));
}

/** @returns the verbs in order; error 12100 where the text is not a TwiML document */
function parseTwiml(xml: string): Result<readonly Verb[], Failure> {
  const valid = XMLValidator.validate(xml);
  if (valid !== true) return fail(failure(12100, `${valid.err.msg} (line ${valid.err.line})`));
  const root = parse(xml).find(({ name }) => !name.startsWith("?") && !name.startsWith("#"));
  if (root?.name !== "Response") return fail(failure(12100, "the root element must be <Response>"));
  return succeed(root.children.flatMap(verbOf).slice(0, VERBS_PER_WEBHOOK));
}

interface Element {
  readonly name: string;
  readonly text: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
}

/** `htmlEntities` is what makes the parser decode numeric character references. */
const PARSER = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  htmlEntities: true,
  cdataPropName: "#cdata",
});

function parse(xml: string): readonly Element[] {
  try {
    return elements(PARSER.parse(xml));
  } catch {
    // The parser refuses documents that define too many entities.
    return [];
  }
}

function elements(nodes: unknown): readonly Element[] {
  return Array.isArray(nodes) ? nodes.filter(isRecord).map(element) : [];
}

function element(node: Record<string, unknown>): Element {
  const name = Object.keys(node).find((key) => key !== ":@") ?? "";
  const content = node[name];
  const attributes = isRecord(node[":@"]) ? (node[":@"] as Record<string, string>) : {};
  if (typeof content === "string") return { name, text: content, attributes, children: [] };
  return { name, text: "", attributes, children: elements(content) };
}

/** The text directly inside an element. */
function textOf({ children }: Element): string {
  return children.map((child) => (child.name === "#cdata" ? textOf(child) : child.text)).join("");
}

function verbOf(verb: Element): readonly Verb[] {
  switch (verb.name) {
    case "Message":
    case "Sms":
      return [messageVerb(verb)];
    case "Redirect":
      return [
        {
          kind: "redirect",
          url: textOf(verb).trim(),
          method: verb.attributes["method"]?.toUpperCase() === "GET" ? "GET" : "POST",
        },
      ];
    default:
      return [];
  }
}

function messageVerb(verb: Element): Verb {
  const named = (name: string): readonly string[] =>
    verb.children.filter((child) => child.name === name).map((child) => textOf(child).trim());
  const bodies = named("Body");
  const { to, from, action, statusCallback } = verb.attributes;
  return {
    kind: "message",
    body: bodies.length > 0 ? bodies.join("") : textOf(verb).trim(),
    media: named("Media"),
    to: to ?? null,
    from: from ?? null,
    action: action ?? null,
    statusCallback: statusCallback ?? null,
  };
}

function plainMessage(body: string): Verb {
  return { kind: "message", body, media: [], to: null, from: null, action: null, statusCallback: null };
}
