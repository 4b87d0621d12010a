import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { applicationSchema } from "../../../src/configuration/schemas.ts";
import { forgetConfiguration, loadConfiguration } from "../../../src/configuration/store.ts";
import { topicSchema } from "../../../src/topics/definition.ts";
import { api, ECHO, migrateDatabase, publish, put } from "../../support/worker.ts";

interface Answer {
  readonly status: number;
  readonly body: { readonly [key: string]: unknown; readonly errors?: readonly { pointer: string; detail: string }[] };
}

async function call(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await api(method, path, body);
  const text = await response.text();
  return { status: response.status, body: text === "" ? {} : JSON.parse(text) };
}

const pointers = ({ body }: Answer) => (body.errors ?? []).map(({ pointer }) => pointer);

const titled = (title: string) => ({ ...ECHO, title });
const goingTo = (...topics: readonly string[]) => ({
  title: "Goes",
  steps: topics.map((topic) => ({ kind: "topic", id: `to-${topic}`, topic })),
});
const application = (...topics: readonly string[]) => ({ name: "One", assistant: { kind: "topics", topics } });

async function versionsOf(path: string): Promise<readonly number[]> {
  const { items } = (await call("GET", `${path}/publications`)).body as { items: { version: number }[] };
  return items.map(({ version }) => version);
}

async function revision(): Promise<number> {
  const row = await env.DB.prepare("SELECT revision FROM revisions").first<{ revision: number }>();
  return row?.revision ?? 0;
}

beforeAll(async () => {
  await migrateDatabase();
  await put("/v1/topics/echo", ECHO);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("a topic", () => {
  it("is published with its first PUT, and later ones change its draft", async () => {
    const made = await call("PUT", "/v1/topics/first", titled("One"));
    expect(made).toMatchObject({ status: 201, body: { title: "One", published: { version: 1, by: "admin" } } });
    expect(made.body["draft"]).toBe(false);
    const changed = await call("PUT", "/v1/topics/first", titled("Two"));
    expect(changed).toMatchObject({ status: 200, body: { title: "Two", draft: true, published: { version: 1 } } });
    const { warnings, ...saved } = changed.body;
    expect(warnings).toEqual([]);
    expect((await call("GET", "/v1/topics/first")).body).toEqual(saved);
    const { items } = (await call("GET", "/v1/topics?limit=200")).body as { items: { id: string; draft: boolean }[] };
    expect(items.find(({ id }) => id === "first")?.draft).toBe(true);
    expect((await call("GET", "/v1/topics/first/publications/1")).body["document"]).toMatchObject({ title: "One" });
  });

  it("that is saved as it is changes nothing, not even the revision", async () => {
    const made = await call("PUT", "/v1/topics/same", titled("One"));
    const before = await revision();
    vi.useFakeTimers({ now: Date.now() + 5_000, toFake: ["Date"] });
    expect(await call("PUT", "/v1/topics/same", titled("One"))).toEqual({ ...made, status: 200 });
    expect(await revision()).toBe(before);
  });

  it("that is deleted and made again goes on counting, and has all of its versions", async () => {
    await put("/v1/topics/phoenix", titled("One"));
    await publish("phoenix", titled("Two"));
    expect((await call("DELETE", "/v1/topics/phoenix")).status).toBe(204);
    for (const path of ["publications", "publications/1", "trials"]) {
      expect((await call("GET", `/v1/topics/phoenix/${path}`)).status).toBe(404);
    }
    expect((await call("POST", "/v1/topics/phoenix/publications", {})).status).toBe(404);
    const again = await call("PUT", "/v1/topics/phoenix", titled("Three"));
    expect(again).toMatchObject({ status: 201, body: { published: { version: 3 } } });
    expect(await versionsOf("/v1/topics/phoenix")).toEqual([3, 2, 1]);
  });

  it("that two admins make at once is made by one of them", async () => {
    const answers = await Promise.all([call("PUT", "/v1/topics/race", ECHO), call("PUT", "/v1/topics/race", ECHO)]);
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
    expect([
      [200, 201],
      [201, 409],
    ]).toContainEqual(statuses);
    expect(await versionsOf("/v1/topics/race")).toEqual([1]);
  });

  it("that is deleted while its draft is saved does not come back without a publication", async () => {
    await put("/v1/topics/gone", titled("One"));
    const database = Object.getPrototypeOf(env.DB) as D1Database;
    const write = database.batch.bind(env.DB);
    vi.spyOn(database, "batch").mockImplementationOnce(async (statements) => {
      await call("DELETE", "/v1/topics/gone");
      return await write(statements);
    });
    expect((await call("PUT", "/v1/topics/gone", titled("Two"))).status).toBe(409);
    expect((await call("GET", "/v1/topics/gone")).status).toBe(404);
  });
});

describe("a publication", () => {
  it("makes the draft what people hear, and is shown with who and when", async () => {
    await put("/v1/topics/two", titled("One"));
    await put("/v1/topics/two", titled("Two"));
    const published = await call("POST", "/v1/topics/two/publications", {});
    expect(published).toMatchObject({ status: 201, body: { version: 2, by: "admin", from: null } });
    expect(published.body["document"]).toMatchObject({ title: "Two" });
    expect(Date.parse(String(published.body["at"]))).toBeGreaterThan(Date.now() - 60_000);
    expect(await call("GET", "/v1/topics/two/publications/2")).toEqual({ ...published, status: 200 });
    expect((await call("GET", "/v1/topics/two")).body).toMatchObject({ draft: false, published: { version: 2 } });
  });

  it("of what is published already is the one that is there", async () => {
    await put("/v1/topics/again", titled("One"));
    await put("/v1/topics/again", titled("Two"));
    const published = await call("POST", "/v1/topics/again/publications");
    expect(await call("POST", "/v1/topics/again/publications", {})).toEqual({ ...published, status: 200 });
    expect((await call("POST", "/v1/topics/again/publications", { version: 2 })).status).toBe(200);
    expect(await versionsOf("/v1/topics/again")).toEqual([2, 1]);
  });

  it("of an older version brings it back as a new one, and leaves the draft alone", async () => {
    await put("/v1/topics/back", titled("One"));
    await publish("back", titled("Two"));
    await put("/v1/topics/back", titled("Three"));
    const brought = await call("POST", "/v1/topics/back/publications", { version: 1 });
    expect(brought).toMatchObject({ status: 201, body: { version: 3, from: 1, document: { title: "One" } } });
    expect((await call("GET", "/v1/topics/back")).body).toMatchObject({
      title: "Three",
      draft: true,
      published: { version: 3 },
    });
    expect((await call("POST", "/v1/topics/back/publications", {})).body).toMatchObject({ version: 4, from: null });
  });

  it.each([
    [{ version: 9 }, ["/version"]],
    [{ version: 0 }, ["/version"]],
    [{ version: "1" }, ["/version"]],
    [{ draft: true }, ["/draft"]],
  ])("of %j is refused, and the field is named", async (body, expected) => {
    const answer = await call("POST", "/v1/topics/echo/publications", body);
    expect([answer.status, pointers(answer)]).toEqual([422, expected]);
  });

  it("is checked as a whole: an application must have every topic that its topics go to", async () => {
    await put("/v1/topics/hub", ECHO);
    await put("/v1/applications/hub", application("hub", "echo"));
    await publish("hub", goingTo("echo"));
    await publish("hub", ECHO);
    await put("/v1/applications/hub", application("hub"));
    const back = await call("POST", "/v1/topics/hub/publications", { version: 2 });
    expect([back.status, pointers(back)]).toEqual([422, ["/steps/0/topic"]]);
    expect(await versionsOf("/v1/topics/hub")).toEqual([3, 2, 1]);
  });

  it("of a draft counts, not the draft: what an application needs is what its topics go to as published", async () => {
    await put("/v1/topics/quiet", ECHO);
    await put("/v1/applications/quiet", application("quiet", "echo"));
    await put("/v1/topics/quiet", goingTo("echo"));
    expect((await call("PUT", "/v1/applications/quiet", application("quiet"))).status).toBe(200);
    const late = await call("POST", "/v1/topics/quiet/publications", {});
    expect([late.status, pointers(late)]).toEqual([422, ["/steps/0/topic"]]);
  });

  it("that was checked before the application changed is not made", async () => {
    await put("/v1/topics/pair", ECHO);
    await put("/v1/applications/pair", application("pair", "echo"));
    await put("/v1/topics/pair", goingTo("echo"));
    const database = Object.getPrototypeOf(env.DB) as D1Database;
    const write = database.batch.bind(env.DB);
    vi.spyOn(database, "batch").mockImplementationOnce(async (statements) => {
      await put("/v1/applications/pair", application("pair"));
      return await write(statements);
    });
    expect((await call("POST", "/v1/topics/pair/publications", {})).status).toBe(409);
    expect(await versionsOf("/v1/topics/pair")).toEqual([1]);
  });

  it("that two admins make at once is made once", async () => {
    await put("/v1/topics/both", titled("One"));
    await put("/v1/topics/both", titled("Two"));
    const answers = await Promise.all([1, 2].map(() => call("POST", "/v1/topics/both/publications", {})));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(await versionsOf("/v1/topics/both")).toEqual([2, 1]);
  });

  it("of a document that no longer fits the schema is refused", async () => {
    await put("/v1/topics/old", titled("One"));
    await publish("old", titled("Two"));
    await env.DB.prepare("UPDATE publications SET document = '{}' WHERE name = 'old' AND version = 1").run();
    const answer = await call("POST", "/v1/topics/old/publications", { version: 1 });
    expect([answer.status, pointers(answer)]).toEqual([422, ["/steps", "/title"]]);
  });

  it("is kept two hundred times, and the oldest goes", async () => {
    await put("/v1/topics/many", titled("One"));
    await env.DB.prepare("UPDATE publications SET version = 200 WHERE name = 'many'").run();
    await publish("many", titled("Two"));
    expect(await versionsOf("/v1/topics/many")).toEqual([201, 200]);
    await env.DB.prepare("UPDATE publications SET version = 2 WHERE name = 'many' AND version = 200").run();
    await publish("many", titled("Three"));
    expect(await versionsOf("/v1/topics/many")).toEqual([202, 201]);
  });
});

describe("the publications of a topic", () => {
  it("have pages that hold everything once, the latest first", async () => {
    await put("/v1/topics/pages", titled("1"));
    for (const title of ["2", "3", "4", "5"]) await publish("pages", titled(title));
    const seen: number[] = [];
    for (let after: string | null = ""; after !== null; ) {
      const page: Answer = await call("GET", `/v1/topics/pages/publications?limit=2&after=${after}`);
      const { items, next } = page.body as unknown as { items: { version: number }[]; next: string | null };
      seen.push(...items.map(({ version }) => version));
      after = next;
    }
    expect(seen).toEqual([5, 4, 3, 2, 1]);
    const { items } = (await call("GET", "/v1/topics/pages/publications")).body as { items: object[] };
    expect(Object.keys(items[0] ?? {})).toEqual(["version", "at", "by", "from"]);
    expect((await call("GET", "/v1/topics/pages/publications?after=x")).status).toBe(400);
    for (const version of ["6", "0", "x"]) {
      expect((await call("GET", `/v1/topics/pages/publications/${version}`)).status).toBe(404);
    }
  });
});

describe("an application", () => {
  it("is published with every PUT, and not with one that changes nothing", async () => {
    const made = await call("PUT", "/v1/applications/one", application("echo"));
    expect(made).toMatchObject({ status: 201, body: { published: { version: 1, by: "admin" } } });
    expect(await call("PUT", "/v1/applications/one", application("echo"))).toEqual({ ...made, status: 200 });
    const changed = await call("PUT", "/v1/applications/one", { ...application("echo"), name: "Two" });
    expect(changed).toMatchObject({ status: 200, body: { name: "Two", published: { version: 2 } } });
    expect(await versionsOf("/v1/applications/one")).toEqual([2, 1]);
  });

  it("can be brought back, if all of its topics are there", async () => {
    await put("/v1/topics/spare", ECHO);
    await put("/v1/applications/back", application("echo", "spare"));
    await put("/v1/applications/back", application("echo"));
    const brought = await call("POST", "/v1/applications/back/publications", { version: 1 });
    expect(brought).toMatchObject({ status: 201, body: { version: 3, from: 1 } });
    expect((await call("GET", "/v1/applications/back")).body).toMatchObject(application("echo", "spare"));
    expect((await call("DELETE", "/v1/topics/spare")).status).toBe(409);
    await put("/v1/applications/back", application("echo"));
    expect((await call("DELETE", "/v1/topics/spare")).status).toBe(204);
    const late = await call("POST", "/v1/applications/back/publications", { version: 1 });
    expect([late.status, pointers(late)]).toEqual([422, ["/assistant/topics/1"]]);
  });
});

describe("a trial", () => {
  it("begins for a phone, however it is written, and ends after a week or when it is deleted", async () => {
    await put("/v1/topics/tried", ECHO);
    const begun = await call("PUT", "/v1/topics/tried/trials/1-202-555-0140");
    expect(begun).toMatchObject({ status: 201, body: { phone: "+12025550140" } });
    const { startedAt, expiresAt } = begun.body as { startedAt: string; expiresAt: string };
    expect(Date.parse(expiresAt) - Date.parse(startedAt)).toBe(7 * 24 * 3_600_000);
    expect((await call("PUT", "/v1/topics/tried/trials/+12025550141", {})).status).toBe(201);
    const phones = async () => {
      const { items } = (await call("GET", "/v1/topics/tried/trials")).body as { items: { phone: string }[] };
      return items.map(({ phone }) => phone);
    };
    expect(await phones()).toEqual(["+12025550140", "+12025550141"]);
    expect((await call("DELETE", "/v1/topics/tried/trials/12025550141")).status).toBe(204);
    expect((await call("DELETE", "/v1/topics/tried/trials/12025550141")).status).toBe(404);
    vi.useFakeTimers({ now: Date.now() + 6 * 24 * 3_600_000, toFake: ["Date"] });
    const renewed = await call("PUT", "/v1/topics/tried/trials/+12025550140");
    expect(renewed).toMatchObject({ status: 200, body: { startedAt } });
    vi.useFakeTimers({ now: Date.now() + 2 * 24 * 3_600_000, toFake: ["Date"] });
    expect(await phones()).toEqual(["+12025550140"]);
    vi.useFakeTimers({ now: Date.now() + 6 * 24 * 3_600_000, toFake: ["Date"] });
    expect(await phones()).toEqual([]);
    expect((await call("DELETE", "/v1/topics/tried/trials/+12025550140")).status).toBe(404);
  });

  it.each([
    ["/v1/topics/echo/trials/nobody", undefined, 400],
    ["/v1/topics/nothing/trials/+12025550140", undefined, 404],
    ["/v1/topics/echo/trials/+12025550140", { days: 3 }, 422],
  ])("PUT %s with %j: %i", async (path, body, status) => {
    expect((await call("PUT", path, body)).status).toBe(status);
  });

  it("has room for twenty phones of a topic", async () => {
    await put("/v1/topics/crowd", ECHO);
    const phones = Array.from({ length: 21 }, (_, index) => `+120255501${String(index + 10)}`);
    const statuses: number[] = [];
    for (const phone of phones) statuses.push((await call("PUT", `/v1/topics/crowd/trials/${phone}`)).status);
    expect(statuses).toEqual([...Array.from({ length: 20 }, () => 201), 409]);
    expect((await call("PUT", `/v1/topics/crowd/trials/${phones[0]}`)).status).toBe(200);
    const { items, next } = (await call("GET", "/v1/topics/crowd/trials?limit=15&after=%2B12025550112")).body as {
      items: { phone: string }[];
      next: string;
    };
    expect([items.length, next]).toEqual([15, phones[17]]);
  });

  it("ends with its topic", async () => {
    await put("/v1/topics/brief", ECHO);
    await call("PUT", "/v1/topics/brief/trials/+12025550140");
    await call("DELETE", "/v1/topics/brief");
    await put("/v1/topics/brief", ECHO);
    expect((await call("GET", "/v1/topics/brief/trials")).body).toEqual({ items: [], next: null });
  });
});

describe("the migration", () => {
  it("makes what is there a first version, and what an older release saves afterwards is heard as well", async () => {
    const { DB, MIGRATIONS } = env;
    const before = MIGRATIONS.findIndex(({ name }) => name.includes("publications"));
    const { results: tables } = await DB.prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%'",
    ).all<{ name: string }>();
    await DB.batch([
      DB.prepare("PRAGMA defer_foreign_keys = true"),
      ...tables.map(({ name }) => DB.prepare(`DROP TABLE "${name}"`)),
    ]);
    await applyD1Migrations(DB, MIGRATIONS.slice(0, before));
    const topic = JSON.stringify(topicSchema.parse(ECHO));
    const document = JSON.stringify(applicationSchema.parse(application("echo")));
    await DB.batch([
      DB.prepare("INSERT INTO topics VALUES ('echo', ?, 1, 2)").bind(topic),
      DB.prepare("INSERT INTO applications VALUES ('one', ?, 3, 4)").bind(document),
    ]);
    await applyD1Migrations(DB, MIGRATIONS);
    await DB.prepare("INSERT INTO topics VALUES ('late', ?, 1, 2)").bind(topic).run();
    await DB.prepare("INSERT INTO applications VALUES ('two', ?, 3, 4)")
      .bind(JSON.stringify(applicationSchema.parse(application("late"))))
      .run();
    forgetConfiguration();

    expect((await call("GET", "/v1/topics/echo")).body).toMatchObject({
      draft: false,
      published: { version: 1, at: "1970-01-01T00:00:00.002Z", by: "admin" },
    });
    expect((await call("GET", "/v1/applications/one")).body).toMatchObject({ published: { version: 1 } });
    const snapshot = await loadConfiguration(env, () => undefined);
    expect(snapshot.problems).toEqual([]);
    expect([snapshot.findApplication("one")?.publication, snapshot.findApplication("two")?.name]).toEqual([2, "One"]);

    expect((await call("GET", "/v1/topics/late")).body).toMatchObject({ draft: true, published: null });
    expect((await call("PUT", "/v1/topics/late", titled("Late"))).body).toMatchObject({
      draft: false,
      published: { version: 1 },
    });
  });
});
