import { afterAll, beforeAll, expect, it } from "vitest";
import { adminApi, emulatorApi, eventually, type TestStack, testStack, transcript } from "../support/stack.ts";

const ACCOUNT = "AC00000000000000000000000000000001";
const [LEFT, RIGHT] = ["+12025550188", "+12025550189"];
/** What a robot says in eight turns, and some seconds more than a message of its takes. */
const MOST = 8;
const QUIET_MILLISECONDS = 3_000;

let stack: TestStack;

/** An assistant that asks for one of two things, for ever. */
const menu = (title: string, options: readonly string[]) => ({
  title,
  keywords: [title],
  steps: [
    {
      kind: "choice",
      id: "which",
      text: `This is ${title}. What can we do for you?`,
      options: options.map((label) => ({ label })),
      save: "which",
    },
    { kind: "say", id: "done", text: "We have noted: {{ which }}.", next: "which" },
  ],
});

beforeAll(async () => {
  stack = await testStack();
  const sides = [
    [LEFT, "garage", ["Book a repair", "Opening hours"]],
    [RIGHT, "library", ["Renew a book", "Find a book"]],
  ] as const;
  for (const [number, id, options] of sides) {
    const assistant = { kind: "topics", topics: [id], menu: id };
    const connected = { account: ACCOUNT, application: id, type: "long-code" };
    for (const [path, body] of [
      [`/v1/topics/${id}`, menu(id, options)],
      [`/v1/applications/${id}`, { name: id, assistant }],
      [`/v1/numbers/${number}`, connected],
    ] as const)
      expect((await adminApi(stack, "PUT", path, body)).status).toBe(201);
    await emulatorApi(stack, "PUT", `/numbers/${encodeURIComponent(number)}`, {
      accountSid: ACCOUNT,
      smsUrl: `${stack.worker}/twilio/message`,
    });
  }
}, 60_000);

afterAll(async () => await stack.stop());

it("two of Parley's own numbers that text each other stop within eight turns", async () => {
  const begun = { to: { phones: [RIGHT] }, number: LEFT, text: "Hello" };
  expect((await adminApi(stack, "POST", "/v1/notifications", begun)).status).toBe(201);
  let since = Date.now();
  let before = "";
  const messages = await eventually(
    async () => [await transcript(stack, RIGHT, LEFT), await transcript(stack, LEFT, RIGHT)].flat(),
    (all) => {
      const now = JSON.stringify(all);
      if (now !== before) since = Date.now();
      before = now;
      return all.length > 0 && Date.now() - since > QUIET_MILLISECONDS;
    },
    50_000,
  );
  const heard = messages.filter(({ direction }) => direction === "in");
  // The one side has begun, so that both have heard something.
  expect(heard.length).toBeGreaterThan(4);
  expect(heard.length).toBeLessThanOrEqual(2 * MOST);
  const held = await Promise.all(
    [LEFT, RIGHT].map(async (number) => (await adminApi(stack, "GET", `/v1/numbers/${number}/held-back`)).body),
  );
  expect(JSON.stringify(held)).toContain('"kind":"loop"');
}, 60_000);
