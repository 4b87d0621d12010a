import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { RETRY_EVERYTHING } from "../configuration/origin.ts";

/** The configuration that a first `npm start` has: one account, two applications, a number for each. */
const ACCOUNT = "AC00000000000000000000000000000001";

export const SAMPLE_APPLICATIONS = [
  { id: "pizza", name: "Corner Pizza", number: "+12025550100", topics: ["pizza-menu", "pizza-order"], hint: "MENU" },
  {
    id: "clinic",
    name: "City Clinic",
    number: "+12025550101",
    topics: ["clinic-reception", "clinic-appointment"],
    hint: "MENU",
  },
] as const;

export interface SampleTargets {
  readonly worker: string;
  readonly emulator: string;
  readonly adminKey: string;
}

/** Makes the sample configuration where there is none yet, and gives the emulator all of our numbers: it forgets when it stops. */
export async function configureSample(targets: SampleTargets): Promise<void> {
  const api = adminApi(targets);
  const authToken = randomBytes(16).toString("hex");
  await put(`${targets.emulator}/emulator/accounts/${ACCOUNT}`, { friendlyName: "Parley on this machine", authToken });
  const isNew = (await api.list("/v1/accounts")).length === 0;
  await api.put(`/v1/accounts/${ACCOUNT}`, { name: "Twilio on this machine", authToken, baseUrl: targets.emulator });
  if (isNew) await createApplications(api);
  for (const number of await api.list<{ number: string; account: string; description: string }>("/v1/numbers")) {
    if (number.account === ACCOUNT) await giveNumber(targets, number);
  }
}

async function createApplications(api: AdminApi): Promise<void> {
  for (const { id, name, number, topics, hint } of SAMPLE_APPLICATIONS) {
    for (const topic of topics) await api.put(`/v1/topics/${topic}`, await sampleTopic(topic));
    const notUnderstood = `Sorry, I did not understand that. Text ${hint} to see what I can do.`;
    await api.put(`/v1/applications/${id}`, {
      name,
      assistant: { kind: "topics", topics },
      messages: { notUnderstood },
    });
    await api.put(`/v1/numbers/${number}`, { account: ACCOUNT, application: id, type: "long-code", description: name });
  }
}

export async function sampleTopic(id: string): Promise<object> {
  return JSON.parse(await readFile(path.join(import.meta.dirname, "sample", `${id}.json`), "utf8")) as object;
}

async function giveNumber(
  { worker, emulator }: SampleTargets,
  { number, account, description }: { readonly number: string; readonly account: string; readonly description: string },
): Promise<void> {
  await put(`${emulator}/emulator/numbers/${encodeURIComponent(number)}`, {
    accountSid: account,
    friendlyName: description || number,
    smsUrl: `${worker}/twilio/message${RETRY_EVERYTHING}`,
    smsFallbackUrl: `${worker}/twilio/fallback${RETRY_EVERYTHING}`,
  });
}

interface AdminApi {
  readonly put: (url: string, body: object) => Promise<void>;
  readonly list: <Item = unknown>(url: string) => Promise<readonly Item[]>;
}

function adminApi({ worker, adminKey }: SampleTargets): AdminApi {
  const headers = { authorization: `Bearer ${adminKey}` };
  return {
    put: (url, body) => put(worker + url, body, headers),
    list: async <Item>(url: string) => {
      const response = await fetch(`${worker}${url}?limit=200`, { headers });
      if (!response.ok) throw new Error(`GET ${url}: ${response.status} ${await response.text()}`);
      return (await response.json<{ items: Item[] }>()).items;
    },
  };
}

async function put(url: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<void> {
  const response = await fetch(url, {
    method: "PUT",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`PUT ${url}: ${response.status} ${await response.text()}`);
}
