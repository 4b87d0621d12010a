import { describe, expect, inject, it } from "vitest";
import { isRecord } from "../../src/core/json.ts";
import { type OutboundRequest, sendRequest } from "../../src/outbound/client.ts";

const [ONE, OTHER] = inject("outbound");
const SECRET = "s3cr3t-value";
const rules = {
  allowedHosts: [new URL(ONE).host, new URL(OTHER).host],
  secrets: new Map([["crm", SECRET]]),
  timeoutMilliseconds: 5_000,
};
const IMPATIENT = { ...rules, timeoutMilliseconds: 300 };

const get = (to: string, rest: Partial<OutboundRequest> = {}): OutboundRequest => ({
  method: "GET",
  url: ONE + to,
  expect: "json",
  ...rest,
});
const path = (name: string, query: Record<string, string>) => `${name}?${new URLSearchParams(query).toString()}`;
const answer = (status: number, body: string) => path("/answer", { status: `${status}`, body });
const redirect = (to: string, status = 302) => path("/redirect", { status: `${status}`, to });

async function echoed(wanted: OutboundRequest): Promise<Record<string, unknown>> {
  const told = await sendRequest(wanted, rules);
  if (told.kind === "answered" && told.content.kind === "json" && isRecord(told.content.value))
    return told.content.value;
  throw new Error(JSON.stringify(told));
}

it("runs in workerd", () => {
  expect(navigator.userAgent).toBe("Cloudflare-Workers");
});

describe("what comes back", () => {
  it.each([
    [200, '{"a":[1]}', { kind: "json", value: { a: [1] } }],
    [200, "", { kind: "empty" }],
    [204, "", { kind: "empty" }],
    [422, '{"error":"no"}', { kind: "json", value: { error: "no" } }],
    [500, "<h1>Oh no</h1>", { kind: "text", text: "<h1>Oh no</h1>" }],
  ])("status %i, %j", async (status, body, content) => {
    expect(await sendRequest(get(answer(status, body)), rules)).toEqual({ kind: "answered", status, content });
  });

  it("is text where text was asked for", async () => {
    expect(await sendRequest(get(answer(200, '"नमस्ते"'), { expect: "text" }), rules)).toEqual({
      kind: "answered",
      status: 200,
      content: { kind: "text", text: '"नमस्ते"' },
    });
  });

  it("may be as large as the limit and no larger", async () => {
    const just = await sendRequest(get("/bytes?bytes=262144", { expect: "text" }), rules);
    expect(just).toMatchObject({ kind: "answered", content: { kind: "text", text: "x".repeat(262_144) } });
    const more = await sendRequest(get("/bytes?bytes=262145", { expect: "text" }), rules);
    expect(more).toEqual({ kind: "failed", reason: "too large", where: ONE });
  });
});

describe("what goes wrong", () => {
  it.each([
    [answer(200, "<html>"), "not JSON"],
    ["/bytes?bytes=10485760", "too large"],
    ["/bomb", "too large"],
    ["/reset", "connection"],
    ["/hang-up", "connection"],
    ["/rubbish", "connection"],
    ["/loop", "too many redirects"],
    [redirect("http://169.254.169.254/latest/meta-data/"), "not allowed"],
    [redirect("http://example.com/"), "not allowed"],
    [redirect("https://[::ffff:10.0.0.1]/"), "not allowed"],
    [redirect("https://user@example.com/"), "not allowed"],
    [redirect("ftp://example.com/"), "not allowed"],
    [redirect("https://"), "not allowed"],
  ])("%s: %s", async (to, reason) => {
    expect(await sendRequest(get(to), rules)).toEqual({ kind: "failed", reason, where: ONE });
  });

  it.each(["/silence", "/trickle"])("%s: timeout", async (to) => {
    expect(await sendRequest(get(to), IMPATIENT)).toEqual({ kind: "failed", reason: "timeout", where: ONE });
  });

  it("names the origin that failed", async () => {
    expect(await sendRequest(get(redirect(`${OTHER}/hang-up`)), rules)).toMatchObject({ where: OTHER });
  });

  it("no server listens", async () => {
    const allowed = { ...rules, allowedHosts: ["127.0.0.1:1"] };
    const told = await sendRequest(get("", { url: "http://127.0.0.1:1/" }), allowed);
    expect(told).toEqual({ kind: "failed", reason: "connection", where: "http://127.0.0.1:1" });
  });

  it("sends nothing to a host that is not allowed", async () => {
    const told = await sendRequest(get("/seen"), { ...rules, allowedHosts: [] });
    expect(told).toEqual({ kind: "failed", reason: "not allowed", where: ONE });
  });

  it("says nothing of path, query, body or secret", async () => {
    const told = await sendRequest(
      {
        method: "POST",
        url: `${ONE}/hang-up?token=hidden`,
        headers: { authorization: { secret: "crm" } },
        body: { person: "hidden" },
        expect: "json",
      },
      rules,
    );
    expect(told).toEqual({ kind: "failed", reason: "connection", where: ONE });
  });
});

describe("what is sent", () => {
  it("is the body as JSON, with the headers and the secrets in them", async () => {
    const { method, headers, body } = await echoed({
      method: "PUT",
      url: `${ONE}/echo`,
      headers: {
        Authorization: { secret: "crm", prefix: "Bearer " },
        "X-Team": "blue",
        Accept: "application/hal+json",
      },
      body: { a: ["é"] },
      expect: "json",
    });
    expect({ method, body }).toEqual({ method: "PUT", body: '{"a":["é"]}' });
    expect(headers).toMatchObject({
      authorization: `Bearer ${SECRET}`,
      "x-team": "blue",
      accept: "application/hal+json",
      "content-type": "application/json",
      "user-agent": "Parley",
    });
  });

  it.each(["missing", "broken"])("is not sent if a secret is %s", async (secret) => {
    const broken = { ...rules, secrets: new Map([["broken", "a\r\nb"]]) };
    const told = await sendRequest(get("/echo", { headers: { authorization: { secret } } }), broken);
    expect(told).toEqual({ kind: "failed", reason: "secret", where: secret });
  });
});

describe("redirects", () => {
  const posting = (url: string): OutboundRequest => ({
    method: "POST",
    url,
    headers: { authorization: { secret: "crm" }, "x-api-key": "typed in by hand", "accept-language": "hi" },
    body: { a: 1 },
    expect: "json",
  });

  it.each([301, 302, 303])("%i becomes a GET without body", async (status) => {
    const { method, headers, body } = await echoed(posting(ONE + redirect("/echo", status)));
    expect({ method, body }).toEqual({ method: "GET", body: "" });
    expect(headers).toMatchObject({ authorization: SECRET, "x-api-key": "typed in by hand" });
    expect(headers).not.toHaveProperty("content-type");
  });

  it.each([307, 308])("%i keeps method and body", async (status) => {
    expect(await echoed(posting(ONE + redirect("/echo", status)))).toMatchObject({ method: "POST", body: '{"a":1}' });
  });

  it("to another origin drop what may be a key, for good", async () => {
    const back = OTHER + redirect(`${ONE}/echo`, 307);
    for (const to of [`${OTHER}/echo`, back]) {
      const { headers } = await echoed(posting(ONE + redirect(to, 307)));
      expect(headers).not.toHaveProperty("authorization");
      expect(headers).not.toHaveProperty("x-api-key");
      expect(headers).toMatchObject({ "accept-language": "hi", "content-type": "application/json" });
    }
  });

  it("are followed three times", async () => {
    const chain = (length: number): string => (length === 0 ? "/echo" : redirect(chain(length - 1)));
    expect(await sendRequest(get(chain(3)), rules)).toMatchObject({ kind: "answered", status: 200 });
    expect(await sendRequest(get(chain(4)), rules)).toMatchObject({ kind: "failed", reason: "too many redirects" });
  });

  it("without a place are answers", async () => {
    expect(await sendRequest(get("/answer?status=304"), rules)).toMatchObject({ kind: "answered", status: 304 });
  });
});

describe("one more try", () => {
  const flaky = (by: string, name: string) => path("/flaky", { by, name });
  const keysOf = async (name: string) => await sendRequest(get(path("/seen", { name })), rules);

  it.each(["status", "hanging up", "silence"])("after trouble by %s, with the same key", async (by) => {
    const name = `again after ${by}`;
    const told = await sendRequest(get(flaky(by, name), { idempotencyKey: "turn-1" }), IMPATIENT);
    expect(told).toEqual({ kind: "answered", status: 200, content: { kind: "json", value: "at last" } });
    expect(await keysOf(name)).toMatchObject({ content: { value: ["turn-1", "turn-1"] } });
  });

  it("is not made if the caller forbids it", async () => {
    expect(await sendRequest(get(flaky("status", "once")), rules)).toMatchObject({ kind: "answered", status: 503 });
    expect(await keysOf("once")).toMatchObject({ content: { value: [null] } });
  });

  it("is not made after an answer that will stay", async () => {
    const told = await sendRequest(get(answer(500, ""), { idempotencyKey: "turn-1" }), rules);
    expect(told).toMatchObject({ kind: "answered", status: 500 });
  });
});
