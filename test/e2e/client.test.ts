import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createParleyClient, type ParleyClient, type Schemas } from "../../src/client/client.ts";
import { emulatorApi, eventually, type TestStack, testStack } from "../support/stack.ts";

const ACCOUNT = `AC${"d".repeat(32)}`;
const TOKEN = "d".repeat(32);
const NUMBER = "+12025550112";
const PHONE = "+12025550191";

const TOPIC: Schemas["TopicBody"] = {
  title: "Opening hours",
  keywords: ["hours"],
  steps: [
    { kind: "ask", id: "where", text: "Which branch?", save: "branch" },
    { kind: "end", id: "done", text: "{{ branch }} is open until 6 pm." },
  ],
};

describe("the typed client", () => {
  let stack: TestStack;
  let parley: ParleyClient;

  beforeAll(async () => {
    stack = await testStack();
    parley = createParleyClient({ origin: stack.worker, key: stack.adminKey });
    await emulatorApi(stack, "PUT", `/accounts/${ACCOUNT}`, { friendlyName: "Client", authToken: TOKEN });
  });

  afterAll(async () => {
    await stack.stop();
  });

  it("configures a number, and reads the transcript of a contact that texted it", async () => {
    const account = await parley.PUT("/v1/accounts/{sid}", {
      params: { path: { sid: ACCOUNT } },
      body: { name: "Client", authToken: TOKEN, baseUrl: stack.emulator },
    });
    expect(account.data).toMatchObject({ sid: ACCOUNT, hasNextAuthToken: false });
    const topic = await parley.PUT("/v1/topics/{id}", { params: { path: { id: "hours" } }, body: TOPIC });
    expect(topic.data?.published?.version).toBe(1);
    const application = await parley.PUT("/v1/applications/{id}", {
      params: { path: { id: "branches" } },
      body: { name: "Branches", assistant: { kind: "topics", topics: ["hours"] } },
    });
    expect(application.data?.warnings).toEqual([]);
    const number = await parley.PUT("/v1/numbers/{number}", {
      params: { path: { number: NUMBER } },
      body: { account: ACCOUNT, application: "branches", type: "long-code" },
    });
    const requestUrl = number.data?.webhooks.requestUrl ?? "";
    expect(requestUrl).toContain("/twilio/message");

    const path = `/numbers/${encodeURIComponent(NUMBER)}`;
    await emulatorApi(stack, "PUT", path, { accountSid: ACCOUNT, smsUrl: requestUrl.split("#", 1)[0] });
    await emulatorApi(stack, "POST", "/phones", { number: PHONE });
    await sendText("hours");
    await readTexts(2);
    await sendText("North pier");
    expect(await readTexts(4)).toEqual(["hours", "Which branch?", "North pier", "North pier is open until 6 pm."]);
  });

  it("gets a problem document if something is wrong", async () => {
    const { data, error, response } = await parley.PUT("/v1/numbers/{number}", {
      params: { path: { number: NUMBER } },
      body: { account: ACCOUNT, application: "nothing", type: "long-code" },
    });
    expect([data, response.status]).toEqual([undefined, 422]);
    expect(error?.errors?.map(({ pointer }) => pointer)).toEqual(["/application"]);
  });

  async function sendText(text: string): Promise<void> {
    const { status } = await emulatorApi(stack, "POST", `/phones/${encodeURIComponent(PHONE)}/messages`, {
      to: NUMBER,
      body: text,
    });
    expect(status).toBeLessThan(300);
  }

  async function readTexts(count: number): Promise<readonly string[]> {
    const params = { path: { phone: PHONE, number: NUMBER }, query: { limit: 10 } };
    return await eventually(
      async () => {
        const { data } = await parley.GET("/v1/senders/{phone}/conversations/{number}/messages", { params });
        return (data?.items ?? []).map(({ text }) => text);
      },
      (texts) => texts.length === count,
    );
  }
});
