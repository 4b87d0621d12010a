import { beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import type { Fault } from "../support/bots/stand-in.ts";
import { assistantOf, BOTS, saveSecrets, setFault } from "../support/talking.ts";
import { api, migrateDatabase, put } from "../support/worker.ts";

const { kinds } = inject("bots");
const [DOWN] = inject("outbound");

interface Answer {
  readonly status: number;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
  readonly warnings: readonly { readonly pointer: string; readonly detail: string }[];
}

async function save(body: object): Promise<Answer> {
  const response = await api("PUT", "/v1/applications/saved", { name: "Saved", ...body });
  return { ...(await response.json<Omit<Answer, "status">>()), status: response.status };
}

beforeAll(async () => {
  await migrateDatabase();
  for (const kind of BOTS) await saveSecrets(kind);
});

beforeEach(async () => {
  for (const kind of BOTS) await setFault(kind, null);
});

describe.each(BOTS)("an application with a %s assistant, when it is saved", (kind) => {
  it("is probed", async () => {
    expect(await save(assistantOf(kind))).toMatchObject({
      status: expect.toSatisfy((status) => status < 300),
      warnings: [],
    });
  });

  it("is refused with a sentence if the key is wrong", async () => {
    await setFault(kind, "wrong-key");
    const { status, errors = [] } = await save(assistantOf(kind));
    expect(status).toBe(422);
    expect(errors).toHaveLength(1);
    expect(errors[0]?.pointer).toMatch(/^\/assistant\//u);
    expect(errors[0]?.detail).toMatch(/^[A-Z].{20,}[.?]$/u);
  });

  it("is refused if its secret does not exist or belongs to another host", async () => {
    const [name = "", value = ""] = Object.entries(kinds[kind]?.secrets ?? {})[0] ?? [];
    const rename = (field: string, said: unknown) => (field !== "kind" && said === name ? "gone" : said);
    const other = JSON.parse(JSON.stringify(assistantOf(kind)), rename) as object;
    const absent = await save(other);
    expect(absent.status).toBe(422);
    expect(absent.errors).toEqual([
      {
        pointer: expect.stringMatching(/^\/assistant\/./u),
        detail: 'Secret "gone" does not exist. Create it with PUT /v1/secrets/gone.',
      },
    ]);
    await put(`/v1/secrets/${name}`, { value, hosts: ["other.example.com"] });
    const foreign = await save(assistantOf(kind));
    await saveSecrets(kind);
    expect(foreign.errors?.[0]?.detail).toContain("may not be sent to");
  });

  it("is refused if its host is not allowed", async () => {
    const { errors = [] } = await save({ ...assistantOf(kind), allowedHosts: [] });
    expect(errors.map(({ detail }) => detail).join()).toContain('add its host to "allowedHosts"');
  });

  it.each<Fault>(["error", "reset"])("is saved with a warning during an outage: %s", async (fault) => {
    await setFault(kind, fault);
    const { status, warnings } = await save(assistantOf(kind));
    await setFault(kind, null);
    expect(status).toBeLessThan(300);
    expect(warnings.map(({ pointer }) => pointer)).toEqual([expect.stringMatching(/^\/assistant\//u)]);
  });
});

describe("a webhook assistant, when it is saved", () => {
  it("is saved with a warning while its second location is down", async () => {
    const host = new URL(DOWN).host;
    const { assistant, allowedHosts } = assistantOf("webhook", { second: { url: `${DOWN}/hang-up` } });
    const [name = "", value = ""] = Object.entries(kinds["webhook"]?.secrets ?? {})[0] ?? [];
    await put(`/v1/secrets/${name}`, { value, hosts: [...allowedHosts, host] });
    const { status, warnings } = await save({ assistant, allowedHosts: [...allowedHosts, host] });
    expect(status).toBeLessThan(300);
    expect(warnings.map(({ pointer }) => pointer)).toEqual(["/assistant/second/url"]);
  });

  it("is saved with a warning while it is slow", async () => {
    await setFault("webhook", "slow");
    const { status, warnings } = await save(assistantOf("webhook"));
    expect(status).toBeLessThan(300);
    expect(warnings.map(({ detail }) => detail).join()).toContain("timeout");
  });

  it("is refused if its URL is another server's", async () => {
    const { assistant, allowedHosts } = assistantOf("webhook", { url: `${kinds["webhook"]?.origin}/elsewhere` });
    await setFault("webhook", null);
    const { status } = await save({ assistant, allowedHosts });
    expect(status).toBe(422);
  });

  it("is not probed while the settings are invalid", async () => {
    const { errors = [] } = await save({ ...assistantOf("webhook"), allowedHosts: [], idleSeconds: 0 });
    expect(errors.map(({ pointer }) => pointer)).toEqual(["/idleSeconds"]);
  });

  it("is probed again before a rollback", async () => {
    await save(assistantOf("webhook"));
    await save({ ...assistantOf("webhook"), momentSeconds: 5 });
    const { items } = await (await api("GET", "/v1/applications/saved/publications")).json<{
      items: { version: number }[];
    }>();
    await setFault("webhook", "wrong-key");
    const body = { version: (items[0]?.version ?? 2) - 1 };
    expect((await api("POST", "/v1/applications/saved/publications", body)).status).toBe(422);
    await setFault("webhook", null);
    expect((await api("POST", "/v1/applications/saved/publications", body)).status).toBe(201);
  });
});
