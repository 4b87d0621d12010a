import { XMLParser, XMLValidator } from "fast-xml-parser";
import { isRecord } from "../../core/json.ts";
import { fail, type Result, succeed } from "../../core/result.ts";
import { VERBS_PER_WEBHOOK } from "../limits.ts";
import type { TwilioError } from "../state/records.ts";
import type { IncomingResponse } from "./http-exchange.ts";
import { createWebhookError } from "./webhook-errors.ts";

/** A TwiML verb in the response to a message's webhook. URLs are not resolved yet: they may be relative. */
export type TwimlVerb =
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

/** Parses a response with HTTP 2xx: TwiML, or plain text, which becomes one message. */
export function parseAnswer({
  status,
  headers,
  body,
  tooLarge,
}: IncomingResponse): Result<readonly TwimlVerb[], TwilioError> {
  if (tooLarge) return fail(createWebhookError(11750));
  if (status === 204) return succeed([]);
  const contentType = headers.get("content-type") ?? "";
  const type = contentType.split(";")[0]?.trim().toLowerCase() ?? "";
  if (type === "text/plain") return succeed(body.trim() === "" ? [] : [createPlainMessage(body.trim())]);
  if (TWIML_TYPES.has(type)) return parseTwiml(body);
  return fail(createWebhookError(12300, contentType === "" ? "the response has none" : contentType));
}

/** @returns the verbs in order, or error 12100 if the text is not a TwiML document */
function parseTwiml(xml: string): Result<readonly TwimlVerb[], TwilioError> {
  const valid = XMLValidator.validate(xml);
  if (valid !== true) return fail(createWebhookError(12100, `${valid.err.msg} (line ${valid.err.line})`));
  const root = parseXml(xml).find(({ name }) => !name.startsWith("?") && !name.startsWith("#"));
  if (root?.name !== "Response") return fail(createWebhookError(12100, "the root element must be <Response>"));
  return succeed(root.children.flatMap(toVerbs).slice(0, VERBS_PER_WEBHOOK));
}

interface XmlElement {
  readonly name: string;
  readonly text: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
}

/** `htmlEntities` makes the parser decode numeric character references. */
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

function parseXml(xml: string): readonly XmlElement[] {
  try {
    return toElements(PARSER.parse(xml));
  } catch {
    // The parser refuses documents that define too many entities.
    return [];
  }
}

function toElements(nodes: unknown): readonly XmlElement[] {
  return Array.isArray(nodes) ? nodes.filter(isRecord).map(toElement) : [];
}

function toElement(node: Record<string, unknown>): XmlElement {
  const name = Object.keys(node).find((key) => key !== ":@") ?? "";
  const content = node[name];
  const attributes = isRecord(node[":@"]) ? (node[":@"] as Record<string, string>) : {};
  if (typeof content === "string") return { name, text: content, attributes, children: [] };
  return { name, text: "", attributes, children: toElements(content) };
}

/** @returns the text directly inside an element */
function collectText({ children }: XmlElement): string {
  return children.map((child) => (child.name === "#cdata" ? collectText(child) : child.text)).join("");
}

function toVerbs(verb: XmlElement): readonly TwimlVerb[] {
  switch (verb.name) {
    case "Message":
    case "Sms":
      return [toMessageVerb(verb)];
    case "Redirect":
      return [
        {
          kind: "redirect",
          url: collectText(verb).trim(),
          method: verb.attributes["method"]?.toUpperCase() === "GET" ? "GET" : "POST",
        },
      ];
    default:
      return [];
  }
}

function toMessageVerb(verb: XmlElement): TwimlVerb {
  const listTexts = (name: string): readonly string[] =>
    verb.children.filter((child) => child.name === name).map((child) => collectText(child).trim());
  const bodies = listTexts("Body");
  const { to, from, action, statusCallback } = verb.attributes;
  return {
    kind: "message",
    body: bodies.length > 0 ? bodies.join("") : collectText(verb).trim(),
    media: listTexts("Media"),
    to: to ?? null,
    from: from ?? null,
    action: action ?? null,
    statusCallback: statusCallback ?? null,
  };
}

function createPlainMessage(body: string): TwimlVerb {
  return { kind: "message", body, media: [], to: null, from: null, action: null, statusCallback: null };
}
