import { WEBHOOK_RETRY_FRAGMENT } from "../../src/configuration/public-origin.ts";
import { send } from "../torture/setup.ts";
import { topicOf } from "../torture/words.ts";

const ACCOUNT = { sid: `AC${"7".repeat(32)}`, authToken: "7".repeat(32) };
export const NUMBER = "+12025550107";

/** Said to every recipient. */
export const TEXT = "The last ferry leaves at 18:00 today.";

/** People who text while the broadcast runs, each about once a second. */
export const TALKERS = Array.from({ length: 6 }, (_, index) => `+1970555012${index}`);

const ROWS_PER_IMPORT = 500;
const IMPORTS_AT_ONCE = 2;

export interface Targets {
  readonly worker: string;
  readonly emulator: string;
  readonly adminKey: string;
}

/** Where nobody is: 555 in area codes that are of no place. */
export function phoneOf(index: number): string {
  return `+1${521 + Math.floor(index / 10_000)}555${String(index % 10_000).padStart(4, "0")}`;
}

/** What the API says of a broadcast. */
export interface ShownBroadcast {
  readonly status: string;
  readonly progress: {
    readonly waiting: number;
    readonly queued: number;
    readonly sent: number;
    readonly delivered: number;
    readonly failed: number;
    readonly unknown: number;
    readonly dead: number;
    readonly skipped: Readonly<Record<string, number>>;
    readonly queueMessages: number;
  };
}

/** The admin API, of a Worker that may be dead just now. */
export class Api {
  readonly #targets: Targets;

  constructor(targets: Targets) {
    this.#targets = targets;
  }

  async ask(method: string, path: string, body?: object): Promise<unknown> {
    return await send(method, `${this.#targets.worker}/v1${path}`, body, this.#targets.adminKey);
  }

  async import(csv: string): Promise<{ readonly changed: number }> {
    const response = await fetch(`${this.#targets.worker}/v1/lists/ferry/imports`, {
      method: "POST",
      headers: { authorization: `Bearer ${this.#targets.adminKey}`, "content-type": "text/csv" },
      body: csv,
    });
    if (!response.ok) throw new Error(`import: ${response.status} ${await response.text()}`);
    return (await response.json()) as { changed: number };
  }

  /** Until nobody is left, or the patience is over; who could not be texted is tried once more. */
  async untilDone(patience: number, onProgress: (line: string) => void): Promise<ShownBroadcast> {
    const deadline = Date.now() + patience;
    for (let look = 1; ; look += 1) {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      const shown = (await this.ask("GET", "/broadcasts/flood").catch(() => null)) as ShownBroadcast | null;
      if (look % 30 === 0) onProgress(JSON.stringify(shown?.progress));
      if (shown !== null && Date.now() > deadline) return shown;
      if (shown?.status !== "done") continue;
      if (shown.progress.dead === 0) return shown;
      onProgress(`${shown.progress.dead} dead letters are tried once more`);
      await this.ask("POST", "/broadcasts/flood/dead-letters/retry");
    }
  }
}

/** Tells Twilio and Parley of the number, its topic, the list and the broadcast. */
export async function setUp(targets: Targets, segmentsPerSecond: number): Promise<void> {
  const api = new Api(targets);
  const twilio = async (method: string, path: string, body: object) =>
    await send(method, `${targets.emulator}/emulator${path}`, body);
  await twilio("PUT", `/accounts/${ACCOUNT.sid}`, { friendlyName: "Flood", authToken: ACCOUNT.authToken });
  await api.ask("PUT", `/accounts/${ACCOUNT.sid}`, {
    name: "Flood",
    authToken: ACCOUNT.authToken,
    baseUrl: targets.emulator,
  });
  await api.ask("PUT", "/topics/echo", topicOf(1));
  const assistant = { kind: "topics", topics: ["echo"] };
  await api.ask("PUT", "/applications/echo", { name: "Echo", assistant, idleSeconds: 86_400 });
  await api.ask("PUT", `/numbers/${NUMBER}`, {
    account: ACCOUNT.sid,
    application: "echo",
    type: "long-code",
    segmentsPerSecond,
  });
  await twilio("PUT", `/numbers/${NUMBER}`, {
    accountSid: ACCOUNT.sid,
    smsUrl: `${targets.worker}/twilio/message${WEBHOOK_RETRY_FRAGMENT}`,
    smsFallbackUrl: `${targets.worker}/twilio/fallback${WEBHOOK_RETRY_FRAGMENT}`,
  });
  for (const number of TALKERS) await twilio("POST", "/phones", { number });
  await api.ask("PUT", "/lists/ferry", { title: "Ferry", number: NUMBER, audience: "anyone" });
  await api.ask("PUT", "/broadcasts/flood", { list: "ferry", text: TEXT, quiet: null });
}

/** Every recipient switches the list on, as an operator imports them. */
export async function subscribe(api: Api, recipients: number, onProgress: (line: string) => void): Promise<void> {
  const starts = Array.from({ length: Math.ceil(recipients / ROWS_PER_IMPORT) }, (_, index) => index * ROWS_PER_IMPORT);
  let done = 0;
  const work = async (): Promise<void> => {
    for (let start = starts.shift(); start !== undefined; start = starts.shift()) {
      const count = Math.min(ROWS_PER_IMPORT, recipients - start);
      const rows = Array.from({ length: count }, (_, index) => `${phoneOf((start ?? 0) + index)},on,a form`);
      await api.import(`phone,status,proof\n${rows.join("\n")}\n`);
      done += count;
      if (done % 10_000 === 0) onProgress(`${done} have switched the list on`);
    }
  };
  await Promise.all(Array.from({ length: IMPORTS_AT_ONCE }, work));
  // D1 hears of the last of them a moment later.
  for (;;) {
    const { people } = (await api.ask("GET", "/broadcasts/flood/estimate")) as { people: number };
    if (people === recipients) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
