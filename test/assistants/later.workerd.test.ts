import { runDurableObjectAlarm } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeAll, beforeEach, describe, expect, inject, it, vi } from "vitest";
import { SCRIPTED, saveScripted, says, script } from "../support/scripted.ts";
import { FAILURE, Talk } from "../support/talking.ts";
import { api, emulate, eventually, migrateDatabase, ONE, ORIGIN, put } from "../support/worker.ts";

const NUMBER = "+15055550100";
const PHONES = Array.from({ length: 20 }, (_, index) => `+150555501${10 + index}`);
const KEY = new Webhook("scripted-secret", { format: "raw" });

let used = 0;
let talk = new Talk("webhook", "", NUMBER);

beforeAll(async () => {
  await migrateDatabase();
  await emulate(ONE, [NUMBER], PHONES);
  await put(`/v1/accounts/${ONE.sid}`, { name: "Test", authToken: ONE.token, baseUrl: inject("emulator") });
  await saveScripted();
  script(() => says(""));
  await put("/v1/applications/later", { name: "Later", assistant: { ...SCRIPTED, laterSeconds: 120 } });
  await put(`/v1/numbers/${NUMBER}`, { account: ONE.sid, application: "later", type: "long-code" });
  vi.restoreAllMocks();
});

beforeEach(() => {
  talk = new Talk("webhook", PHONES[used] ?? "", NUMBER);
  used += 1;
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/**
 * The contact texts, and the bot promises an answer.
 * @returns the turn's id
 */
async function promised(text: string): Promise<string> {
  const asked = script(() => new Response(null, { status: 202 }));
  await talk.text(text);
  const [first] = await eventually(
    async () => asked,
    ({ length }) => length === 1,
  );
  const turn = first?.turn ?? "";
  // The bot's 202 has arrived.
  await eventually(
    async () => await env.SENDER.getByName(talk.phone).bringing(turn.split("-")[1] ?? ""),
    (bringing) => bringing?.isAwaited === true,
  );
  return turn;
}

/** Posts signed answers to a turn. */
async function bring(turn: string, answers: object, by: "bot" | "nobody" | "another" = "bot"): Promise<Response> {
  const body = JSON.stringify(answers);
  const now = new Date();
  const key = by === "another" ? new Webhook("another-secret", { format: "raw" }) : KEY;
  const signed = {
    "webhook-id": "msg_1",
    "webhook-timestamp": String(Math.floor(now.getTime() / 1_000)),
    "webhook-signature": key.sign("msg_1", now, body),
  };
  const headers = { "content-type": "application/json", ...(by === "nobody" ? {} : signed) };
  const request = new Request(`${ORIGIN}/v1/turns/${turn}/answers`, { method: "POST", headers, body });
  return await exports.default.fetch(request);
}

describe("answers that are posted later", () => {
  it("are sent once; a repetition changes nothing", async () => {
    const turn = await promised("Hello?");
    expect((await bring(turn, { answers: ["At last."] })).status).toBe(202);
    expect((await bring(turn, { answers: ["At last."] })).status).toBe(409);
    script(() => says("At once."));
    await talk.text("And?");
    expect(await talk.got(2)).toEqual(["At last.", "At once."]);
  });

  it("are refused if unsigned or signed with another secret", async () => {
    const turn = await promised("Hello?");
    for (const by of ["nobody", "another"] as const)
      expect((await bring(turn, { answers: ["No."] }, by)).status).toBe(401);
    expect((await bring(turn.replace(/\d{3}/u, "999"), { answers: ["No."] })).status).toBe(401);
    expect((await bring("nonsense", { answers: ["No."] })).status).toBe(401);
    expect((await bring(turn, { answers: ["Yes."] })).status).toBe(202);
    expect(await talk.got(1)).toEqual(["Yes."]);
  });

  it("are refused with a pointer if invalid, and valid ones may follow", async () => {
    const turn = await promised("Hello?");
    await eventually(
      async () => (await bring(turn, { answers: [{ kind: "dance" }] })).status,
      (status) => status === 422,
    );
    const problem = await (await bring(turn, { answers: [{ kind: "dance" }] })).json<{
      errors: { pointer: string }[];
    }>();
    expect(problem.errors[0]?.pointer).toMatch(/^\/answers\/0/u);
    expect((await bring(turn, { answers: ["Yes."] })).status).toBe(202);
    expect(await talk.got(1)).toEqual(["Yes."]);
  });

  it("may be posted with the admin key", async () => {
    const turn = await promised("Hello?");
    expect((await api("POST", `/v1/turns/${turn}/answers`, { answers: ["By hand."] })).status).toBe(202);
    expect(await talk.got(1)).toEqual(["By hand."]);
  });

  it("change nothing after the timeout, which sends the failure message", async () => {
    const turn = await promised("Hello?");
    vi.useFakeTimers({ now: Date.now() + 121_000, toFake: ["Date"] });
    await eventually(
      async () => {
        await runDurableObjectAlarm(env.SENDER.getByName(talk.phone));
        return (await bring(turn, { answers: ["Too late."] })).status;
      },
      (status) => status === 409,
    );
    script(() => says("Again."));
    await talk.text("And?");
    expect(await talk.got(2)).toEqual([FAILURE, "Again."]);
    expect((await talk.notes())[0]?.join()).toContain("no answer came in time");
  });

  it("change nothing after STOP", async () => {
    const turn = await promised("Hello?");
    await talk.text("STOP");
    expect((await bring(turn, { answers: ["Too late."] })).status).toBe(409);
    await talk.text("START");
    script(() => says("Again."));
    await talk.text("And?");
    expect(await talk.got(1)).toEqual(["Again."]);
  });
});
