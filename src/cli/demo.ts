import { createSecrets } from "./secrets.ts";
import { type RunningStack, startStack } from "./stack.ts";

/** One conversation through the whole stack: what the contact texts and what each answer must be. */
const PHONE = "+12025550150";
const NUMBER = "+12025550100";
const SCRIPT: readonly (readonly [text: string, pattern: RegExp])[] = [
  ["Hi!", /^Welcome to Corner Pizza!.*1\. Order a pizza/su],
  ["1", /^Which pizza\?/u],
  ["funghi", /^Funghi, good choice\. Which size\?/u],
  ["2.", /^What name should we write on the box\?$/u],
  ["Harbour Office", /^One large Funghi for Harbour Office, 11\.50 to pay\. Shall we bake it\?$/u],
  ["maybe", /^Please answer yes or no\.$/u],
  ["yep 👍", /^It goes into the oven now, Harbour Office\./u],
];

const TIMEOUT_MILLISECONDS = 8_000;

interface DemoMessage {
  readonly id: string;
  readonly direction: "in" | "out";
  readonly text: string;
  readonly status: string;
  readonly at: string;
}

const warnings: string[] = [];
const stack = await startStack({
  port: 0,
  emulatorPort: 0,
  state: null,
  secrets: createSecrets(),
  onLog: (level, line) => level !== "log" && level !== "info" && warnings.push(`${level}: ${line}`),
});
try {
  await playScript(stack);
} catch (error) {
  console.error(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}`);
  for (const line of warnings) console.error(`  ${line}`);
  process.exitCode = 1;
} finally {
  await stack.stop();
}

async function playScript(running: RunningStack): Promise<void> {
  await postJson(running, "/emulator/phones", { number: PHONE });
  for (const [index, [text, pattern]] of SCRIPT.entries()) {
    const url = `/emulator/phones/${encodeURIComponent(PHONE)}/messages?wait=webhook`;
    await postJson(running, url, { to: NUMBER, body: text });
    const messages = await waitForMessages(running, `The reply to "${text}" was not delivered`, (all) =>
      areAllAnswered(all, index + 1),
    );
    const reply = messages.at(-1)?.text ?? "";
    if (!pattern.test(reply))
      throw new Error(`The reply to "${text}" was "${reply}", which does not match ${pattern}.`);
  }
  const messages = await fetchTranscript(running);
  printMessages(messages);
  if (warnings.length > 0) throw new Error("The Worker logged warnings.");
}

function areAllAnswered(messages: readonly DemoMessage[], turns: number): boolean {
  const replies = messages.filter(({ direction }) => direction === "out");
  return replies.length === turns && replies.every(({ status }) => status === "delivered");
}

function printMessages(messages: readonly DemoMessage[]): void {
  console.log(`\n  ${PHONE} texts ${NUMBER}\n`);
  for (const { direction, text, status, at } of messages) {
    const [first, ...furtherLines] = text.split("\n");
    console.log(
      `  ${at.slice(11, 19)}  ${direction === "in" ? ">" : "<"} ${first}${furtherLines.length === 0 ? `   (${status})` : ""}`,
    );
    for (const [index, line] of furtherLines.entries()) {
      console.log(`              ${line}${index === furtherLines.length - 1 ? `   (${status})` : ""}`);
    }
  }
  const delivered = messages.filter(({ status }) => status === "delivered").length;
  console.log(`\n  ${messages.length - delivered} texts received, ${delivered} replies delivered, none lost.\n`);
}

async function waitForMessages(
  running: RunningStack,
  failure: string,
  isComplete: (messages: readonly DemoMessage[]) => boolean,
): Promise<readonly DemoMessage[]> {
  const deadline = Date.now() + TIMEOUT_MILLISECONDS;
  for (;;) {
    const messages = await fetchTranscript(running);
    if (isComplete(messages)) return messages;
    if (Date.now() > deadline) throw new Error(`${failure} within ${TIMEOUT_MILLISECONDS} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

async function fetchTranscript({ worker, adminKey }: RunningStack): Promise<readonly DemoMessage[]> {
  const [phone, number] = [PHONE, NUMBER].map(encodeURIComponent);
  const url = `${worker}/v1/senders/${phone}/conversations/${number}/messages?limit=200`;
  const response = await fetch(url, { headers: { authorization: `Bearer ${adminKey}` } });
  if (!response.ok) throw new Error(`GET ${url}: ${response.status} ${await response.text()}`);
  return (await response.json<{ items: DemoMessage[] }>()).items;
}

async function postJson({ emulator }: RunningStack, url: string, body: object): Promise<void> {
  const response = await fetch(emulator + url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`POST ${url}: ${response.status} ${await response.text()}`);
}
