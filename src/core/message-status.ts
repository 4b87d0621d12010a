/** The state of a message in transcripts and reports; `received` is an inbound text, all others are outbound. */
export type MessageStatus =
  | "received"
  | "pending"
  | "retrying"
  | "claimed"
  | "uncertain"
  | "queued"
  | "sent"
  | "delivered"
  | "undelivered"
  | "failed"
  | "unknown"
  | "dropped";

/** The reason why Twilio did not accept or deliver a message. */
export interface DeliveryError {
  /** Twilio's error code; null if Twilio gave none. */
  readonly code: number | null;
  readonly message: string;
}
