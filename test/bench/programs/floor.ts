import { DurableObject } from "cloudflare:workers";

interface FloorEnv {
  readonly SENDER: DurableObjectNamespace<Sender>;
}

/** Writes one row, and can do nothing else. */
export class Sender extends DurableObject<FloorEnv> {
  #written = 0;
  #read = 0;

  constructor(ctx: DurableObjectState, env: FloorEnv) {
    super(ctx, env);
    ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS text (id INTEGER PRIMARY KEY, sid TEXT NOT NULL)");
  }

  get rows(): { readonly written: number; readonly read: number } {
    return { written: this.#written, read: this.#read };
  }

  write(sid: string): void {
    const { rowsWritten, rowsRead } = this.ctx.storage.sql.exec("INSERT INTO text (sid) VALUES (?)", sid);
    this.#written += rowsWritten;
    this.#read += rowsRead;
  }
}

/** The floor: a Worker with a Durable Object that writes one row. What it costs, every text costs that is stored at its person's. */
export default {
  async fetch(request, env) {
    const form = new URLSearchParams(await request.text());
    await env.SENDER.getByName(form.get("From") ?? "").write(form.get("MessageSid") ?? "");
    return new Response("<Response/>", { headers: { "content-type": "text/xml" } });
  },
} satisfies ExportedHandler<FloorEnv>;
