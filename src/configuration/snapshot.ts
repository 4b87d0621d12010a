import { bindAssistant } from "../assistants/catalog.ts";
import type { Answering } from "../assistants/contract.ts";
import type { PhoneNumber } from "../core/phone.ts";
import type { NamedTopic } from "../topics/definition.ts";
import type { Credentials } from "../twilio/answer.ts";
import type { WebhookCredentials } from "../twilio/credentials.ts";
import type { SigningKey } from "../twilio/signature.ts";
import { type Application, DEFAULT_MESSAGES } from "./nouns.ts";

/** An account, ready to verify and to send. */
export interface ReadyAccount extends Credentials {
  readonly signingKeys: readonly SigningKey[];
  readonly webhookCredentials: WebhookCredentials | null;
}

export interface ReadyNumber {
  readonly number: PhoneNumber;
  readonly account: string;
  readonly application: string;
}

/** The whole configuration as it was at one moment. */
export interface Snapshot {
  /** Grows with every change. */
  readonly revision: number;
  /** What could not be used, a sentence each. */
  readonly problems: readonly string[];
  readonly accounts: ReadonlyMap<string, ReadyAccount>;
  readonly numbers: ReadonlyMap<PhoneNumber, ReadyNumber>;
  /** @returns the application, ready to answer, or null where there is none of that id */
  readonly answering: (application: string) => Answering | null;
}

export interface Parts {
  readonly revision: number;
  readonly problems: readonly string[];
  readonly accounts: readonly ReadyAccount[];
  readonly numbers: readonly ReadyNumber[];
  readonly applications: ReadonlyMap<string, Application>;
  readonly topics: ReadonlyMap<string, NamedTopic>;
}

/** Assistants are made when they are first needed: an isolate that serves one number pays for one application. */
export function createSnapshot({ revision, problems, accounts, numbers, applications, topics }: Parts): Snapshot {
  const ready = new Map<string, Answering>();
  return {
    revision,
    problems,
    accounts: new Map(accounts.map((account) => [account.sid, account])),
    numbers: new Map(numbers.map((number) => [number.number, number])),
    answering: (id) => {
      const application = applications.get(id);
      if (application === undefined) return null;
      const known = ready.get(id) ?? makeAnswering(id, application, topics);
      ready.set(id, known);
      return known;
    },
  };
}

function makeAnswering(id: string, application: Application, topics: ReadonlyMap<string, NamedTopic>): Answering {
  const { name, idleSeconds, whenUnknown, smartEncoding, messages, assistant } = application;
  return {
    id,
    name,
    idleSeconds,
    failure: messages.failure ?? DEFAULT_MESSAGES.failure,
    notUnderstood: messages.notUnderstood ?? DEFAULT_MESSAGES.notUnderstood,
    whenUnknown,
    smartEncoding,
    assistant: bindAssistant(assistant, topics),
  };
}
