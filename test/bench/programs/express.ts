import type { AddressInfo } from "node:net";
import { DatabaseSync } from "node:sqlite";
import express from "express";
import twilio from "twilio";

/** What a person would write instead: express, Twilio's package, SQLite. Told by the environment where everything is; says its port to who forked it. */
const { ACCOUNT_SID = "", AUTH_TOKEN = "", TWILIO = "", DATABASE = "" } = process.env;

const database = new DatabaseSync(DATABASE);
// In WAL with synchronous=FULL a commit is on the disk when it returns: what Parley promises, too.
database.exec(`
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS turn (
    sid TEXT PRIMARY KEY, sender TEXT NOT NULL, number TEXT NOT NULL, text TEXT NOT NULL, at INTEGER NOT NULL,
    reply TEXT, status TEXT NOT NULL, reply_sid TEXT
  ) WITHOUT ROWID`);
const insert = database.prepare(
  "INSERT INTO turn (sid, sender, number, text, at, status) VALUES (?, ?, ?, ?, ?, 'heard') ON CONFLICT DO NOTHING",
);
const claim = database.prepare("UPDATE turn SET status = 'claimed', reply = ? WHERE sid = ?");
const mark = database.prepare("UPDATE turn SET status = ?, reply_sid = ? WHERE sid = ?");

const httpClient = new twilio.RequestClient();
// Twilio's package knows no other host than Twilio's.
httpClient.axios.interceptors.request.use((config) => ({
  ...config,
  url: (config.url ?? "").replace("https://api.twilio.com", TWILIO),
}));
const client = twilio(ACCOUNT_SID, AUTH_TOKEN, { httpClient });

interface Text {
  readonly MessageSid: string;
  readonly From: string;
  readonly To: string;
  readonly Body: string;
}

const app = express();

app.post(
  "/twilio/message",
  express.urlencoded({ extended: false }),
  twilio.webhook(AUTH_TOKEN, { protocol: "http" }),
  (request, response) => {
    const text = request.body as Text;
    const { changes } = insert.run(text.MessageSid, text.From, text.To, text.Body, Date.now());
    response.type("text/xml").send("<Response/>");
    if (changes > 0) void reply(text);
  },
);

async function reply({ MessageSid: sid, From: to, To: from, Body: body }: Text): Promise<void> {
  claim.run(body, sid);
  try {
    const message = await client.messages.create({ to, from, body });
    mark.run("sent", message.sid, sid);
  } catch {
    mark.run("unknown", null, sid);
  }
}

const server = app.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
process.once("disconnect", () => process.exit());
