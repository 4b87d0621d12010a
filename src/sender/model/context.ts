import type { MessageContent } from "../../assistants/message-content.ts";
import type { OptOutHandler } from "../../consent/carrier-keywords.ts";
import type { ReadyApplication } from "../../contract/assistant.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import type { LinkedPerson, ReadyList } from "../../notify/list.ts";
import type { SendLimits } from "../../send-limits/number-limits.ts";
import type { Line, OpenConversation, Turn } from "./state.ts";

/** Everything a decision needs besides the state and the event. */
export interface DecisionContext {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The origin of the URL by which Twilio reaches Parley. */
  readonly origin: string;
  /**
   * Finds the application of an open conversation, in the version with which it opened. Without a conversation, finds
   * the application that answers on the number now.
   * @returns null if no application answers on the number (any more)
   */
  readonly findApplication: (conversation: OpenConversation | null, number: PhoneNumber) => ReadyApplication | null;
  /** The lists of a number, in the order of their displayed numbers. Absent if the number has no lists. */
  readonly lists?: (number: PhoneNumber) => readonly ReadyList[];
  /** The person linked to the contact on a line, or null. Absent if identity checks are not in use. */
  readonly person?: (line: Line) => LinkedPerson | null;
  /**
   * Tells whether Parley or the carrier answers STOP, START and HELP on a number. Absent: the default for the kind of
   * number.
   */
  readonly optOutHandler?: (number: PhoneNumber) => OptOutHandler;
  /** The limits of a number. Absent: no limits. */
  readonly sendLimits?: (number: PhoneNumber) => SendLimits;
}

/** A contact's line, and the turn in which an event happens. */
export interface TurnContext {
  readonly phone: PhoneNumber;
  readonly line: Line;
  readonly turn: Turn;
  readonly context: DecisionContext;
  /** The person linked to the contact; null for a guest. */
  readonly person: LinkedPerson | null;
}

/** The result of an event for a line and its turn. */
export interface TurnOutcome {
  readonly line: Line;
  /** The id of the conversation that the turn belongs to. */
  readonly conversation: string;
  readonly contents: readonly MessageContent[];
  /** Null keeps the turn's present value. */
  readonly whenUnknown: Turn["whenUnknown"] | null;
  /** Absent keeps the turn's present value. */
  readonly answeredBy?: NonNullable<Turn["answeredBy"]>;
  readonly handover?: NonNullable<Turn["handover"]> | undefined;
  readonly failed?: string | undefined;
  /** The contents confirm an opt-out. */
  readonly confirms?: true;
  readonly notes: readonly string[];
}

/** Identifies the wait that the end of a request, a callback or an identity check belongs to. */
export interface WaitRef {
  readonly number: PhoneNumber;
  readonly turn: number;
  /** The id of the request, the callback or the check. It tells a late result from the awaited one. */
  readonly id: string;
}
