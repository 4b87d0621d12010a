import { ACCOUNT, NUMBERS } from "./texts.ts";

/** It repeats what it is told, for ever. */
const echo = (text: string): object => ({
  title: "Echo",
  keywords: ["go"],
  steps: [
    { kind: "ask", id: "ask", text, save: "said" },
    { kind: "ask", id: "echo", text, save: "said", next: "echo" },
  ],
});

/** Configures Parley as an operator does: an account, and two numbers; on the one it repeats every text, on the other the same topic says nothing. */
export async function configure(parley: string, adminKey: string, twilio: string): Promise<void> {
  const put = async (path: string, document: object): Promise<void> => {
    const response = await fetch(`${parley}/v1${path}`, {
      method: "PUT",
      headers: { authorization: `Bearer ${adminKey}`, "content-type": "application/json" },
      body: JSON.stringify(document),
    });
    if (!response.ok) throw new Error(`PUT ${path}: ${response.status} ${await response.text()}`);
  };
  await put(`/accounts/${ACCOUNT.sid}`, { name: "Bench", authToken: ACCOUNT.authToken, baseUrl: twilio });
  for (const [id, text] of [
    ["echo", "{{ text }}"],
    ["silent", "{% if text == '' %}Pardon?{% endif %}"],
  ] as const) {
    await put(`/topics/${id}`, echo(text));
    const application = { name: id, assistant: { kind: "topics", topics: [id] }, idleSeconds: 86_400 };
    await put(`/applications/${id}`, application);
    // A person of the bench's texts thousands of times, and as fast as it is answered.
    const unbraked = { rateLimit: false, loopGuard: false };
    await put(`/numbers/${NUMBERS[id]}`, { account: ACCOUNT.sid, application: id, type: "long-code", ...unbraked });
  }
}
