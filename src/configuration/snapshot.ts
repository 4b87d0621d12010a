import { listTopicIds } from "../assistants/catalog.ts";
import type { ReadyApplication } from "../contract/assistant.ts";
import type { PhoneNumber } from "../core/phone.ts";
import type { ReadyList } from "../notify/list.ts";
import type { MessagePrices } from "../send-limits/message-prices.ts";
import { resolveSendLimits, type SendLimits } from "../send-limits/number-limits.ts";
import type { CapSettings, RateLimit } from "../send-limits/schema.ts";
import type { NamedTopic } from "../topics/definition.ts";
import type { SigningAccount } from "../twilio/account.ts";

import { prepareApplication } from "./ready-application.ts";
import type { Application } from "./schemas.ts";

/** An account with the keys to verify webhooks and to send. */
export interface ReadyAccount extends SigningAccount {
  /** Countries that the account may text; absent or null: the countries of its numbers. */
  readonly countries?: readonly string[] | null;
  /** Prices of the account's messages; absent or null: unknown. */
  readonly prices?: MessagePrices | null;
  /** Daily caps; absent or null: no cap. */
  readonly caps?: CapSettings | null;
}

export interface ReadyNumber {
  readonly number: PhoneNumber;
  readonly account: string;
  readonly application: string;
  readonly type?: "long-code" | "short-code" | "toll-free";
  /** Who answers STOP, START and HELP; absent or null: the default for the number's type. */
  readonly optOut?: "twilio" | "parley" | null;
  /** Segments per second that Twilio sends; absent or null: the default for the number's type. */
  readonly segmentsPerSecond?: number | null;
  /** How many texts of one contact are answered; false: all; absent or null: the default. */
  readonly rateLimit?: RateLimit | false | null;
  /** True if robots are no longer answered; absent or null: false. */
  readonly loopGuard?: boolean | null;
  /** Daily caps; absent or null: no cap. */
  readonly caps?: CapSettings | null;
}

/** A topic or an application, with the publication that introduced it. */
export interface Published<Noun> {
  readonly publication: number;
  readonly noun: Noun;
}

/** A phone that gets the draft of a topic. */
export interface Tester {
  readonly topic: string;
  readonly phone: PhoneNumber;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** A secret that requests may carry, restricted to these hosts. */
export interface ReadySecret {
  readonly name: string;
  readonly value: string;
  readonly hosts: readonly string[];
}

/** The whole configuration at one moment. */
export interface ConfigurationSnapshot {
  /** Increases with every change. */
  readonly revision: number;
  /** Parts of the configuration that could not be used, one sentence each. */
  readonly problems: readonly string[];
  readonly accounts: ReadonlyMap<string, ReadyAccount>;
  readonly numbers: ReadonlyMap<PhoneNumber, ReadyNumber>;
  readonly secrets: ReadonlyMap<string, ReadySecret>;
  readonly lists: ReadonlyMap<string, ReadyList>;
  /** @returns the limits on sending from a number, or the defaults for an unknown number */
  readonly findSendLimits: (number: PhoneNumber) => SendLimits;
  /** @returns the lists of a number, in the order in which contacts see them numbered */
  readonly findLists: (number: PhoneNumber) => readonly ReadyList[];
  /** @returns the published application, ready to answer, or null if the id is unknown */
  readonly findApplication: (application: string) => ReadyApplication | null;
  /**
   * @returns the application as of a publication, or null if the application or one of its topics has been published
   * again since
   */
  readonly findApplicationVersion: (application: string, publication: number) => ReadyApplication | null;
  /**
   * @returns the application with the drafts that a phone tests, or null if the phone tests none of the application's
   * topics
   */
  readonly findTesterApplication: (application: string, phone: PhoneNumber, now: number) => ReadyApplication | null;
}

export interface SnapshotInput {
  readonly revision: number;
  /** The latest publication. */
  readonly publication: number;
  readonly problems: readonly string[];
  readonly accounts: readonly ReadyAccount[];
  readonly numbers: readonly ReadyNumber[];
  readonly secrets: readonly ReadySecret[];
  /** Sorted by id. */
  readonly lists: readonly ReadyList[];
  readonly applications: ReadonlyMap<string, Published<Application>>;
  readonly topics: ReadonlyMap<string, Published<NamedTopic>>;
  readonly drafts: ReadonlyMap<string, NamedTopic>;
  readonly testers: readonly Tester[];
}

/**
 * Creates a snapshot. Applications are prepared on first use, so that an isolate that serves one number pays for one
 * application.
 */
export function createSnapshot(parts: SnapshotInput): ConfigurationSnapshot {
  const { revision, publication, problems, accounts, numbers, secrets, lists, applications, drafts } = parts;
  const listsByNumber = Map.groupBy(lists, ({ number }) => number);
  const topics = new Map([...parts.topics].map(([id, { noun }]) => [id, noun]));
  const testersByPhone = Map.groupBy(parts.testers, ({ phone }) => phone);
  const current = memoizeByKey((id) => {
    const application = applications.get(id);
    if (application === undefined) return null;
    const changes = listTopicIds(application.noun.assistant).map((topic) => parts.topics.get(topic)?.publication ?? 0);
    return {
      application: prepareApplication(id, application.noun, topics, publication),
      changedAt: Math.max(application.publication, ...changes),
    };
  });
  const testerApplications = memoizeByKey((ids) => {
    const [id = "", ...testedTopics] = ids.split(" ");
    const application = applications.get(id);
    const overlaid = new Map([...topics, ...testedTopics.flatMap((topic) => findDraftEntry(topic, drafts))]);
    return application === undefined ? null : prepareApplication(id, application.noun, overlaid, null);
  });
  const sendLimits = memoizeByKey((number) => {
    const owned = numbers.find((each) => each.number === number) ?? { number, account: "" };
    const account = accounts.find(({ sid }) => sid === owned.account);
    return resolveSendLimits(
      owned,
      account,
      numbers.filter((each) => each.account === owned.account).map((each) => each.number),
    );
  });
  return {
    revision,
    problems,
    findSendLimits: sendLimits,
    accounts: new Map(accounts.map((account) => [account.sid, account])),
    numbers: new Map(numbers.map((number) => [number.number, number])),
    secrets: new Map(secrets.map((secret) => [secret.name, secret])),
    lists: new Map(lists.map((list) => [list.id, list])),
    findLists: (number) => listsByNumber.get(number) ?? [],
    findApplication: (id) => current(id)?.application ?? null,
    findApplicationVersion: (id, at) => {
      const version = current(id);
      return version !== null && version.changedAt <= at && at <= publication ? version.application : null;
    },
    findTesterApplication: (id, phone, now) => {
      const activeTesters = (testersByPhone.get(phone) ?? []).filter(
        ({ topic, expiresAt }) => expiresAt > now && drafts.has(topic),
      );
      const application = activeTesters.length === 0 ? undefined : applications.get(id);
      const topicIds = new Set(application === undefined ? [] : listTopicIds(application.noun.assistant));
      const testedTopics = activeTesters.map(({ topic }) => topic).filter((topic) => topicIds.has(topic));
      return testedTopics.length === 0 ? null : testerApplications([id, ...testedTopics.toSorted()].join(" "));
    },
  };
}

function findDraftEntry(
  topic: string,
  drafts: ReadonlyMap<string, NamedTopic>,
): readonly (readonly [string, NamedTopic])[] {
  const draft = drafts.get(topic);
  return draft === undefined ? [] : [[topic, draft]];
}

/** @returns a function that computes the value of each key once */
function memoizeByKey<Value>(make: (key: string) => Value): (key: string) => Value {
  const made = new Map<string, Value>();
  return (key) => {
    const existing = made.get(key);
    if (existing !== undefined) return existing;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}
