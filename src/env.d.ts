/** What wrangler.toml and the secrets give the Worker. */
interface Env {
  readonly DB: D1Database;
  readonly SENDER: DurableObjectNamespace<import("./sender/object.ts").Sender>;
  readonly BROADCASTS: DurableObjectNamespace<import("./broadcasts/object.ts").Broadcasts>;
  /** Brings the lots of broadcasts to whoever texts them. */
  readonly BROADCAST_QUEUE: Queue<import("./broadcasts/object.ts").BatchMessage>;
  /** What the numbers of an account with daily caps have sent. */
  readonly METER: DurableObjectNamespace<import("./send-limits/object.ts").Meter>;
  /** Where media are kept; without it they stay at Twilio. */
  readonly MEDIA?: R2Bucket;
  readonly ADMIN_KEY?: string;
  readonly MASTER_KEY?: string;
  readonly PUBLIC_URL?: string;
  readonly SETTLE_SECONDS?: string;
}

declare namespace Cloudflare {
  interface GlobalProps {
    readonly mainModule: typeof import("./index.ts");
    readonly durableNamespaces: "Sender" | "Broadcasts" | "Meter";
  }
  interface Env extends globalThis.Env {
    readonly MIGRATIONS: import("cloudflare:test").D1Migration[];
  }
}
