import { bindAssistant } from "../assistants/catalog.ts";
import type { Answering, Messages } from "../assistants/contract.ts";
import type { PhoneNumber } from "../core/phone.ts";
import { languageAmong } from "../languages/catalog.ts";
import type { NamedTopic } from "../topics/definition.ts";
import type { Credentials } from "../twilio/answer.ts";
import type { WebhookCredentials } from "../twilio/credentials.ts";
import type { SigningKey } from "../twilio/signature.ts";
import { messagesOf } from "./messages.ts";
import type { Application } from "./nouns.ts";
import { operatingHours } from "./opening.ts";

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

/** A secret that requests may carry, to these hosts only. */
export interface ReadySecret {
  readonly name: string;
  readonly value: string;
  readonly hosts: readonly string[];
}

/** The whole configuration as it was at one moment. */
export interface Snapshot {
  /** Grows with every change. */
  readonly revision: number;
  /** What could not be used, a sentence each. */
  readonly problems: readonly string[];
  readonly accounts: ReadonlyMap<string, ReadyAccount>;
  readonly numbers: ReadonlyMap<PhoneNumber, ReadyNumber>;
  readonly secrets: ReadonlyMap<string, ReadySecret>;
  /** @returns the application, ready to answer, or null where there is none of that id */
  readonly answering: (application: string) => Answering | null;
}

export interface Parts {
  readonly revision: number;
  readonly problems: readonly string[];
  readonly accounts: readonly ReadyAccount[];
  readonly numbers: readonly ReadyNumber[];
  readonly secrets: readonly ReadySecret[];
  readonly applications: ReadonlyMap<string, Application>;
  readonly topics: ReadonlyMap<string, NamedTopic>;
}

/** Assistants are made when they are first needed: an isolate that serves one number pays for one application. */
export function createSnapshot({
  revision,
  problems,
  accounts,
  numbers,
  secrets,
  applications,
  topics,
}: Parts): Snapshot {
  const ready = new Map<string, Answering>();
  return {
    revision,
    problems,
    accounts: new Map(accounts.map((account) => [account.sid, account])),
    numbers: new Map(numbers.map((number) => [number.number, number])),
    secrets: new Map(secrets.map((secret) => [secret.name, secret])),
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
  const { name, language, zone, hours, idleSeconds, whenUnknown, allowedHosts, assistant } = application;
  const message = messagesOf(application);
  return {
    id,
    name,
    publication: 0,
    language,
    zone,
    idleSeconds,
    failure: failureOf(message, language),
    message,
    hours: hours === undefined ? null : operatingHours(hours, message),
    whenUnknown,
    allowedHosts,
    assistant: bindAssistant(assistant, topics),
  };
}

/** What is said when all else fails must not fail itself. */
function failureOf(message: Messages, language: string): string {
  try {
    return message("failure", language) ?? languageAmong(language).messages.failure;
  } catch {
    return languageAmong(language).messages.failure;
  }
}
