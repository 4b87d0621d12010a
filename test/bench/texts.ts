import { createHmac } from "node:crypto";

export const ACCOUNT = { sid: `AC${"b".repeat(32)}`, authToken: "be".repeat(16) } as const;

/** What Twilio calls, and signs; the sockets that stand for it have ports of their own. */
export const HOST = "parley.example";
export const MESSAGE_PATH = "/twilio/message";

/** Parley repeats what is texted to the one, and says nothing to the other. */
export const NUMBERS = { echo: "+12025550100", silent: "+12025550101" } as const;

const AREAS = ["202", "206", "212", "213", "305", "312", "404", "415", "503", "617"];

/** @param index below 1,000: no more of these numbers are reserved */
export function phoneOf(index: number): string {
  const area = AREAS[Math.floor(index / 100) % AREAS.length] ?? "";
  return `+1${area}55501${String(index % 100).padStart(2, "0")}`;
}

/** A text as Twilio would bring it. */
export interface SignedText {
  /** Its words, which no other text of the bench has: its reply repeats them. */
  readonly words: string;
  readonly body: string;
  readonly signature: string;
}

let last = 0;

export function signedText(from: string, to: string): SignedText {
  last += 1;
  const words = `go t${last}`;
  const fields: Readonly<Record<string, string>> = {
    MessageSid: `SM${last.toString(16).padStart(32, "0")}`,
    AccountSid: ACCOUNT.sid,
    From: from,
    To: to,
    Body: words,
    NumMedia: "0",
    NumSegments: "1",
    SmsStatus: "received",
    ApiVersion: "2010-04-01",
    FromCountry: "US",
    ToCountry: "US",
  };
  return { words, body: new URLSearchParams(fields).toString(), signature: sign(MESSAGE_PATH, fields) };
}

export function sign(path: string, fields: Readonly<Record<string, string>>): string {
  const sorted = Object.keys(fields).toSorted();
  const data = `http://${HOST}${path}` + sorted.map((name) => name + fields[name]).join("");
  return createHmac("sha1", ACCOUNT.authToken).update(data).digest("base64");
}
