import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { forgetConfiguration, loadConfiguration } from "../../src/configuration/store.ts";
import { openVault } from "../../src/core/vault.ts";
import { openDatabase } from "../../src/db/database.ts";
import { findIdentityPage } from "../../src/db/persons.ts";
import { PersonDirectory, toAuthenticatorPurpose } from "../../src/identity/store.ts";
import waitText from "../sender/stored/wait-text.json";
import { compareKeys, NO_DIFFERENCE } from "../support/stored-keys.ts";
import { insertionOf, restoreRows, rowsOfDatabase } from "../support/stored-rows.ts";
import { api, exportsFetch, incoming, ONE, transcript, webhook } from "../support/worker.ts";
import database from "./stored/database.json";
import { NUMBER, PHONE, playAnew } from "./stored/scenario.ts";

/** Paths that later releases have added on purpose; see sender/stored/README.md. */
const ADDED: readonly string[] = [];
/** In an order in which each finds what it refers to. */
const TABLES =
  "accounts applications topics application_topics topic_targets numbers lists persons person_phones publications trials secrets pages notifications subscriptions subscription_changes consents consent_entries refusals broadcasts revisions".split(
    " ",
  );
const rows: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = database.rows;

async function restoreDatabase(): Promise<void> {
  const late = Date.now() - database.now;
  const insertions = TABLES.flatMap((table) =>
    (rows[table] ?? []).map((row) => {
      const change = {
        ...(table === "accounts" ? { base_url: inject("emulator") } : {}),
        ...(table === "pages" || table === "trials" ? { expires_at: Number(row["expires_at"]) + late } : {}),
      };
      const [sql, ...values] = insertionOf(table, row, change);
      return env.DB.prepare(sql).bind(...values);
    }),
  );
  await env.DB.batch([...TABLES.toReversed().map((table) => env.DB.prepare(`DELETE FROM ${table}`)), ...insertions]);
  forgetConfiguration();
}

beforeAll(playAnew);

it("D1 holds the keys and columns of the release that has recorded it", async () => {
  const anew = await rowsOfDatabase(env.DB);
  expect(compareKeys(rows, anew, ADDED)).toEqual(NO_DIFFERENCE);
  expect(TABLES.toSorted()).toEqual(Object.keys(rows).filter((table) => (rows[table]?.length ?? 0) > 0));
});

async function get<Shown>(path: string): Promise<Shown> {
  const response = await api("GET", path);
  expect([path, response.status]).toEqual([path, 200]);
  return await response.json<Shown>();
}

describe("what was stored in D1", () => {
  beforeAll(restoreDatabase);

  it("is the configuration", async () => {
    const snapshot = await loadConfiguration(env, () => undefined);
    expect(snapshot.problems).toEqual([]);
    expect(snapshot.accounts.get(ONE.sid)?.authTokens).toEqual([ONE.token, "e9".repeat(16)]);
    expect(snapshot.secrets.get("crm")).toMatchObject({ value: "crm-key", hosts: ["crm.example.com"] });
    expect(JSON.stringify(snapshot.findSendLimits(NUMBER))).toBe(
      '{"countries":["US","CA"],"rateLimit":{"perMinute":20,"perHour":200},"hasLoopGuard":true,"caps":{"account":{"segmentsPerDay":1000,"moneyPerDay":50},"number":{"segmentsPerDay":500,"moneyPerDay":20},"prices":{"currency":"USD","segment":0.05,"countries":{"US":0.01},"media":0.02}}}',
    );
    expect(snapshot.findLists(NUMBER).map(({ id, doubleOptIn, heading }) => [id, doubleOptIn, heading])).toEqual([
      ["offers", true, "From the shop"],
    ]);
    expect(snapshot.findApplication("shop")?.idleSeconds).toBe(3_600);
    expect(snapshot.findApplication("bot")?.signature).toBe("bot");
    expect(snapshot.findTesterApplication("shop", PHONE.replace("140", "141"), Date.now())?.publication).toBeNull();
  });

  it("is shown by the admin API", async () => {
    expect(await get(`/v1/accounts/${ONE.sid}`)).toMatchObject({
      countries: ["US", "CA"],
      prices: { currency: "USD", segment: 0.05, countries: { US: 0.01 }, media: 0.02 },
      caps: { segmentsPerDay: 1_000, moneyPerDay: 50 },
    });
    expect(await get(`/v1/numbers/${NUMBER}`)).toMatchObject({
      optOut: "parley",
      segmentsPerSecond: 2,
      rateLimit: { perMinute: 20, perHour: 200 },
      loopGuard: true,
      caps: { segmentsPerDay: 500, moneyPerDay: 20 },
    });
    expect(await get("/v1/applications/shop")).toMatchObject({
      linking: { by: "text", codeByText: true, keepDays: 7 },
    });
    expect(await get("/v1/topics/greet")).toMatchObject({ title: "Greet, a draft" });
    expect(await get("/v1/topics/greet/publications/1")).toMatchObject({ document: { title: "Greet" } });
    expect(await get("/v1/persons/customer-7")).toMatchObject({
      hasPin: true,
      languages: ["en", "pt-BR"],
      attributes: { branch: "Lisbon" },
    });
    expect(await get("/v1/secrets/crm")).toMatchObject({ hosts: ["crm.example.com"] });
    expect(await get("/v1/lists/offers")).toMatchObject({ title: { en: "Offers", pt: "Ofertas" }, doubleOptIn: true });
    expect(await get("/v1/consents")).toMatchObject({ items: [{ status: "given", by: "admin" }] });
  });

  it("is a notification and its recipients", async () => {
    const [row] = database.rows.notifications;
    expect(await get(`/v1/notifications/${row?.id ?? ""}`)).toMatchObject({
      number: NUMBER,
      list: "offers",
      variables: { thing: "parcel" },
      recipients: [{ phone: PHONE }],
    });
  });

  it("is a person's PIN, and the tries that have failed", async () => {
    const identities = new PersonDirectory(env, PHONE);
    const attempts = async (id: string) => {
      const row = await env.DB.prepare("SELECT attempts FROM persons WHERE id = ?")
        .bind(id)
        .first<{ attempts: string }>();
      return JSON.parse(row?.attempts ?? "null") as unknown;
    };
    const now = database.now;
    expect((await identities.checkPin("customer-7", await identities.sealGuess("90471108", "guess-6"), now)).kind).toBe(
      "right",
    );
    expect(await attempts("customer-7")).toMatchObject({
      status: "open",
      tries: [{ by: "guess-2" }],
      used: { by: "guess-1" },
    });
    expect((await identities.checkPin("customer-7", await identities.sealGuess("1111", "guess-7"), now)).kind).toBe(
      "wrong",
    );
    expect((await identities.checkPin("customer-7", await identities.sealGuess("2222", "guess-8"), now)).kind).toBe(
      "locked",
    );
    expect((await identities.checkPin("customer-8", await identities.sealGuess("2222", "guess-9"), now)).kind).toBe(
      "locked",
    );
  }, 60_000);

  it("is the page of an enrolment, and its secret", async () => {
    const page = await findIdentityPage(openDatabase(env.DB), database.rows.pages[0]?.hash ?? "", Date.now());
    expect([page?.purpose, page?.subject, page?.issuer]).toEqual(["enrolment", "customer-7", "Shop"]);
    const vault = await openVault(env.MASTER_KEY);
    expect(await vault.open(page?.secret ?? "", toAuthenticatorPurpose("customer-7"))).toMatch(/^[\w+/=]{20,}$/u);
  });

  it("answers a person whose Sender has stored a conversation, too", async () => {
    const sender = env.SENDER.getByName(PHONE);
    await runInDurableObject(sender, (_, state) => restoreRows(state.storage, waitText));
    await evictDurableObject(sender);
    // Its idle time is over by now: it ends, and another begins.
    const form = incoming(ONE, { From: PHONE, To: NUMBER, Body: "go", MessageSid: `SM${"9".repeat(32)}` });
    const request = webhook("/twilio/message", form, ONE.token);
    request.headers.set("authorization", `Basic ${btoa("parley:password")}`);
    expect((await exportsFetch(request)).status).toBe(200);
    const texts = (await transcript(PHONE, NUMBER)).map(({ text }) => text);
    expect(texts.slice(0, 2)).toEqual(["go", "Which name?"]);
    expect(texts.at(-1)).toBe("Which name?");
  });
});
