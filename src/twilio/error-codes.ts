/** The area that a Twilio error code belongs to. */
export type ErrorKind =
  | "busy"
  | "credentials"
  | "sender"
  | "recipient"
  | "opted-out"
  | "content"
  | "carrier"
  | "configuration";

export interface ErrorExplanation {
  readonly kind: ErrorKind;
  /** A sentence for the operator. */
  readonly meaning: string;
  readonly advice: string;
  /** Twilio did not accept the message and may accept the same one later. */
  readonly retryable: boolean;
}

type CodeRow = readonly [kind: ErrorKind, meaning: string, advice: string];

/** Error codes of Parley's messages, in responses to the POST or in status callbacks. */
const CODES: Readonly<Record<number, CodeRow>> = {
  14107: ["carrier", "Twilio has stopped a loop between two bots.", "Stop one of them from answering."],
  20003: ["credentials", "Twilio refuses the account's auth token.", "Save the account again with its current token."],
  20005: ["credentials", "The Twilio account is not active.", "Ask Twilio why, and reactivate it."],
  20404: ["configuration", "Twilio does not know the address of the request.", "Check the account's SID and base URL."],
  20429: ["busy", "Twilio received too many requests at once.", "Nothing: Parley retries."],
  21211: ["recipient", "The recipient's number is not valid.", "Nothing can reach it."],
  21212: ["sender", "Our number is not valid as a sender.", "Check the number at Twilio."],
  21408: [
    "configuration",
    "The account may not text the recipient's region.",
    "Switch the region on in Twilio's geographic permissions.",
  ],
  21602: ["content", "The message has neither a text nor media.", "Give the step a text."],
  21603: ["sender", "The message has no sender.", "Check the number's configuration."],
  21606: ["sender", "Our number cannot send this message.", "Check that it belongs to the account and can send SMS."],
  21608: ["credentials", "A trial account only texts verified numbers.", "Verify the number, or upgrade the account."],
  21609: [
    "configuration",
    "Twilio cannot use our address for status callbacks.",
    "Set PUBLIC_URL to a public https origin.",
  ],
  21610: ["opted-out", "The recipient has opted out of messages from this number.", "They may text START."],
  21611: ["busy", "Our number has too many messages waiting at Twilio.", "Nothing: Parley retries."],
  21612: [
    "recipient",
    "Twilio has no route from our number to the recipient.",
    "Use a number of another type or country.",
  ],
  21614: ["recipient", "The recipient's number cannot receive SMS.", "Nothing can reach it by text."],
  21617: ["content", "The text is longer than 1,600 characters.", "Report it: Parley should have split it."],
  21620: ["content", "The address of a picture is not valid.", "Use a public https URL."],
  21623: ["content", "The message has more than ten media.", "Send fewer at once."],
  21659: ["sender", "Our number does not belong to the account.", "Check the number and its account."],
  21704: ["configuration", "The Messaging Service has no senders.", "Add a number to it."],
  21705: ["configuration", "The Messaging Service does not exist.", "Check its SID."],
  30001: ["busy", "Twilio's queue overflowed.", "Slow down, or spread over more numbers."],
  30002: ["credentials", "The Twilio account was suspended before delivery.", "Ask Twilio why."],
  30003: ["recipient", "The phone is off or out of reach.", "It may be reached later."],
  30004: ["recipient", "The recipient or their carrier blocks the message.", "Ask the recipient."],
  30005: ["recipient", "The number is not in use.", "Nothing can reach it."],
  30006: [
    "recipient",
    "The number is a landline, or its carrier does not accept SMS.",
    "Nothing can reach it by text.",
  ],
  30007: [
    "carrier",
    "The carrier has filtered the message.",
    "Register the number, and look at the wording and links.",
  ],
  30008: ["carrier", "The carrier failed without saying why.", "If it happens often, ask Twilio."],
  30009: ["content", "A segment of a long message was lost in transit.", "Nothing."],
  30022: ["carrier", "The campaign's daily limit at a carrier is reached.", "Wait, or raise the limit (10DLC)."],
  30023: ["carrier", "The brand's daily limit at a carrier is reached.", "Wait, or raise the limit (10DLC)."],
  30032: ["configuration", "The toll-free number is not verified.", "Verify it at Twilio."],
  30034: ["configuration", "The number is not registered for 10DLC.", "Register it at Twilio."],
  30038: ["carrier", "The message looks like a one-time password and was withheld.", "Send a link instead of a code."],
  30450: ["carrier", "Twilio suspects SMS pumping.", "Check who makes your numbers text."],
};

/** Codes after which a message may be sent again: Twilio did not accept it, and the cause passes or can be removed. */
const RETRYABLE: ReadonlySet<number> = new Set([20_003, 20_005, 20_429, 21_611]);

/** @returns null if the code is unknown */
export function explainError(code: number): ErrorExplanation | null {
  const row = CODES[code];
  if (row === undefined) return null;
  const [kind, meaning, advice] = row;
  return { kind, meaning, advice, retryable: RETRYABLE.has(code) };
}

/** Whether the code means that the recipient has opted out. It comes in the response to the POST or in a callback. */
export function isOptOutCode(code: number | null): boolean {
  return code !== null && explainError(code)?.kind === "opted-out";
}
