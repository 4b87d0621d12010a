import { index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { MessagePrices } from "../send-limits/message-prices.ts";
import type { CapSettings, RateLimit } from "../send-limits/schema.ts";

/** When a row was first saved and when last; milliseconds since 1970. */
const times = { createdAt: integer("created_at").notNull(), updatedAt: integer("updated_at").notNull() };

export const accounts = sqliteTable("accounts", {
  sid: text("sid").primaryKey(),
  name: text("name").notNull(),
  baseUrl: text("base_url").notNull(),
  /** Sealed under MASTER_KEY; see configuration/vault.ts. */
  authToken: text("auth_token").notNull(),
  nextAuthToken: text("next_auth_token"),
  /** What Twilio must send beside its signature, where the operator wants that; the password sealed. */
  webhookUsername: text("webhook_username"),
  webhookPassword: text("webhook_password"),
  /** JSON: where it may text; null: the countries of its numbers. */
  countries: text("countries", { mode: "json" }).$type<readonly string[]>(),
  /** JSON: what its messages cost, and what may be sent in a day. */
  prices: text("prices", { mode: "json" }).$type<MessagePrices>(),
  caps: text("caps", { mode: "json" }).$type<CapSettings>(),
  ...times,
});

/** As last saved, which is as last published. */
export const applications = sqliteTable("applications", {
  id: text("id").primaryKey(),
  document: text("document").notNull(),
  ...times,
});

/** As last saved: the draft. What people hear is its last publication. */
export const topics = sqliteTable("topics", {
  id: text("id").primaryKey(),
  document: text("document").notNull(),
  ...times,
});

/**
 * What was published, never changed afterwards. An id is never used twice, and grows with time: what was published up to one is a
 * configuration that a conversation can stay with. Publications outlive their topic or application, for the conversations that are on them.
 */
export const publications = sqliteTable(
  "publications",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    noun: text("noun", { enum: ["topic", "application"] }).notNull(),
    /** The id of the topic or application. */
    name: text("name").notNull(),
    /** Counts from 1 for each topic and application, also across its deletion. */
    version: integer("version").notNull(),
    document: text("document").notNull(),
    /** Milliseconds since 1970. */
    at: integer("at").notNull(),
    by: text("by").notNull(),
    /** The version that it brings back; null: it is new. */
    from: integer("from"),
  },
  (table) => [uniqueIndex("publications_version").on(table.noun, table.name, table.version)],
);

/** Phones that get the draft of a topic instead of its last publication. */
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

/** Which topics an application has, in its document too; the foreign key keeps a topic in use from being deleted. */
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

/** Which topics a topic goes to, in its last publication too: an application must have them all. */
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
  /** Who answers STOP, START and HELP; null: as is usual for its type. */
  optOut: text("opt_out", { enum: ["twilio", "parley"] }),
  /** What Twilio carries of it; null: as is usual for its type. */
  segmentsPerSecond: real("segments_per_second"),
  description: text("description").notNull(),
  /** JSON; null: as is usual. */
  rateLimit: text("rate_limit", { mode: "json" }).$type<RateLimit | false>(),
  loopGuard: integer("loop_guard", { mode: "boolean" }),
  caps: text("caps", { mode: "json" }).$type<CapSettings>(),
  ...times,
});

/** What was held back of a sender, for a reason, on a day (UTC, as 2026-03-02): told by the Sender, which counts. */
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

/** What requests of topics and assistants need and no document holds. */
export const secrets = sqliteTable("secrets", {
  name: text("name").primaryKey(),
  /** Sealed under MASTER_KEY. */
  value: text("value").notNull(),
  /** JSON: the hosts that it may be sent to. */
  hosts: text("hosts").notNull(),
  ...times,
});

/** What people can have sent to them. */
export const lists = sqliteTable("lists", {
  id: text("id").primaryKey(),
  /** In its document too; the foreign key keeps a number in use from being deleted. */
  number: text("number")
    .notNull()
    .references(() => numbers.number, { onDelete: "restrict" }),
  document: text("document").notNull(),
  ...times,
});

/** Who gets a list, as their Senders have told; only these know for certain. */
export const subscriptions = sqliteTable(
  "subscriptions",
  {
    list: text("list").notNull(),
    phone: text("phone").notNull(),
    /** Of the sender's changes on the list's number, the one that made it so: an older one changes nothing any more. */
    seq: integer("seq").notNull(),
    status: text("status", { enum: ["on", "off", "asked"] }).notNull(),
    since: integer("since").notNull(),
    by: text("by", { enum: ["person", "carrier", "admin", "import"] }).notNull(),
    proof: text("proof").notNull(),
  },
  (table) => [primaryKey({ columns: [table.list, table.phone] })],
);

/** Every change of a subscription, for ever: it proves consent, also of lists that are gone. */
export const subscriptionChanges = sqliteTable(
  "subscription_changes",
  {
    phone: text("phone").notNull(),
    /** The number that the list was on. */
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

/** What was notified by the API; what became of it the Senders know. */
export const notifications = sqliteTable(
  "notifications",
  {
    id: text("id").primaryKey(),
    /** Null where the request had none. */
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

/** Webhooks that were refused and why, counted; nothing of what they held. */
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

/** One row: counts every change, so that a warm isolate sees with one row read whether it must load again. */
export const revisions = sqliteTable("revisions", {
  id: integer("id").primaryKey(),
  revision: integer("revision").notNull(),
});

/** Senders with a part that could not be sent at once: the sweep looks after them, should their alarm be lost. */
export const overdueSenders = sqliteTable("overdue", {
  phone: text("phone").primaryKey(),
  /** When the sender means to see to it; milliseconds since 1970. */
  dueAt: integer("due_at").notNull(),
});

/** Users of the operator's organisation, who may show that they are at the other end of a phone. Asked for only when somebody does. */
export const persons = sqliteTable("persons", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  /** As linking/pin.ts writes it; null: none, so that they cannot be linked. */
  pin: text("pin"),
  /** The secret of their authenticator app in base64, sealed under MASTER_KEY; null: they have none. */
  authenticator: text("authenticator"),
  /** JSON: BCP 47 tags. */
  languages: text("languages").notNull(),
  /** JSON: texts by name. */
  attributes: text("attributes").notNull(),
  /** JSON: `Attempts` of linking/attempts.ts, only ever changed from what it was read as. */
  attempts: text("attempts").notNull(),
  ...times,
});

/** A phone may be several persons': then it tells of none of them. */
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

/** Senders that are to hear of a change of a person; a row goes when they have. */
export const personChanges = sqliteTable(
  "person_changes",
  { phone: text("phone").notNull(), person: text("person").notNull(), at: integer("at").notNull() },
  (table) => [primaryKey({ columns: [table.phone, table.person] })],
);

/** Pages that somebody has the address of; whoever reads this table cannot open them. */
export const identityPages = sqliteTable("pages", {
  /** Of the token in the address: SHA-256, hexadecimal. */
  hash: text("hash").primaryKey(),
  purpose: text("purpose", { enum: ["link", "enrolment"] }).notNull(),
  /** The phone that shows who it is, or the person who gets an authenticator. */
  subject: text("subject").notNull(),
  /** Of an enrolment: the new secret, sealed under MASTER_KEY, and for whom the app shows its codes. */
  secret: text("secret"),
  issuer: text("issuer"),
  expiresAt: integer("expires_at").notNull(),
});

/** Which number a broadcast is of; all else of it is known to that number's object. */
export const broadcasts = sqliteTable("broadcasts", {
  id: text("id").primaryKey(),
  number: text("number").notNull(),
  /** 1: it may be under way, and its object is to be woken should it sleep. */
  live: integer("live").notNull(),
  createdAt: integer("created_at").notNull(),
});

const CONSENT_STATUS = { enum: ["given", "withdrawn"] } as const;
const CONSENT_SOURCE = { enum: ["person", "carrier", "admin", "import"] } as const;

/** How consent stands, as the senders have told: decided there, and looked up here. */
export const consents = sqliteTable(
  "consents",
  {
    phone: text("phone").notNull(),
    /** What it holds for: a Messaging Service's SID, or a number. */
    scope: text("scope").notNull(),
    /** Where it was said. */
    number: text("number").notNull(),
    status: text("status", CONSENT_STATUS).notNull(),
    by: text("by", CONSENT_SOURCE).notNull(),
    /** When it was said; milliseconds since 1970. */
    at: integer("at").notNull(),
    /** The entry that it comes from, by its sender's count: what is told twice, or late, changes nothing. */
    entry: integer("entry").notNull(),
  },
  (table) => [primaryKey({ columns: [table.phone, table.scope] })],
);

/** The ledger: every statement of consent, never changed. */
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
    /** The person's text, Twilio's code, or the proof. */
    text: text("text"),
  },
  (table) => [primaryKey({ columns: [table.phone, table.entry] })],
);
