import { Agent } from "node:http";
import { converse, post, type Target } from "./load.ts";
import { quantile } from "./measure.ts";
import type { Counts } from "./programs/counted.ts";
import { ACCOUNT, phoneOf, sign } from "./texts.ts";
import type { Twilio } from "./twilio.ts";
import type { Workerd, WorkerName } from "./workerd.ts";

/** What one text, or one callback, costs. */
export interface Cost {
  readonly requests: number;
  /** Calls of Durable Objects, alarms among them. */
  readonly objectRequests: number;
  readonly subrequests: number;
  readonly queries: number;
  readonly rowsWritten: number;
  readonly rowsRead: number;
}

/** A conversation is warm after so many turns. */
const WARM_TURNS = 3;
/** The median of so many turns: once in eight seconds one of them sees how D1 is asked whether the configuration has changed. */
const TURNS = 9;

const FIELDS: readonly (keyof Cost)[] = [
  "requests",
  "objectRequests",
  "subrequests",
  "queries",
  "rowsWritten",
  "rowsRead",
];

/** Counts at the edges of a program: its requests, its objects' own count of rows, and what reaches Twilio. */
export class Meter {
  readonly #workerd: Workerd;
  readonly #twilio: Twilio;
  readonly #name: `${WorkerName}Counted`;

  constructor(workerd: Workerd, twilio: Twilio, name: WorkerName) {
    this.#workerd = workerd;
    this.#twilio = twilio;
    this.#name = `${name}Counted`;
  }

  /** What a turn of a warm conversation costs. */
  async turn(number: string, replies: boolean): Promise<Cost> {
    const phone = phoneOf(0);
    const target: Target = { origin: this.#workerd.origins[this.#name], number, replies };
    const talk = (turns: number) => converse(target, [phone], turns, this.#twilio);
    await talk(WARM_TURNS);
    const costs: Cost[] = [];
    for (let turn = 0; turn < TURNS; turn += 1) costs.push(await this.#costOf(phone, () => talk(1)));
    return medianOf(costs);
  }

  /** What Twilio's report `delivered` on the part that was sent last costs. */
  async callback(number: string): Promise<Cost> {
    const phone = phoneOf(0);
    const url = new URL(this.#twilio.lastCallback);
    const fields = {
      AccountSid: ACCOUNT.sid,
      MessageSid: this.#twilio.lastSid,
      MessageStatus: "delivered",
      From: number,
      To: phone,
      ApiVersion: "2010-04-01",
    };
    const path = url.pathname + url.search;
    const text = { body: new URLSearchParams(fields).toString(), signature: sign(path, fields) };
    const agent = new Agent({ keepAlive: false });
    return await this.#costOf(phone, () => post(agent, this.#workerd.origins[this.#name] + path, text));
  }

  async #costOf(phone: string, work: () => Promise<unknown>): Promise<Cost> {
    const before = await this.#settled(phone);
    await work();
    return difference(await this.#settled(phone), before);
  }

  /** Reads until nothing changes any more: what comes after the reply counts, too. */
  async #settled(phone: string): Promise<Cost> {
    for (let before = await this.#read(phone); ; ) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      const now = await this.#read(phone);
      if (FIELDS.every((field) => now[field] === before[field])) return now;
      before = now;
    }
  }

  async #read(phone: string): Promise<Cost> {
    const counts = (await fetch(`${this.#workerd.origins[this.#name]}/counts`).then((answer) =>
      answer.json(),
    )) as Counts;
    const { written, read } = await rowsOf(this.#workerd, this.#name, phone);
    const { requests, objectRequests, queries } = counts;
    return {
      requests,
      objectRequests,
      subrequests: this.#twilio.requests,
      queries,
      rowsWritten: written,
      rowsRead: read,
    };
  }
}

/** Rows that a person's object has counted since it woke. */
export async function rowsOf(
  { origins }: Workerd,
  program: string,
  sender: string,
): Promise<{ readonly written: number; readonly read: number }> {
  const answer = await fetch(`${origins.probe}/?${new URLSearchParams({ program, sender }).toString()}`);
  return (await answer.json()) as { readonly written: number; readonly read: number };
}

function difference(after: Cost, before: Cost): Cost {
  return combine((field) => after[field] - before[field]);
}

function medianOf(costs: readonly Cost[]): Cost {
  return combine((field) =>
    quantile(
      costs.map((cost) => cost[field]),
      0.5,
    ),
  );
}

function combine(value: (field: keyof Cost) => number): Cost {
  return Object.fromEntries(FIELDS.map((field) => [field, value(field)])) as unknown as Cost;
}
