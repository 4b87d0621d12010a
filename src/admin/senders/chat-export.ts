import * as z from "zod/mini";
import { listTopicIds } from "../../assistants/catalog.ts";
import type { ChatEntry } from "../../chats/chat.ts";
import { writeChat } from "../../chats/entry-writer.ts";
import { exportChat } from "../../chats/export.ts";
import { maskChat } from "../../chats/mask-chat.ts";
import { parseApplication } from "../../configuration/saved-documents.ts";
import type { ConfigurationSnapshot } from "../../configuration/snapshot.ts";
import { loadConfiguration } from "../../configuration/store.ts";
import { loadPastVersions } from "../../configuration/versions/store.ts";
import type { ReadyApplication } from "../../contract/assistant.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import { createProblem, type ProblemDocument } from "../../core/problem-document.ts";
import { type DrizzleDatabase, openDatabase } from "../../db/database.ts";
import { selectVersionRows } from "../../db/publications.ts";
import type { ReadyList } from "../../notify/list.ts";
import { phoneNumber } from "../../schema/ids.ts";
import type { ConversationExport } from "../../sender/records/conversation-export.ts";
import { answer, respondNotFound, text } from "../http/answer.ts";
import type { AdminContext } from "../http/body.ts";
import { type Route, route } from "../http/route.ts";

const chatQuery = z.strictObject({
  conversation: z.optional(
    z
      .string()
      .check(
        z.regex(/^\d{1,15}$/u, "must be the id of a conversation, as in the transcript"),
        z.describe("The `conversation` of a message. Default: the newest conversation"),
      ),
  ),
  mask: z._default(
    z.enum(["true", "false"]).check(z.describe("Whether the contact's texts are made unreadable. Default: false")),
    "false",
  ),
});

export const chatRoutes: readonly Route[] = [
  route({
    tag: "Contacts",
    method: "get",
    path: "/v1/senders/{phone}/conversations/{number}/chat",
    operationId: "exportChat",
    summary: "Export a conversation as a chat file",
    parameters: { phone: phoneNumber, number: phoneNumber },
    query: chatQuery,
    responses: {
      200: text("The conversation as text; `npm run chat` plays it again.", "text/plain"),
      404: "The conversation does not exist.",
      409: "The conversation cannot be masked: the version of the application that answered is no longer kept.",
    },
    handle: async ({ parameters: { phone, number }, query: { conversation = null, mask } }, c) => {
      const exported = await c.env.SENDER.getByName(phone).recording(number, conversation);
      if (exported === null)
        return respondNotFound(
          `conversation ${conversation === null ? "" : `${conversation} `}of ${phone} with ${number}`,
        );
      const recording = JSON.parse(exported) as ConversationExport;
      const snapshot = await loadConfiguration(c.env, (work) => c.executionCtx.waitUntil(work));
      const version = findLastVersion(recording) ?? findCurrentVersion(snapshot, number);
      const lists = snapshot.findLists(number);
      const heading = await createHeading(openDatabase(c.env.DB), recording, version, lists);
      if (mask === "false") return answerChat([...heading, ...exportChat(recording)]);
      const answering = version === null ? null : await findAnswering(c, snapshot, version, phone);
      if (version !== null && answering === null) return versionGone(version);
      return answerChat([...heading, ...MASKED, ...maskChat(exportChat(recording), () => answering, lists)]);
    },
  }),
];

function answerChat(entries: readonly ChatEntry[]) {
  return answer(200, writeChat(entries), { "content-type": "text/plain; charset=utf-8" });
}

/** An application as of a publication; null: with a tester's drafts, which are not kept. */
type ApplicationVersion = NonNullable<ConversationExport["turns"][number]["answeredBy"]>;

/** Finds the version of the application that answered last. */
function findLastVersion({ turns }: ConversationExport): ApplicationVersion | null {
  return turns.findLast((turn) => turn.answeredBy !== undefined)?.answeredBy ?? null;
}

/** Finds the version that would answer now: used if nothing answered, as after STOP. */
function findCurrentVersion(snapshot: ConfigurationSnapshot, number: PhoneNumber): ApplicationVersion | null {
  const application = snapshot.numbers.get(number)?.application ?? "";
  const answering = snapshot.findApplication(application);
  return answering === null ? null : { application, publication: answering.publication };
}

async function findAnswering(
  c: AdminContext,
  snapshot: ConfigurationSnapshot,
  { application, publication }: ApplicationVersion,
  phone: PhoneNumber,
): Promise<ReadyApplication | null> {
  if (publication === null)
    return snapshot.findTesterApplication(application, phone, Date.now()) ?? snapshot.findApplication(application);
  return (await loadPastVersions(c.env.DB, [{ application, publication }]))(application, publication);
}

function versionGone({ application }: ApplicationVersion): ProblemDocument {
  const detail = `The version of application "${application}" that answered is no longer kept. The conversation cannot be masked without it.`;
  return createProblem(409, detail);
}

const MASKED = [
  "Masked: letters are x, digits are 0. Words that the conversation depends on are kept.",
  "Parley's texts were generated again from the masked ones.",
].map(createRemark);

/** Says which documents the chat file needs to be played again, and which application answers. */
async function createHeading(
  db: DrizzleDatabase,
  { turns }: ConversationExport,
  version: ApplicationVersion | null,
  listsOn: readonly ReadyList[],
): Promise<readonly ChatEntry[]> {
  const title = `Conversation ${turns[0]?.conversation ?? ""}.`;
  if (version === null) return [createRemark(`${title} No application answers on this number.`)];
  const needed =
    version.publication === null ? [DRAFTS] : await listNeededFiles(db, version.application, version.publication);
  const lines = [
    `${title} To play it again with "npm run chat", put beside this file:`,
    ...needed.map((line) => `  ${line}`),
    ...listsOn.map(({ id }) => `  lists/${id}.json: GET /v1/lists/${id}`),
  ];
  const lists = listsOn.length === 0 ? [] : [{ kind: "lists", names: listsOn.map(({ id }) => id) } as const];
  return [...lines.map(createRemark), { kind: "application", name: version.application }, ...lists];
}

const DRAFTS = "the application and the drafts of its topics as they were at the time";

/** @returns a line for each file: its name, and the request that returns its content */
async function listNeededFiles(
  db: DrizzleDatabase,
  application: string,
  publication: number,
): Promise<readonly string[]> {
  const found = await selectVersionRows(db, application, publication);
  const versions = new Map(found.map(({ noun, name, version }) => [`${noun}s/${name}`, version]));
  const own = found.find(({ noun }) => noun === "application");
  const parsed = own === undefined ? null : parseApplication(own.document);
  const topics = parsed === null ? [] : listTopicIds(parsed.assistant);
  return [`applications/${application}`, ...topics.map((id) => `topics/${id}`)].map((path) => {
    const version = versions.get(path);
    return `${path}.json: ${version === undefined ? "no longer kept" : `GET /v1/${path}/publications/${version}`}`;
  });
}

function createRemark(line: string): ChatEntry {
  return { kind: "remark", line: `# ${line}` };
}
