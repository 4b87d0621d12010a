import querystring from "node:querystring";
import fc from "fast-check";
import twilio from "twilio";
import { describe, expect, it } from "vitest";
import { parseForm } from "../../src/twilio/form.ts";
import { importSigningKey, verifySignature } from "../../src/twilio/signature.ts";
import { readRunCount } from "../support/extent.ts";

const { getExpectedTwilioSignature, validateRequest } = twilio;

type Parameters = Readonly<Record<string, string | string[]>>;

/** A request as signed and as received, which may differ. */
interface Case {
  readonly signedUrl: string;
  readonly url: string;
  readonly parameters: Parameters;
  readonly arrived: Parameters;
  readonly signingToken: string;
  readonly tokens: readonly string[];
  readonly signature: (genuine: string) => string;
}

const RUNS = readRunCount("SIGNATURE_RUNS", { short: 2_000, full: 12_000 });

const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 20 }),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom("", " ", "+", "%", "%41", "&=", "\u0000", "é", "👍🏽", "a'b(c)*!~", "ＡＢ", "\r\n"),
);
const name = fc.oneof(
  fc.constantFrom("Body", "From", "To", "MessageSid", "MediaUrl0", "constructor", "a", "A", "10", "9", ""),
  text,
);
const parameters = fc
  .array(fc.tuple(name, fc.oneof(text, fc.array(text, { minLength: 1, maxLength: 4 }))), { maxLength: 8 })
  .map(
    (entries): Parameters =>
      Object.assign(Object.create(null) as object, Object.fromEntries(entries.filter(([key]) => key !== "__proto__"))),
  );
const host = fc.constantFrom(
  "example.com",
  "sms.example.com",
  "127.0.0.1",
  "[::1]",
  "xn--bcher-kva.example",
  "EXAMPLE.com",
);
const port = fc.constantFrom("", ":443", ":80", ":8443", ":8787");
const user = fc.constantFrom("", "apikey:secret@", "a%40b:c@");
const queryText = fc.oneof(
  fc.string({ maxLength: 8 }).map((each) => each.replaceAll("#", "")),
  fc.constantFrom(
    "%27",
    "'",
    "a b",
    "%20",
    "+",
    "%zz",
    "é",
    "%E9",
    "%F0%9F%91%8D",
    "!~*()",
    "[]",
    '"',
    "2",
    "1",
    "bodySHA",
    "%",
  ),
);
const query = fc
  .array(fc.tuple(queryText, fc.option(queryText, { nil: null })), { maxLength: 4 })
  .map((pairs) => pairs.map(([key, value]) => (value === null ? key : `${key}=${value}`)).join("&"));
const url = fc
  .tuple(
    fc.constantFrom("https://", "http://", "HTTPS://"),
    user,
    host,
    port,
    fc.constantFrom("", "/", "/twilio/message", "/a%20b/ü"),
    query,
  )
  .map(
    ([scheme, userInfo, hostname, number, path, search]) =>
      `${scheme}${userInfo}${hostname}${number}${path}${search === "" ? "" : `?${search}`}`,
  )
  .filter((each) => URL.canParse(each) && isWellFormed(each));
const token = fc.stringMatching(/^[0-9a-f]{32}$/u);

/** The difference between the received and the signed request, usually none. */
const change = fc.constantFrom(
  "none",
  "none",
  "none",
  "port",
  "normalised",
  "escaped",
  "token",
  "url",
  "body",
  "signature",
  "header",
);

const cases = fc
  .record({
    url,
    other: url,
    parameters,
    others: parameters,
    token,
    spare: token,
    change,
    rotated: fc.boolean(),
    header: text,
  })
  .map((each): Case => {
    const tokens = each.rotated ? [each.spare, each.token] : [each.token, each.spare];
    const base = { signedUrl: each.url, url: each.url, parameters: each.parameters, arrived: each.parameters, tokens };
    const genuine = { ...base, signingToken: each.token, signature: (signature: string) => signature };
    switch (each.change) {
      case "port":
        return { ...genuine, signedUrl: withOtherPort(each.url) };
      case "normalised":
        return { ...genuine, signedUrl: new URL(each.url).toString() };
      case "escaped":
        return { ...genuine, signedUrl: withEscapedQuery(new URL(each.url).toString()) };
      case "token":
        return { ...genuine, signingToken: `${each.token}0` };
      case "url":
        return { ...genuine, url: each.other };
      case "body":
        return { ...genuine, arrived: each.others };
      case "signature":
        return { ...genuine, signature: (signature) => flip(signature) };
      case "header":
        return { ...genuine, signature: () => each.header };
      default:
        return genuine;
    }
  });

describe("the signature", () => {
  it(`is judged as Twilio's own validator judges it, on ${RUNS} requests`, {
    timeout: 600_000 + RUNS * 4,
  }, async () => {
    const verdicts = { accepted: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(cases, async (each) => {
        const genuine = getExpectedTwilioSignature(each.signingToken, each.signedUrl, each.parameters);
        const signature = each.signature(genuine);
        const theirs = each.tokens.some((known) => validateRequest(known, signature, each.url, each.arrived));
        const keys = await Promise.all(each.tokens.map(importSigningKey));
        const ours = await verifySignature(signature, [each.url], parseForm(encode(each.arrived)), keys);
        verdicts[theirs ? "accepted" : "refused"] += 1;
        expect(ours).toBe(theirs);
      }),
      { numRuns: RUNS },
    );
    // A generator that makes only one kind of request would prove nothing.
    expect(verdicts.accepted).toBeGreaterThan(RUNS / 4);
    expect(verdicts.refused).toBeGreaterThan(RUNS / 8);
  });

  it.each([
    ["a space after it", (signature: string) => `${signature} `],
    ["no padding", (signature: string) => signature.slice(0, -1)],
    [
      "other bits in its last character",
      (signature: string) => `${signature.slice(0, 26)}${nextLetter(signature.charAt(26))}=`,
    ],
    ["another alphabet", (signature: string) => signature.replaceAll("+", "-").replaceAll("/", "_").concat("!")],
    ["nothing", () => ""],
  ])("with %s does not fit", async (_, alter) => {
    const signature = getExpectedTwilioSignature("token", "https://example.com/", { Body: "x" });
    const keys = [await importSigningKey("token")];
    const form = parseForm("Body=x");
    expect(await verifySignature(signature, ["https://example.com/"], form, keys)).toBe(true);
    expect(await verifySignature(alter(signature), ["https://example.com/"], form, keys)).toBe(false);
  });

  it("fits under any of the URLs by which we may be known", async () => {
    const signature = getExpectedTwilioSignature("token", "https://sms.example.com/twilio/message", { Body: "x" });
    const urls = ["https://sms.example.com/twilio/message", "http://10.0.0.1:8080/twilio/message"];
    const keys = [await importSigningKey("token")];
    expect(await verifySignature(signature, urls, parseForm("Body=x"), keys)).toBe(true);
    expect(await verifySignature(signature, urls.slice(1), parseForm("Body=x"), keys)).toBe(false);
  });

  it("counts a value that is repeated under its key once", async () => {
    const keys = [await importSigningKey("token")];
    const signature = getExpectedTwilioSignature("token", "https://example.com/", { a: ["y", "x", "y"] });
    expect(await verifySignature(signature, ["https://example.com/"], parseForm("a=y&a=x&a=y"), keys)).toBe(true);
    expect(await verifySignature(signature, ["https://example.com/"], parseForm("a=x&a=y"), keys)).toBe(true);
    expect(await verifySignature(signature, ["https://example.com/"], parseForm("a=x"), keys)).toBe(false);
  });
});

function encode(values: Parameters): string {
  const form = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) {
    for (const each of [value].flat()) form.append(key, each);
  }
  return form.toString();
}

function withOtherPort(from: string): string {
  const [, scheme = "", authority = "", rest = ""] = /^([a-z]+:\/\/)([^/?#]*)(.*)$/isu.exec(from) ?? [];
  const bare = authority.replace(/:\d+$/u, "");
  const standard = scheme.toLowerCase() === "https://" ? ":443" : ":80";
  return scheme + (bare === authority ? bare + standard : bare) + rest;
}

/** The query as signed by old back ends, which used Node's `querystring`. */
function withEscapedQuery(from: string): string {
  const start = from.indexOf("?");
  return start === -1
    ? from
    : `${from.slice(0, start)}?${querystring.stringify(querystring.parse(from.slice(start + 1)))}`;
}

function flip(signature: string): string {
  return (signature.startsWith("A") ? "B" : "A") + signature.slice(1);
}

function nextLetter(letter: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  return alphabet.charAt(alphabet.indexOf(letter) + 1);
}

function isWellFormed(candidate: string): boolean {
  return candidate.isWellFormed();
}
