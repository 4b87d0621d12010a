import { env } from "cloudflare:workers";
import { beforeAll, expect, it } from "vitest";
import { api, exportsFetch, migrateDatabase, ORIGIN, put } from "../../support/worker.ts";

const ADA = {
  name: "Ada",
  phones: ["+1 (202) 555-0140"],
  pin: "4711",
  languages: ["pt-BR"],
  attributes: { branch: "Lisbon" },
};

interface Shown {
  readonly phones: readonly string[];
  readonly hasPin: boolean;
}

interface Errors {
  readonly errors: readonly { readonly pointer: string; readonly detail: string }[];
}

beforeAll(migrateDatabase);

async function get(path: string) {
  return await (await api("GET", path)).json<Record<string, unknown>>();
}

async function importCsv(csv: string) {
  const response = await api("POST", "/v1/persons/imports", csv, { "content-type": "text/csv" });
  return {
    status: response.status,
    body: await response.json<{ imported: number; errors: object[]; detail: string }>(),
  };
}

it("a person is saved, shown without PIN, changed and deleted", async () => {
  const created = await api("PUT", "/v1/persons/ada", ADA);
  expect(created.status).toBe(201);
  const shown = {
    id: "ada",
    name: "Ada",
    phones: ["+12025550140"],
    languages: ["pt-BR"],
    attributes: { branch: "Lisbon" },
  };
  const body = await created.json();
  expect(body).toMatchObject({ ...shown, hasPin: true, hasAuthenticator: false, lockedAt: null });
  expect(JSON.stringify(body)).not.toContain("4711");
  const row = await env.DB.prepare("SELECT * FROM persons WHERE id = 'ada'").first();
  expect(JSON.stringify(row)).not.toContain("4711");

  const { pin: _, ...unpinned } = ADA;
  expect((await api("PUT", "/v1/persons/ada", { ...unpinned, name: "Ada L." })).status).toBe(200);
  expect(await get("/v1/persons/ada")).toMatchObject({ name: "Ada L.", hasPin: true });
  await put("/v1/persons/ada", { ...ADA, pin: null });
  expect(await get("/v1/persons/ada")).toMatchObject({ hasPin: false });
  expect((await api("DELETE", "/v1/persons/ada")).status).toBe(204);
  expect((await api("GET", "/v1/persons/ada")).status).toBe(404);
  expect((await api("DELETE", "/v1/persons/ada")).status).toBe(404);
});

it.each([
  ["a short PIN", { pin: "123" }, "/pin", "4 to 12 digits"],
  ["a PIN of letters", { pin: "abcd" }, "/pin", "4 to 12 digits"],
  ["a short code for a phone", { phones: ["12345"] }, "/phones/0", "+12025550140"],
  ["a phone twice", { phones: ["+12025550140", "12025550140"] }, "/phones", "twice"],
  ["an attribute that is no text", { attributes: { age: 7 } }, "/attributes/age", "string"],
  ["an attribute that is too long", { attributes: { a: "x".repeat(201) } }, "/attributes/a", "200"],
  ["a language that is none", { languages: ["English!"] }, "/languages/0", "language"],
  ["a field that is not there", { pins: "1" }, "/pins", "pin"],
])("%s is refused", async (_, wrong, pointer, detail) => {
  const response = await api("PUT", "/v1/persons/wrong", { ...ADA, ...wrong });
  expect(response.status).toBe(422);
  const { errors } = await response.json<Errors>();
  expect(errors).toEqual([{ pointer, detail: expect.stringContaining(detail) }]);
  expect((await api("GET", "/v1/persons/wrong")).status).toBe(404);
});

it("persons are found by their phone, page by page", async () => {
  for (const id of ["p1", "p2", "p3"])
    await put(`/v1/persons/${id}`, { name: id, phones: ["+12025550150", `+120255501${id.at(-1)}9`] });
  const first = (await get("/v1/persons?phone=%2B12025550150&limit=2")) as { items: { id: string }[]; next: string };
  expect(first.items.map(({ id }) => id)).toEqual(["p1", "p2"]);
  const second = (await get(`/v1/persons?phone=12025550150&limit=2&after=${first.next}`)) as {
    items: { id: string }[];
    next: null;
  };
  expect([second.items.map(({ id }) => id), second.next]).toEqual([["p3"], null]);
  expect(await get("/v1/persons?phone=%2B12025550199")).toEqual({ items: [], next: null });
  expect((await api("GET", "/v1/persons?phone=me")).status).toBe(400);
});

it("a file saves what is right and tells what is wrong, row by row", async () => {
  await put("/v1/persons/old", { name: "Old", phones: [], pin: "9999" });
  const { status, body } = await importCsv(
    [
      "id,name,phones,pin,languages,attributes.branch",
      'i1,"Ada, the first",+12025550160 +12025550161,4711,en de,Lisbon',
      "i2,Bob,not a phone,12,,",
      "",
      "i1,Again,,,,",
      "old,New name,,,,",
      "bad id,X,,,,",
      "i3,Too,many,4711,,,cells",
    ].join("\n"),
  );
  expect(status).toBe(200);
  expect(body.imported).toBe(2);
  expect(body.errors).toEqual([
    { row: 3, column: "phones", detail: expect.stringContaining("phone number") },
    { row: 3, column: "pin", detail: expect.stringContaining("4 to 12 digits") },
    { row: 5, column: "id", detail: 'Id "i1" is also in row 2. Remove one of them.' },
    { row: 7, column: "id", detail: expect.stringContaining("letters") },
    { row: 8, column: null, detail: expect.stringContaining("7 fields") },
  ]);
  const one = (await get("/v1/persons/i1")) as unknown as Shown & Record<string, unknown>;
  expect(one).toMatchObject({
    name: "Ada, the first",
    languages: ["en", "de"],
    attributes: { branch: "Lisbon" },
    hasPin: true,
  });
  expect(one.phones).toEqual(["+12025550160", "+12025550161"]);
  expect(await get("/v1/persons/old")).toMatchObject({ name: "New name", hasPin: true });
  expect((await api("GET", "/v1/persons/i2")).status).toBe(404);
});

it("a file that cannot be read at all says why", async () => {
  expect((await importCsv("id,nam,phones\n1,2,3")).body.detail).toContain('"nam" is not a known column.');
  expect((await importCsv("id,name\n1,2")).body.detail).toContain('"phones" is missing');
  expect((await importCsv("id,name,phones,id\n1,2")).body.detail).toContain("twice");
  const many = Array.from({ length: 201 }, (_, index) => `x${index},X,`).join("\n");
  expect((await importCsv(`id,name,phones\n${many}`)).body.detail).toContain("at most 200");
  expect((await api("POST", "/v1/persons/imports", "{}")).status).toBe(415);
});

it("more than one batch, with semicolons", async () => {
  const rows = Array.from({ length: 60 }, (_, index) => `m${index};M ${index};+13075550${100 + index}`);
  const { body } = await importCsv(`id;name;phones\n${rows.join("\n")}`);
  expect(body).toEqual({ imported: 60, errors: [] });
  expect(await get("/v1/persons/m59")).toMatchObject({ name: "M 59", phones: ["+13075550159"] });
});

it("the pages are not for others, and nothing is kept of them", async () => {
  await put("/v1/persons/enrolled", { name: "Enrolled", phones: [] });
  const { url } = await (await api("POST", "/v1/persons/enrolled/enrolments", {})).json<{ url: string }>();
  const page = await exportsFetch(new Request(url));
  expect(page.status).toBe(200);
  expect(page.headers.get("cache-control")).toBe("no-store");
  expect(page.headers.get("referrer-policy")).toBe("no-referrer");
  expect(page.headers.get("content-security-policy")).toMatch(/default-src 'none'.*frame-ancestors 'none'/u);
  expect(JSON.stringify(await env.DB.prepare("SELECT * FROM pages").all())).not.toContain(url.split("/").at(-1));
  const post = async (headers: Record<string, string>) =>
    (await exportsFetch(new Request(url, { method: "POST", body: new URLSearchParams({ digits: "000000" }), headers })))
      .status;
  expect(await post({ "sec-fetch-site": "cross-site" })).toBe(403);
  expect(await post({ "sec-fetch-site": "same-site" })).toBe(403);
  expect(await post({ origin: "https://evil.example" })).toBe(403);
  expect(await post({ "sec-fetch-site": "same-origin" })).toBe(200);
  expect(await post({ origin: ORIGIN })).toBe(200);
  const again = await (await api("POST", "/v1/persons/enrolled/enrolments")).json<{ url: string }>();
  expect((await exportsFetch(new Request(url))).status).toBe(410);
  expect((await exportsFetch(new Request(again.url))).status).toBe(200);
  expect((await exportsFetch(new Request(again.url.replace("/enrol/", "/link/")))).status).toBe(410);
  expect((await exportsFetch(new Request(`${ORIGIN}/link/nothing`))).status).toBe(410);
});
