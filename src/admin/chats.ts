import { Hono } from "hono";
import * as z from "zod/mini";
import { listTopicIds } from "../assistants/catalog.ts";
import type { ChatEntry } from "../chats/chat.ts";
import { writeChat } from "../chats/entry-writer.ts";
import { exportChat } from "../chats/export.ts";
import { maskChat } from "../chats/mask-chat.ts";
import { parseApplication } from "../configuration/saved-documents.ts";
import type { ConfigurationSnapshot } from "../configuration/snapshot.ts";
import { loadConfiguration } from "../configuration/store.ts";
import { loadPastVersions } from "../configuration/versions/store.ts";
import type { ReadyApplication } from "../contract/assistant.ts";
import type { PhoneNumber } from "../core/phone.ts";
import { createProblem, toProblemResponse } from "../core/problem-document.ts";
import { type DrizzleDatabase, openDatabase } from "../db/database.ts";
import { selectVersionRows } from "../db/publications.ts";
import type { ReadyList } from "../notify/list.ts";
import { phoneNumber } from "../schema/ids.ts";
import type { ConversationExport } from "../sender/records/conversation-export.ts";
import { type AdminContext, checkValue, respondNotFound } from "./http.ts";

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
  const query = checkValue(
    chatQuery,
    { ...c.req.query(), ...c.req.param() },
    400,
    "The conversation asked for cannot be given.",
  );
  if (!query.ok) return toProblemResponse(query.failure);
  const { phone, number, conversation = null, mask } = query.value;
  const recorded = await c.env.SENDER.getByName(phone).recording(number, conversation);
  if (recorded === null) return respondNotFound(`conversation ${conversation ?? ""} of ${phone} with ${number}`);
  const recording = JSON.parse(recorded) as ConversationExport;
  const snapshot = await loadConfiguration(c.env, (work) => c.executionCtx.waitUntil(work));
  const by = answeredBy(recording) ?? wouldAnswer(snapshot, number);
  const lists = snapshot.findLists(number);
  const heading = await headingFor(openDatabase(c.env.DB), recording, by, lists);
  if (mask === "false") return text(c, [...heading, ...exportChat(recording)]);
  const answering = by === null ? null : await answeringOf(c, snapshot, by, phone);
  if (by !== null && answering === null) return notKept(by);
  return text(c, [...heading, ...MASKED, ...maskChat(exportChat(recording), () => answering, lists)]);
});

function text(c: AdminContext, entries: readonly ChatEntry[]): Response {
  return c.body(writeChat(entries), 200, { "content-type": "text/plain; charset=utf-8" });
}

/** An application as it was at a publication; null: as a trial's drafts were, which nobody keeps. */
type AnsweredBy = NonNullable<ConversationExport["turns"][number]["answeredBy"]>;

/** What answered in it last. */
function answeredBy({ turns }: ConversationExport): AnsweredBy | null {
  return turns.findLast((turn) => turn.answeredBy !== undefined)?.answeredBy ?? null;
}

/** Where nothing did, as after STOP. */
function wouldAnswer(snapshot: ConfigurationSnapshot, number: PhoneNumber): AnsweredBy | null {
  const application = snapshot.numbers.get(number)?.application ?? "";
  const answering = snapshot.findApplication(application);
  return answering === null ? null : { application, publication: answering.publication };
}

async function answeringOf(
  c: AdminContext,
  snapshot: ConfigurationSnapshot,
  { application, publication }: AnsweredBy,
  phone: PhoneNumber,
): Promise<ReadyApplication | null> {
  if (publication === null)
    return snapshot.findTesterApplication(application, phone, Date.now()) ?? snapshot.findApplication(application);
  return (await loadPastVersions(c.env.DB, [{ application, publication }]))(application, publication);
}

function notKept({ application }: AnsweredBy): Response {
  const detail = `The version of application "${application}" that answered is not kept any more; without it nothing can be masked.`;
  return toProblemResponse(createProblem(409, detail));
}

const MASKED = [
  "Masked: letters are x, digits 0; words are kept where the conversation needs them to go on as it did.",
  "What Parley says was made anew, from what is masked.",
].map(remark);

/** What it needs to be played again, and who answers in it. */
async function headingFor(
  db: DrizzleDatabase,
  { turns }: ConversationExport,
  by: AnsweredBy | null,
  listsOn: readonly ReadyList[],
): Promise<readonly ChatEntry[]> {
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
async function documentsOf(db: DrizzleDatabase, application: string, publication: number): Promise<readonly string[]> {
  const found = await selectVersionRows(db, application, publication);
  const versions = new Map(found.map(({ noun, name, version }) => [`${noun}s/${name}`, version]));
  const own = found.find(({ noun }) => noun === "application");
  const made = own === undefined ? null : parseApplication(own.document);
  const topics = made === null ? [] : listTopicIds(made.assistant);
  return [`applications/${application}`, ...topics.map((id) => `topics/${id}`)].map((path) => {
    const version = versions.get(path);
    return `${path}.json: ${version === undefined ? "is not kept any more" : `GET /v1/${path}/publications/${version}`}`;
  });
}

function remark(line: string): ChatEntry {
  return { kind: "remark", line: `# ${line}` };
}
