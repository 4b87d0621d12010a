import fc from "fast-check";
import twilio from "twilio";
import { describe, expect, it } from "vitest";
import type { ConfigurationSnapshot, ReadyAccount } from "../../src/configuration/snapshot.ts";
import { getField, parseJsonForm } from "../../src/twilio/form.ts";
import { importSigningKey } from "../../src/twilio/signature.ts";
import {
  judgeWebhook,
  parseClaim,
  type SignedWebhookRequest,
  type WebhookVerdict,
} from "../../src/twilio/webhook-verification.ts";

const { getExpectedTwilioSignature, validateRequestWithBody } = twilio;
const { getExpectedBodyHash } = await import("twilio/lib/webhooks/webhooks.js");

const SID = `AC${"1".repeat(32)}`;
const TOKEN = "0123456789abcdef".repeat(2);
const MESSAGE = "https://sms.example.com/twilio/message";

const account: ReadyAccount = {
  sid: SID,
  baseUrl: "https://api.twilio.com",
  authTokens: [TOKEN],
  signingKeys: [await importSigningKey(TOKEN)],
  webhookCredentials: null,
};
const snapshot: ConfigurationSnapshot = {
  revision: 1,
  problems: [],
  accounts: new Map([[SID, account]]),
  numbers: new Map(),
  secrets: new Map(),
  lists: new Map(),
  findSendLimits: () => ({ countries: ["US"], rateLimit: null, hasLoopGuard: false, caps: null }),
  findLists: () => [],
  findApplication: () => null,
  findApplicationVersion: () => null,
  findTesterApplication: () => null,
};

async function verdict(
  url: string,
  body: string,
  signature: string,
): Promise<WebhookVerdict | { readonly kind: "unread" }> {
  const arrived: SignedWebhookRequest = {
    urls: [url],
    contentType: "application/json; charset=utf-8",
    signature,
    authorization: undefined,
    body: new TextEncoder().encode(body) as Uint8Array<ArrayBuffer>,
  };
  const claim = await parseClaim(arrived);
  return claim.ok ? await judgeWebhook(arrived, claim.value, snapshot.accounts) : { kind: "unread" };
}

const scalar = fc.oneof(
  fc.string({ unit: "binary" }).map((text) => text.toWellFormed()),
  fc.integer(),
  fc.double(),
);
const body = fc
  .dictionary(fc.string({ unit: "grapheme", maxLength: 8 }), fc.oneof(scalar, fc.jsonValue({ maxDepth: 2 })), {
    maxKeys: 5,
  })
  .map((extra) => JSON.stringify({ ...extra, AccountSid: SID }))
  // The SDK converts values to strings, and throws if they have such a field.
  .filter((text) => !/"(?:toString|valueOf)"/u.test(text));
const query = fc.constantFrom("", "a=b&", "a=%20+'&", "bodySHA=x&");
const change = fc.constantFrom(
  "none",
  "none",
  "none",
  "body",
  "hash",
  "no hash",
  "upper case",
  "twice",
  "token",
  "form",
);

const cases = fc.record({ body, other: body, query, change }).map((each) => {
  const hash = getExpectedBodyHash(each.body);
  const given =
    {
      hash: `bodySHA256=${"0".repeat(64)}`,
      "no hash": "",
      "upper case": `bodySHA256=${hash.toUpperCase()}`,
      twice: `bodySHA256=${"0".repeat(64)}&bodySHA256=${hash}`,
    }[each.change as string] ?? `bodySHA256=${hash}`;
  const url = `${MESSAGE}?${each.query}${given}`;
  const parameters = each.change === "form" ? (JSON.parse(each.body) as Record<string, string>) : {};
  const token = each.change === "token" ? `${TOKEN}0` : TOKEN;
  return {
    url,
    body: each.change === "body" ? each.other : each.body,
    signature: getExpectedTwilioSignature(token, url, parameters),
  };
});

describe("a JSON webhook", () => {
  it("is judged as Twilio's own validator judges it", { timeout: 60_000 }, async () => {
    const verdicts = { admitted: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(cases, async ({ url, body: sent, signature }) => {
        const theirs = validateRequestWithBody(TOKEN, signature, url, sent) ? "admitted" : "refused";
        verdicts[theirs] += 1;
        expect((await verdict(url, sent, signature)).kind).toBe(theirs);
      }),
      { numRuns: 3_000 },
    );
    expect(verdicts.admitted).toBeGreaterThan(500);
    expect(verdicts.refused).toBeGreaterThan(500);
  });

  it.each(["", "{", "[]", "null", '"AccountSid"', "7"])("that is %j is not read", async (sent) => {
    const url = `${MESSAGE}?bodySHA256=${getExpectedBodyHash(sent)}`;
    expect((await verdict(url, sent, getExpectedTwilioSignature(TOKEN, url, {}))).kind).toBe("unread");
  });

  it("has top-level strings and numbers as fields, but nothing nested", () => {
    const form = parseJsonForm(
      '{"Body":"hi","NumMedia":2,"x":-0.5,"a":["b"],"o":{"Body":"no"},"n":null,"t":true,"Body ":""}',
    );
    expect([...(form ?? [])]).toEqual([
      ["Body", ["hi"]],
      ["NumMedia", ["2"]],
      ["x", ["-0.5"]],
      ["Body ", [""]],
    ]);
    expect(getField(parseJsonForm('{"__proto__":"x"}') ?? new Map(), "__proto__")).toBe("x");
  });
});
