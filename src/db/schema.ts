import { index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { MessagePrices } from "../send-limits/message-prices.ts";
import type { CapSettings, RateLimit } from "../send-limits/schema.ts";

/** When a row was first and last saved; milliseconds since 1970. */
const times = { createdAt: integer("created_at").notNull(), updatedAt: integer("updated_at").notNull() };

export const accounts = sqliteTable("accounts", {
  sid: text("sid").primaryKey(),
  name: text("name").notNull(),
  baseUrl: text("base_url").notNull(),
  /** Sealed under MASTER_KEY; see core/vault.ts. */
  authToken: text("auth_token").notNull(),
  nextAuthToken: text("next_auth_token"),
  /** Credentials that Twilio must send besides its signature, if the operator set them; the password is sealed. */
  webhookUsername: text("webhook_username"),
  webhookPassword: text("webhook_password"),
  /** JSON: the countries that the account may text; null: those of its numbers. */
  countries: text("countries", { mode: "json" }).$type<readonly string[]>(),
  /** JSON: prices of messages, and daily caps. */
  prices: text("prices", { mode: "json" }).$type<MessagePrices>(),
  caps: text("caps", { mode: "json" }).$type<CapSettings>(),
  ...times,
});

/** Applications as last saved, which is as last published. */
export const applications = sqliteTable("applications", {
  id: text("id").primaryKey(),
  document: text("document").notNull(),
  ...times,
});

/** Topics as last saved, that is, drafts. Contacts get the last publication. */
export const topics = sqliteTable("topics", {
  id: text("id").primaryKey(),
  document: text("document").notNull(),
  ...times,
});

/**
 * Published documents, which never change. Ids grow with time and are never reused, so the publications up to one id
 * are a configuration that a conversation can stay on. Publications outlive their topic or application, for the
 * conversations on them.
 */
export const publications = sqliteTable(
  "publications",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    noun: text("noun", { enum: ["topic", "application"] }).notNull(),
    /** The id of the topic or application. */
    name: text("name").notNull(),
    /** Counts from 1 for each topic and application, also across a deletion. */
    version: integer("version").notNull(),
    document: text("document").notNull(),
    /** Milliseconds since 1970. */
    at: integer("at").notNull(),
    by: text("by").notNull(),
    /** The version that this one brings back; null: it is new. */
    from: integer("from"),
  },
  (table) => [uniqueIndex("publications_version").on(table.noun, table.name, table.version)],
);

/** Testers: phones that get the draft of a topic instead of its last publication. */
export const testers = sqliteTable(
  "trials",
  {
    topic: text("topic")
      .notNull()
      .references(() => topics.id, { onDelete: "cascade" }),
    phone: text("phone").notNull(),
    startedAt: integer("started_at").notNull(),
    expiresAt: integer("expires_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.topic, table.phone] })],
);

/** The topics of an application, as in its document. The foreign key prevents the deletion of a topic in use. */
export const applicationTopics = sqliteTable(
  "application_topics",
  {
    application: text("application")
      .notNull()
      .references(() => applications.id, { onDelete: "cascade" }),
    topic: text("topic")
      .notNull()
      .references(() => topics.id, { onDelete: "restrict" }),
  },
  (table) => [primaryKey({ columns: [table.application, table.topic] })],
);

/** The topics that a topic goes to, in its draft or last publication. An application must have all of them. */
export const topicTargets = sqliteTable(
  "topic_targets",
  {
    topic: text("topic")
      .notNull()
      .references(() => topics.id, { onDelete: "cascade" }),
    target: text("target").notNull(),
  },
  (table) => [primaryKey({ columns: [table.topic, table.target] })],
);

export const numbers = sqliteTable("numbers", {
  number: text("number").primaryKey(),
  account: text("account")
    .notNull()
    .references(() => accounts.sid, { onDelete: "restrict" }),
  application: text("application")
    .notNull()
    .references(() => applications.id, { onDelete: "restrict" }),
  type: text("type", { enum: ["long-code", "short-code", "toll-free"] }).notNull(),
  /** Which side answers STOP, START and HELP; null: the default of the type. */
  optOut: text("opt_out", { enum: ["twilio", "parley"] }),
  /** The rate that Twilio accepts; null: the default of the type. */
  segmentsPerSecond: real("segments_per_second"),
  description: text("description").notNull(),
  /** JSON; null: the default. */
  rateLimit: text("rate_limit", { mode: "json" }).$type<RateLimit | false>(),
  loopGuard: integer("loop_guard", { mode: "boolean" }),
  caps: text("caps", { mode: "json" }).$type<CapSettings>(),
  ...times,
});

/** Counts of what a limit held back for a contact on a day (UTC, such as 2026-03-02), as synced by the Sender. */
export const heldBack = sqliteTable(
  "held_back",
  {
    number: text("number").notNull(),
    day: text("day").notNull(),
    kind: text("kind", { enum: ["rate", "loop", "country", "cap"] }).notNull(),
    phone: text("phone").notNull(),
    count: integer("count").notNull(),
    /** Milliseconds since 1970. */
    lastAt: integer("last_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.number, table.day, table.kind, table.phone] })],
);

/** Secrets that requests of topics and assistants need; no document contains them. */
export const secrets = sqliteTable("secrets", {
  name: text("name").primaryKey(),
  /** Sealed under MASTER_KEY. */
  value: text("value").notNull(),
  /** JSON: the hosts that the secret may be sent to. */
  hosts: text("hosts").notNull(),
  ...times,
});

/** Lists that contacts can subscribe to. */
export const lists = sqliteTable("lists", {
  id: text("id").primaryKey(),
  /** As in the document. The foreign key prevents the deletion of a number in use. */
  number: text("number")
    .notNull()
    .references(() => numbers.number, { onDelete: "restrict" }),
  document: text("document").notNull(),
  ...times,
});

/** Subscriptions as synced by the Senders, which alone decide them. */
export const subscriptions = sqliteTable(
  "subscriptions",
  {
    list: text("list").notNull(),
    phone: text("phone").notNull(),
    /**
     * The number of the change that made this state, counted by the Sender for each of our numbers. Older changes
     * have no effect.
     */
    seq: integer("seq").notNull(),
    status: text("status", { enum: ["on", "off", "asked"] }).notNull(),
    since: integer("since").notNull(),
    by: text("by", { enum: ["person", "carrier", "admin", "import"] }).notNull(),
    proof: text("proof").notNull(),
  },
  (table) => [primaryKey({ columns: [table.list, table.phone] })],
);

/** Every change of a subscription, kept forever as proof of consent, also for deleted lists. */
export const subscriptionChanges = sqliteTable(
  "subscription_changes",
  {
    phone: text("phone").notNull(),
    /** The number of the list. */
    number: text("number").notNull(),
    seq: integer("seq").notNull(),
    list: text("list").notNull(),
    status: text("status", { enum: ["on", "off", "asked"] }).notNull(),
    at: integer("at").notNull(),
    by: text("by", { enum: ["person", "carrier", "admin", "import"] }).notNull(),
    proof: text("proof").notNull(),
  },
  (table) => [primaryKey({ columns: [table.phone, table.number, table.seq] })],
);

/** Notifications of the API. The Senders know their outcomes. */
export const notifications = sqliteTable(
  "notifications",
  {
    id: text("id").primaryKey(),
    /** Null if the request had none. */
    idempotencyKey: text("idempotency_key"),
    /** SHA-256 of the request's body. */
    digest: text("digest").notNull(),
    document: text("document").notNull(),
    /** JSON: the phones. */
    recipients: text("recipients").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [
    uniqueIndex("notifications_key").on(table.idempotencyKey),
    index("notifications_created").on(table.createdAt),
  ],
);

/** Counts of refused webhooks by reason, without their contents. */
export const refusals = sqliteTable(
  "refusals",
  {
    account: text("account")
      .notNull()
      .references(() => accounts.sid, { onDelete: "cascade" }),
    reason: text("reason").notNull(),
    path: text("path").notNull(),
    hint: text("hint").notNull(),
    count: integer("count").notNull(),
    firstAt: integer("first_at").notNull(),
    lastAt: integer("last_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.account, table.reason, table.path, table.hint] })],
);

/** One row that counts every change, so that a warm isolate notices with one row read whether it must reload. */
export const revisions = sqliteTable("revisions", {
  id: integer("id").primaryKey(),
  revision: integer("revision").notNull(),
});

/** Senders with a part that could not be sent at once. The sweep wakes them if their alarm is lost. */
export const overdueSenders = sqliteTable("overdue", {
  phone: text("phone").primaryKey(),
  /** When the Sender plans to retry; milliseconds since 1970. */
  dueAt: integer("due_at").notNull(),
});

/** The operator's directory of persons, read only for identity checks. */
export const persons = sqliteTable("persons", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  /** A hash as identity/pin-hash.ts writes it; null: the person has no PIN and cannot be linked. */
  pin: text("pin"),
  /** The secret of the authenticator app in base64, sealed under MASTER_KEY; null: none is set up. */
  authenticator: text("authenticator"),
  /** JSON: BCP 47 tags. */
  languages: text("languages").notNull(),
  /** JSON: attribute values by name. */
  attributes: text("attributes").notNull(),
  /** JSON: `PinAttempts`, changed only by compare-and-set. */
  attempts: text("attempts").notNull(),
  ...times,
});

/** The phones of persons. A phone that several persons share identifies none of them. */
export const personPhones = sqliteTable(
  "person_phones",
  {
    person: text("person")
      .notNull()
      .references(() => persons.id, { onDelete: "cascade" }),
    phone: text("phone").notNull(),
  },
  (table) => [primaryKey({ columns: [table.person, table.phone] }), index("person_phones_phone").on(table.phone)],
);

/** Senders that must learn of a change of a person. The row is deleted when they have. */
export const personChanges = sqliteTable(
  "person_changes",
  { phone: text("phone").notNull(), person: text("person").notNull(), at: integer("at").notNull() },
  (table) => [primaryKey({ columns: [table.phone, table.person] })],
);

/**
 * Identity pages that a contact or person has the URL of. This table holds only hashes, so reading it opens no page.
 */
export const identityPages = sqliteTable("pages", {
  /** SHA-256 of the token in the URL, in hexadecimal. */
  hash: text("hash").primaryKey(),
  purpose: text("purpose", { enum: ["link", "enrolment"] }).notNull(),
  /** The phone that is checked, or the id of the person who sets up an authenticator. */
  subject: text("subject").notNull(),
  /** For an enrolment: the new secret, sealed under MASTER_KEY, and the issuer that the app shows. */
  secret: text("secret"),
  issuer: text("issuer"),
  expiresAt: integer("expires_at").notNull(),
});

/** The number of each broadcast. The Durable Object of that number knows the rest. */
export const broadcasts = sqliteTable("broadcasts", {
  id: text("id").primaryKey(),
  number: text("number").notNull(),
  /** 1: the broadcast may be running, and the sweep wakes its object if it sleeps. */
  live: integer("live").notNull(),
  createdAt: integer("created_at").notNull(),
});

const CONSENT_STATUS = { enum: ["given", "withdrawn"] } as const;
const CONSENT_SOURCE = { enum: ["person", "carrier", "admin", "import"] } as const;

/** The present consents, as synced by the Senders, which decide them. For lookups only. */
export const consents = sqliteTable(
  "consents",
  {
    phone: text("phone").notNull(),
    /** The scope of the consent: the SID of a Messaging Service, or a number. */
    scope: text("scope").notNull(),
    /** The number that received the statement. */
    number: text("number").notNull(),
    status: text("status", CONSENT_STATUS).notNull(),
    by: text("by", CONSENT_SOURCE).notNull(),
    /** When the statement was made; milliseconds since 1970. */
    at: integer("at").notNull(),
    /** The entry of the contact's ledger that it comes from. Entries that arrive twice or late change nothing. */
    entry: integer("entry").notNull(),
  },
  (table) => [primaryKey({ columns: [table.phone, table.scope] })],
);

/** The consent ledger: every statement, never changed. */
export const consentEntries = sqliteTable(
  "consent_entries",
  {
    phone: text("phone").notNull(),
    entry: integer("entry").notNull(),
    number: text("number").notNull(),
    scope: text("scope").notNull(),
    status: text("status", CONSENT_STATUS).notNull(),
    by: text("by", CONSENT_SOURCE).notNull(),
    at: integer("at").notNull(),
    recordedAt: integer("recorded_at").notNull(),
    /** The contact's text, Twilio's error code, or the proof. */
    text: text("text"),
  },
  (table) => [primaryKey({ columns: [table.phone, table.entry] })],
);
