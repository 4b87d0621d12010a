import { eq, inArray } from "drizzle-orm";
import { Hono } from "hono";
import * as z from "zod/mini";
import type { Entry } from "../chats/chat.ts";
import { chatOf } from "../chats/export.ts";
import { maskChat } from "../chats/masked.ts";
import { writeChat } from "../chats/write.ts";
import { applicationSchema, phoneNumber } from "../configuration/nouns.ts";
import { configuration } from "../configuration/store.ts";
import { parseJson } from "../core/json.ts";
import { problem, problemResponse } from "../core/problem.ts";
import { chunks, type Database, openDatabase, PARAMETERS_PER_QUERY } from "../db/change.ts";
import { applications, topics } from "../db/schema.ts";
import type { Recording } from "../sender/recording.ts";
import { check, notFound } from "./http.ts";

export const chatRoutes = new Hono<{ Bindings: Env }>();

const chatQuery = z.strictObject({
  phone: phoneNumber,
  number: phoneNumber,
  conversation: z.optional(
    z.string().check(z.regex(/^\d{1,15}$/u, "must be the id of a conversation, as messages have it")),
  ),
  mask: z._default(z.enum(["true", "false"]), "false"),
});

/** One conversation as text, which `npm run chat` plays again (src/chats/README.md). */
chatRoutes.get("/:phone/conversations/:number/chat", async (c) => {
  const query = check(
    chatQuery,
    { ...c.req.query(), ...c.req.param() },
    400,
    "The conversation asked for cannot be given.",
  );
  if (!query.ok) return problemResponse(query.failure);
  const { phone, number, conversation = null, mask } = query.value;
  const recorded = await c.env.SENDER.getByName(phone).recording(number, conversation);
  if (recorded === null) return notFound(`conversation ${conversation ?? ""} of ${phone} with ${number}`);
  const recording = JSON.parse(recorded) as Recording;
  const snapshot = await configuration(c.env, (work) => c.executionCtx.waitUntil(work));
  const application = applicationIn(recording) ?? snapshot.numbers.get(number)?.application ?? "";
  const answering = snapshot.answering(application);
  const entries = chatOf(recording);
  const isMasked = mask === "true";
  if (isMasked && answering === null)
    return problemResponse(
      problem(409, `Application "${application}" is not there any more; without it nothing can be masked.`),
    );
  const said = isMasked ? maskChat(entries, () => answering) : entries;
  const heading = await headingFor(openDatabase(c.env.DB), application, recording, isMasked);
  return c.body(writeChat([...heading, ...said]), 200, { "content-type": "text/plain; charset=utf-8" });
});

/** The application that answered in it last. */
function applicationIn({ turns }: Recording): string | null {
  return turns.findLast(({ answeredBy }) => answeredBy !== undefined)?.answeredBy?.application ?? null;
}

const MASKED = [
  "Masked: letters are x, digits 0; words are kept where the conversation needs them to go on as it did.",
  "What Parley says was made anew, from what is masked.",
];

/** What it needs to be played again, and who answers in it. */
async function headingFor(
  db: Database,
  id: string,
  { turns }: Recording,
  isMasked: boolean,
): Promise<readonly Entry[]> {
  const [first] = turns;
  const since = first?.heard.at ?? 0;
  const needed = (await documentsOf(db, id)).map(({ path, updatedAt }) => {
    const saved = updatedAt === null ? "is not there any more" : `saved ${new Date(updatedAt).toISOString()}`;
    return `  ${path}.json: GET /v1/${path}, ${saved}${updatedAt !== null && updatedAt > since ? ", after this began" : ""}`;
  });
  const title = `Conversation ${first?.conversation ?? ""}. To play it again by "npm run chat", keep beside this file:`;
  const lines = [title, ...needed, ...(isMasked ? MASKED : [])];
  return [
    ...lines.map((line): Entry => ({ kind: "remark", line: `# ${line}` })),
    ...(id === "" ? [] : [{ kind: "application", name: id } as const]),
  ];
}

interface Needed {
  /** Below `/v1`. */
  readonly path: string;
  /** Null: it is gone. */
  readonly updatedAt: number | null;
}

async function documentsOf(db: Database, id: string): Promise<readonly Needed[]> {
  const row = await db.select().from(applications).where(eq(applications.id, id)).get();
  const application = applicationSchema.safeParse(parseJson(row?.document ?? ""));
  const ids = application.success ? application.data.assistant.topics : [];
  const saved = new Map<string, number>();
  for (const some of chunks(ids, PARAMETERS_PER_QUERY)) {
    const rows = await db
      .select({ id: topics.id, updatedAt: topics.updatedAt })
      .from(topics)
      .where(inArray(topics.id, some));
    for (const topic of rows) saved.set(topic.id, topic.updatedAt);
  }
  return [
    { path: `applications/${id}`, updatedAt: row?.updatedAt ?? null },
    ...ids.map((topic) => ({ path: `topics/${topic}`, updatedAt: saved.get(topic) ?? null })),
  ];
}
