/** What a person texted. Times are milliseconds since 1970. */
export interface SentText {
  readonly sid: string;
  readonly phone: string;
  readonly number: string;
  readonly body: string;
  /** When its webhook was first called. */
  readonly startedAt: number;
  /** When Parley first answered `200 <Response/>` and Twilio heard it; null where that never happened. */
  readonly acceptedAt: number | null;
}

/** A message that Twilio took, and when; milliseconds since 1970. */
export interface TakenMessage {
  readonly sid: string;
  readonly phone: string;
  readonly number: string;
  readonly body: string;
  readonly at: number;
}

export interface TranscriptMessage {
  readonly id: string;
  readonly direction: "in" | "out";
  readonly text: string;
  readonly status: string;
  readonly sid: string | null;
  readonly error: { readonly code: number | null } | null;
  /** ISO 8601. */
  readonly at: string;
}

export interface Transcript {
  readonly phone: string;
  readonly number: string;
  readonly messages: readonly TranscriptMessage[];
}

/** A question to the bot; the same one comes again where the Worker died before it had the answer. */
export interface AskedTurn {
  /** The turn's id, as the bot is told it. */
  readonly turn: string;
  /** The id that the question is signed with. */
  readonly message: string;
  readonly phone: string;
  readonly number: string;
  readonly text: string;
}

/** All that is known in the end. */
export interface Evidence {
  readonly texts: readonly SentText[];
  /** In the order in which Twilio took them. */
  readonly taken: readonly TakenMessage[];
  /** One for every phone and number that texted each other. */
  readonly transcripts: readonly Transcript[];
  /** What the bot was asked, in order. */
  readonly asked: readonly AskedTurn[];
}

export type OffenceKind = "lost" | "duplicated" | "disordered" | "unwanted" | "difference" | "misasked";

export interface Offence {
  readonly kind: OffenceKind;
  readonly phone: string;
  readonly number: string;
  readonly what: string;
  /** Words that its history contains: a token, a SID. */
  readonly about: readonly string[];
}

/** Makes an offence of one phone and one number. */
export type Accuse = (kind: OffenceKind, what: string, ...about: readonly string[]) => Offence;

/** The messages of one phone and one number. */
export function between<Item extends { readonly phone: string; readonly number: string }>(
  items: readonly Item[],
  { phone, number }: { readonly phone: string; readonly number: string },
): readonly Item[] {
  return items.filter((item) => item.phone === phone && item.number === number);
}
