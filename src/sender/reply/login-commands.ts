import type { AssistantEvent, AssistantReply, ReadyApplication } from "../../contract/assistant.ts";
import type { Person } from "../../identity/person.ts";
import type { OpenConversation } from "../model/state.ts";

/**
 * Handles the login and logout words, unless the assistant has its own.
 * @returns null if the text is no such word
 */
export function handleLoginCommand(
  { linking, message }: ReadyApplication,
  { language, memory }: OpenConversation,
  event: AssistantEvent,
  person: Person | null,
): AssistantReply | null {
  const command = event.kind === "text" ? linking.wish(event.text, language) : null;
  if (command === null || (command === "logout" && person === null)) return null;
  const reply = { memory, notes: [], answers: [], awaits: { kind: "text", silentAfter: null } } as const;
  if (command === "login" && person === null) return { ...reply, awaits: { kind: "link" } };
  const text = message(command === "login" ? "linked" : "unlinked", language, { person: { ...person } });
  const answers = text === null ? [] : [{ kind: "text", text } as const];
  return command === "login" ? { ...reply, answers } : { ...reply, answers, unlinks: true };
}
