import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { WEBHOOK_RETRY_FRAGMENT } from "../configuration/public-origin.ts";

/** The folder with the sample applications, topics and lists. */
export const SAMPLE_FOLDER = path.join(import.meta.dirname, "sample");

/** The account that the first `npm start` creates. */
const ACCOUNT = "AC00000000000000000000000000000001";

/** The sample applications and their numbers; the documents are in `sample`. */
export const SAMPLE_APPLICATIONS = [
  { id: "pizza", number: "+12025550100" },
  { id: "clinic", number: "+12025550101" },
  { id: "orders", number: "+12025550102" },
  { id: "outage", number: "+12025550103" },
  { id: "donation", number: "+12025550104" },
  { id: "survey", number: "+12025550105" },
  { id: "courses", number: "+12025550106" },
  { id: "lakeside", number: "+12025550107" },
] as const;

/** Lists of the first sample number, so that NOTIFICATION shows a menu. */
const SAMPLE_LISTS = ["offers", "opening"];

export interface SampleTargets {
  readonly worker: string;
  readonly emulator: string;
  readonly adminKey: string;
}

/**
 * Creates the sample configuration if there is no account yet, and registers all numbers with the emulator, which has
 * no state after a start.
 */
export async function configureSample(targets: SampleTargets): Promise<void> {
  const api = createAdminApi(targets);
  const authToken = randomBytes(16).toString("hex");
  await sendJson(`${targets.emulator}/emulator/accounts/${ACCOUNT}`, {
    friendlyName: "Parley on this machine",
    authToken,
  });
  const accounts = await api.list<SavedAccount>("/v1/accounts");
  const isNew = accounts.length === 0;
  const limits = copyAccountLimits(accounts.find(({ sid }) => sid === ACCOUNT));
  const account = { name: "Twilio on this machine", authToken, baseUrl: targets.emulator, ...limits };
  await api.put(`/v1/accounts/${ACCOUNT}`, account);
  if (isNew) await createApplications(api);
  for (const number of await api.list<SampleNumber>("/v1/numbers")) {
    if (number.account === ACCOUNT) await registerNumber(targets, number);
  }
}

async function createApplications(api: AdminApi): Promise<void> {
  for (const { id, number } of SAMPLE_APPLICATIONS) {
    const application = await loadSample<SampleApplication>("applications", id);
    for (const topic of application.assistant.topics)
      await api.put(`/v1/topics/${topic}`, await loadSample("topics", topic));
    await api.put(`/v1/applications/${id}`, application);
    const description = application.name;
    await api.put(`/v1/numbers/${number}`, { account: ACCOUNT, application: id, type: "long-code", description });
  }
  for (const id of SAMPLE_LISTS) await api.put(`/v1/lists/${id}`, await loadSample("lists", id));
}

interface SampleApplication {
  readonly name: string;
  readonly assistant: { readonly topics: readonly string[] };
}

async function loadSample<Document extends object>(
  kind: "applications" | "topics" | "lists",
  id: string,
): Promise<Document> {
  return JSON.parse(await readFile(path.join(SAMPLE_FOLDER, kind, `${id}.json`), "utf8")) as Document;
}

interface SampleNumber {
  readonly number: string;
  readonly account: string;
  readonly description: string;
  readonly optOut: "twilio" | "parley";
}

async function registerNumber(
  { worker, emulator }: SampleTargets,
  { number, account, description, optOut }: SampleNumber,
): Promise<void> {
  await sendJson(`${emulator}/emulator/numbers/${encodeURIComponent(number)}`, {
    accountSid: account,
    friendlyName: description || number,
    smsUrl: `${worker}/twilio/message${WEBHOOK_RETRY_FRAGMENT}`,
    smsFallbackUrl: `${worker}/twilio/fallback${WEBHOOK_RETRY_FRAGMENT}`,
    optOut: optOut === "twilio",
  });
}

interface SavedAccount {
  readonly sid: string;
  readonly [field: string]: unknown;
}

/** Copies the limits that the operator has set on the account, which is saved again with a new token. */
function copyAccountLimits(account: SavedAccount | undefined): object {
  const limits = ["countries", "prices", "caps"].map((field) => [field, account?.[field] ?? undefined]);
  return Object.fromEntries(limits);
}

interface AdminApi {
  readonly put: (url: string, body: object) => Promise<void>;
  readonly list: <Item = unknown>(url: string) => Promise<readonly Item[]>;
}

function createAdminApi({ worker, adminKey }: SampleTargets): AdminApi {
  const headers = { authorization: `Bearer ${adminKey}` };
  return {
    put: (url, body) => sendJson(worker + url, body, headers),
    list: async <Item>(url: string) => {
      const response = await fetch(`${worker}${url}?limit=200`, { headers });
      if (!response.ok) throw new Error(`GET ${url}: ${response.status} ${await response.text()}`);
      return (await response.json<{ items: Item[] }>()).items;
    },
  };
}

async function sendJson(url: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<void> {
  const response = await fetch(url, {
    method: "PUT",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`PUT ${url}: ${response.status} ${await response.text()}`);
}
