import { Hono } from "hono";
import * as z from "zod/mini";
import { topicsOf } from "../assistants/catalog.ts";
import type { Entry } from "../chats/chat.ts";
import { chatOf } from "../chats/export.ts";
import { maskChat } from "../chats/masked.ts";
import { writeChat } from "../chats/write.ts";
import { parseApplication } from "../configuration/documents.ts";
import type { Snapshot } from "../configuration/snapshot.ts";
import { configuration } from "../configuration/store.ts";
import { pastVersions } from "../configuration/versions/store.ts";
import type { Answering } from "../contract/assistant.ts";
import type { PhoneNumber } from "../core/phone.ts";
import { problem, problemResponse } from "../core/problem.ts";
import { type Database, openDatabase } from "../db/change.ts";
import { readPast } from "../db/publications.ts";
import type { ReadyList } from "../notify/list.ts";
import { phoneNumber } from "../schema/ids.ts";
import type { Recording } from "../sender/records/conversation-export.ts";
import { type Admin, check, notFound } from "./http.ts";

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
  const by = answeredBy(recording) ?? wouldAnswer(snapshot, number);
  const lists = snapshot.listsOn(number);
  const heading = await headingFor(openDatabase(c.env.DB), recording, by, lists);
  if (mask === "false") return text(c, [...heading, ...chatOf(recording)]);
  const answering = by === null ? null : await answeringOf(c, snapshot, by, phone);
  if (by !== null && answering === null) return notKept(by);
  return text(c, [...heading, ...MASKED, ...maskChat(chatOf(recording), () => answering, lists)]);
});

function text(c: Admin, entries: readonly Entry[]): Response {
  return c.body(writeChat(entries), 200, { "content-type": "text/plain; charset=utf-8" });
}

/** An application as it was at a publication; null: as a trial's drafts were, which nobody keeps. */
type AnsweredBy = NonNullable<Recording["turns"][number]["answeredBy"]>;

/** What answered in it last. */
function answeredBy({ turns }: Recording): AnsweredBy | null {
  return turns.findLast((turn) => turn.answeredBy !== undefined)?.answeredBy ?? null;
}

/** Where nothing did, as after STOP. */
function wouldAnswer(snapshot: Snapshot, number: PhoneNumber): AnsweredBy | null {
  const application = snapshot.numbers.get(number)?.application ?? "";
  const answering = snapshot.answering(application);
  return answering === null ? null : { application, publication: answering.publication };
}

async function answeringOf(
  c: Admin,
  snapshot: Snapshot,
  { application, publication }: AnsweredBy,
  phone: PhoneNumber,
): Promise<Answering | null> {
  if (publication === null) return snapshot.trying(application, phone, Date.now()) ?? snapshot.answering(application);
  return (await pastVersions(c.env.DB, [{ application, publication }]))(application, publication);
}

function notKept({ application }: AnsweredBy): Response {
  const detail = `The version of application "${application}" that answered is not kept any more; without it nothing can be masked.`;
  return problemResponse(problem(409, detail));
}

const MASKED = [
  "Masked: letters are x, digits 0; words are kept where the conversation needs them to go on as it did.",
  "What Parley says was made anew, from what is masked.",
].map(remark);

/** What it needs to be played again, and who answers in it. */
async function headingFor(
  db: Database,
  { turns }: Recording,
  by: AnsweredBy | null,
  listsOn: readonly ReadyList[],
): Promise<readonly Entry[]> {
  const title = `Conversation ${turns[0]?.conversation ?? ""}.`;
  if (by === null) return [remark(`${title} Nothing answers on this number.`)];
  const needed = by.publication === null ? [TRIAL] : await documentsOf(db, by.application, by.publication);
  const lines = [
    `${title} To play it again by "npm run chat", keep beside this file:`,
    ...needed.map((line) => `  ${line}`),
    ...listsOn.map(({ id }) => `  lists/${id}.json: GET /v1/lists/${id}`),
  ];
  const lists = listsOn.length === 0 ? [] : [{ kind: "lists", names: listsOn.map(({ id }) => id) } as const];
  return [...lines.map(remark), { kind: "application", name: by.application }, ...lists];
}

const TRIAL = "the application and the drafts of its topics, as they were while they were tried";

/** @returns a line for each file: its name, and where its content can be had */
async function documentsOf(db: Database, application: string, publication: number): Promise<readonly string[]> {
  const found = await readPast(db, application, publication);
  const versions = new Map(found.map(({ noun, name, version }) => [`${noun}s/${name}`, version]));
  const own = found.find(({ noun }) => noun === "application");
  const made = own === undefined ? null : parseApplication(own.document);
  const topics = made === null ? [] : topicsOf(made.assistant);
  return [`applications/${application}`, ...topics.map((id) => `topics/${id}`)].map((path) => {
    const version = versions.get(path);
    return `${path}.json: ${version === undefined ? "is not kept any more" : `GET /v1/${path}/publications/${version}`}`;
  });
}

function remark(line: string): Entry {
  return { kind: "remark", line: `# ${line}` };
}
