import type { AssistantEvent, AssistantReply, ReadyApplication } from "../../contract/assistant.ts";
import type { Person } from "../../identity/person.ts";
import type { OpenConversation } from "../model/state.ts";

/** What the words for signing in and out do, where the assistant has none of its own. @returns null where the text is none of them */
export function handleLoginCommand(
  { linking, message }: ReadyApplication,
  { language, memory }: OpenConversation,
  event: AssistantEvent,
  person: Person | null,
): AssistantReply | null {
  const wish = event.kind === "text" ? linking.wish(event.text, language) : null;
  if (wish === null || (wish === "logout" && person === null)) return null;
  const reply = { memory, notes: [], answers: [], awaits: { kind: "text", silentAfter: null } } as const;
  if (wish === "login" && person === null) return { ...reply, awaits: { kind: "link" } };
  const text = message(wish === "login" ? "linked" : "unlinked", language, { person: { ...person } });
  const answers = text === null ? [] : [{ kind: "text", text } as const];
  return wish === "login" ? { ...reply, answers } : { ...reply, answers, unlinks: true };
}
