import { DurableObject } from "cloudflare:workers";

interface BarestEnv {
  readonly SENDER: DurableObjectNamespace<Sender>;
  readonly ACCOUNT_SID: string;
  readonly AUTH_TOKEN: string;
  readonly TWILIO: string;
}

interface Text {
  readonly sid: string;
  readonly from: string;
  readonly to: string;
  readonly body: string;
}

const HMAC_SHA1 = { name: "HMAC", hash: "SHA-1" } as const;

/** One row for each text: claimed when it is stored, marked when Twilio has taken its reply. */
export class Sender extends DurableObject<BarestEnv> {
  #written = 0;
  #read = 0;

  constructor(ctx: DurableObjectState, env: BarestEnv) {
    super(ctx, env);
    ctx.storage.sql.exec(
      "CREATE TABLE IF NOT EXISTS turn (sid TEXT PRIMARY KEY, text TEXT NOT NULL, reply TEXT NOT NULL) WITHOUT ROWID",
    );
  }

  get rows(): { readonly written: number; readonly read: number } {
    return { written: this.#written, read: this.#read };
  }

  receive(text: Text): void {
    const isNew = this.#exec(
      "INSERT INTO turn (sid, text, reply) VALUES (?, ?, 'claimed') ON CONFLICT DO NOTHING",
      text.sid,
      text.body,
    );
    if (isNew > 0) this.ctx.waitUntil(this.#reply(text));
  }

  /** The runtime holds the request back until the claim is durable. */
  async #reply({ sid, from, to, body }: Text): Promise<void> {
    const { ACCOUNT_SID, AUTH_TOKEN, TWILIO } = this.env;
    const response = await fetch(`${TWILIO}/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json`, {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${ACCOUNT_SID}:${AUTH_TOKEN}`)}` },
      body: new URLSearchParams({ To: from, From: to, Body: body }),
    });
    const message = await response.json<{ readonly sid: string }>();
    this.#exec("UPDATE turn SET reply = ? WHERE sid = ?", response.ok ? message.sid : "refused", sid);
  }

  #exec(sql: string, ...values: readonly string[]): number {
    const { rowsWritten, rowsRead } = this.ctx.storage.sql.exec(sql, ...values);
    this.#written += rowsWritten;
    this.#read += rowsRead;
    return rowsWritten;
  }
}

let key: CryptoKey | null = null;

/** The barest turn that keeps Parley's promise: verify, one object, claim, POST, mark. No configuration, no topics, no routes. */
export default {
  async fetch(request, env) {
    const form = new URLSearchParams(await request.text());
    if (!(await isSigned(request, form, env.AUTH_TOKEN))) return new Response(null, { status: 403 });
    const field = (name: string): string => form.get(name) ?? "";
    const text = { sid: field("MessageSid"), from: field("From"), to: field("To"), body: field("Body") };
    await env.SENDER.getByName(text.from).receive(text);
    return new Response("<Response/>", { headers: { "content-type": "text/xml" } });
  },
} satisfies ExportedHandler<BarestEnv>;

async function isSigned(request: Request, form: URLSearchParams, authToken: string): Promise<boolean> {
  const encoder = new TextEncoder();
  key ??= await crypto.subtle.importKey("raw", encoder.encode(authToken), HMAC_SHA1, false, ["verify"]);
  const parameters = [...form].toSorted(([one], [other]) => (one < other ? -1 : 1));
  const data = request.url + parameters.map(([name, value]) => name + value).join("");
  const signature = atob(request.headers.get("x-twilio-signature") ?? "");
  const bytes = Uint8Array.from(signature, (character) => character.charCodeAt(0));
  return await crypto.subtle.verify(HMAC_SHA1, key, bytes, encoder.encode(data));
}
