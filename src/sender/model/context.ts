import type { MessageContent } from "../../assistants/message-content.ts";
import type { OptOutHandler } from "../../consent/carrier-keywords.ts";
import type { ReadyApplication } from "../../contract/assistant.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import type { LinkedPerson, ReadyList } from "../../notify/list.ts";
import type { SendLimits } from "../../send-limits/number-limits.ts";
import type { Line, OpenConversation, Turn } from "./state.ts";

/** All that a decision needs beside the state and the event. */
export interface DecisionContext {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The origin that Twilio reached us by. */
  readonly origin: string;
  /**
   * Finds the application of an open conversation, as it was when that began; without one, that which answers on the number now.
   * @returns null where nothing answers on the number any more
   */
  readonly findApplication: (conversation: OpenConversation | null, number: PhoneNumber) => ReadyApplication | null;
  /** The lists of one of our numbers, as they are numbered; left out: there are none. */
  readonly lists?: (number: PhoneNumber) => readonly ReadyList[];
  /** The person whom the sender is linked to on a line, or null; left out: nobody is linked. */
  readonly person?: (line: Line) => LinkedPerson | null;
  /** Who minds the words of consent on one of our numbers; left out: as is usual for such a number. */
  readonly optOutHandler?: (number: PhoneNumber) => OptOutHandler;
  /** The brakes on one of our numbers; left out: there are none. */
  readonly sendLimits?: (number: PhoneNumber) => SendLimits;
}

/** A line of a sender's, and the turn that something happens in. */
export interface TurnContext {
  readonly phone: PhoneNumber;
  readonly line: Line;
  readonly turn: Turn;
  readonly world: DecisionContext;
  /** Whom the sender is linked to; null: they are a guest. */
  readonly person: LinkedPerson | null;
}

/** What an event has made of a line and its turn. */
export interface TurnOutcome {
  readonly line: Line;
  /** The conversation that the turn belongs to. */
  readonly conversation: string;
  readonly contents: readonly MessageContent[];
  /** Null: as before. */
  readonly whenUnknown: Turn["whenUnknown"] | null;
  /** Left out: as before. */
  readonly answeredBy?: NonNullable<Turn["answeredBy"]>;
  readonly handover?: NonNullable<Turn["handover"]> | undefined;
  readonly failed?: string | undefined;
  /** What is said confirms an opt-out. */
  readonly confirms?: true;
  readonly notes: readonly string[];
}

/** Where the end of a request, or of a wait for a callback, belongs. */
export interface WaitRef {
  readonly number: PhoneNumber;
  readonly turn: number;
  /** The request's, or the callback's, own id. */
  readonly id: string;
}
