import { env, exports } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { CONSENT_IMPORT_ROWS } from "../../../src/core/limits/consent.ts";
import { answerWithEcho, api, eventually, incoming, ONE, transcript, webhook } from "../../support/worker.ts";

const NUMBER = "+12025550100";
const PHONES = Array.from({ length: 12 }, (_, index) => `+120255501${String(60 + index).padStart(2, "0")}`);
const [NEW = "", STOPPED = "", ADMITTED = "", ...OTHERS] = PHONES;
const HEAD = "phone,number,status,at,proof";

beforeAll(async () => await answerWithEcho(NUMBER, PHONES));

async function text(phone: string, body: string, fields: Readonly<Record<string, string>> = {}): Promise<void> {
  const form = incoming(ONE, { From: phone, To: NUMBER, Body: body, ...fields });
  await exports.default.fetch(webhook("/twilio/message", form, ONE.token));
}

async function consents(phone: string): Promise<{ items: object[]; history: object[] }> {
  return await (await api("GET", `/v1/senders/${encodeURIComponent(phone)}/consents`)).json();
}

async function state(phone: string, body: object, number = NUMBER): Promise<Response> {
  return await api("PUT", `/v1/senders/${encodeURIComponent(phone)}/consents/${number}`, body);
}

async function importing(rows: readonly string[]): Promise<Response> {
  return await api("POST", "/v1/consents/imports", [HEAD, ...rows].join("\r\n"), { "content-type": "text/csv" });
}

async function standing(query: string): Promise<Record<string, string>[]> {
  const response = await api("GET", `/v1/consents?${query}`);
  expect(response.status).toBe(200);
  return (await response.json<{ items: Record<string, string>[] }>()).items;
}

describe("an admin", () => {
  it("withdraws a consent, also of a phone that never texted: nothing is said to it until START", async () => {
    expect(await consents(NEW)).toEqual({ items: [], history: [] });
    const response = await state(NEW, { status: "withdrawn" });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      items: [{ number: NUMBER, scope: NUMBER, status: "withdrawn", by: "admin" }],
      history: [{ id: 1, status: "withdrawn", by: "admin", text: null, late: false }],
    });
    await text(NEW, "go");
    const messages = await transcript(NEW, NUMBER);
    expect(messages.map(({ direction }) => direction)).toEqual(["in"]);
  });

  it("undoes an opt-out with a proof only, whoever made it", async () => {
    await text(STOPPED, "STOP", { OptOutType: "STOP" });
    const refused = await state(STOPPED, { status: "given" });
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ errors: [{ pointer: "/proof" }] });
    expect(JSON.stringify(await consents(STOPPED))).not.toContain('"given"');
    const proof = "signed at the desk on 2 March";
    expect((await state(STOPPED, { status: "given", proof })).status).toBe(200);
    expect((await consents(STOPPED)).history[0]).toMatchObject({ status: "given", by: "admin", text: proof });
  });

  it("says the same again, and nothing is recorded", async () => {
    for (let time = 0; time < 2; time += 1) await state(ADMITTED, { status: "given" });
    expect((await consents(ADMITTED)).history).toHaveLength(1);
  });

  it.each([
    [404, { status: "given" }, "+12025550109"],
    [400, { status: "given" }, "pizza"],
    [422, { status: "unstated" }, NUMBER],
    [422, { status: "given", proof: "" }, NUMBER],
    [422, { status: "given", at: 5 }, NUMBER],
  ])("gets %d for %j on %s", async (status, body, number) => {
    const response = await state(ADMITTED, body, number);
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
  });
});

describe("an import", () => {
  it("takes its good rows, names the row of each bad one, and changes nothing the second time", async () => {
    const [one = "", two = "", three = ""] = OTHERS;
    const rows = [
      `${one},${NUMBER},given,2026-03-25T17:30:00Z,"signed, at the desk"`,
      `${two},${NUMBER},withdrawn,2026-03-25,`,
      `pizza,${NUMBER},given,2026-03-25,x`,
      `${three},+12025550109,given,2026-03-25,x`,
      `${three},${NUMBER},perhaps,2026-03-25,x`,
      `${three},${NUMBER},given,25 March,x`,
      `${three},${NUMBER},given,2999-01-01,x`,
      `${three},${NUMBER},given`,
      `${two},${NUMBER},given,2026-03-26,`,
      `${two},${NUMBER},given,2026-03-20,an older paper`,
    ];
    const first = await importing(rows);
    expect(first.status).toBe(200);
    expect(await first.json()).toEqual({
      recorded: 3,
      known: 0,
      errors: [4, 5, 6, 7, 8, 9, 10].map((row) => ({ row, detail: expect.stringMatching(/\S/u) })),
    });
    expect(await (await importing(rows)).json()).toMatchObject({ recorded: 0, known: 3 });
    expect(await consents(two)).toMatchObject({
      items: [{ status: "withdrawn", by: "import", at: "2026-03-25T00:00:00.000Z" }],
      history: [
        { status: "given", text: "an older paper", late: true },
        { status: "withdrawn", late: false },
      ],
    });
    expect((await consents(one)).history).toMatchObject([{ status: "given", text: "signed, at the desk" }]);
    expect(await consents(three)).toEqual({ items: [], history: [] });
  });

  it.each([
    [415, "application/json", HEAD],
    [422, "text/csv", "phone,number\n"],
    [200, "text/csv", `${HEAD}\n"never closed`],
    [422, "text/csv", `${HEAD}\n${"x\n".repeat(CONSENT_IMPORT_ROWS + 1)}`],
  ])("gets %d as %s", async (status, type, body) => {
    expect((await api("POST", "/v1/consents/imports", body, { "content-type": type })).status).toBe(status);
  });
});

describe("the list", () => {
  it("shows from D1 how consent stands, in pages, as JSON and as CSV", async () => {
    const withdrawn = await eventually(
      () => standing("status=withdrawn&limit=200"),
      (rows) => rows.length === 2,
    );
    expect(withdrawn.map(({ phone, by }) => [phone, by])).toEqual([
      [NEW, "admin"],
      [OTHERS[1], "import"],
    ]);
    expect(await standing("by=import&status=given")).toMatchObject([{ phone: OTHERS[0] }]);
    expect(await standing(`number=${encodeURIComponent("+12025550109")}`)).toEqual([]);
    const page = await (await api("GET", "/v1/consents?limit=1")).json<{ next: string }>();
    const rest = await standing(`limit=200&after=${encodeURIComponent(page.next)}`);
    const all = await standing("limit=200");
    expect(rest).toEqual(all.slice(1));
    const csv = await api("GET", "/v1/consents?format=csv&status=withdrawn&limit=1");
    expect(csv.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(csv.headers.get("link")).toMatch(/rel="next"/u);
    const [head, row] = (await csv.text()).split("\r\n");
    expect(head).toBe("phone,number,scope,status,by,at");
    expect(row).toMatch(new RegExp(`^\\${NEW},\\${NUMBER},\\${NUMBER},withdrawn,admin,20`, "u"));
  });

  it("refuses what it does not know", async () => {
    for (const query of ["status=perhaps", "after=x", "limit=0", "color=red"])
      expect((await api("GET", `/v1/consents?${query}`)).status).toBe(400);
  });

  it("is behind the key", async () => {
    const response = await exports.default.fetch("http://127.0.0.1:9/v1/consents");
    expect(response.status).toBe(401);
    expect((await env.DB.prepare("SELECT count(*) AS n FROM consents").first<{ n: number }>())?.n).toBeGreaterThan(0);
  });
});
