import type { Answering, Event, Reply } from "../../contract/assistant.ts";
import type { Person } from "../../identity/person.ts";
import type { OpenConversation } from "../model/state.ts";

/** What the words for signing in and out do, where the assistant has none of its own. @returns null where the text is none of them */
export function wished(
  { linking, message }: Answering,
  { language, memory }: OpenConversation,
  event: Event,
  person: Person | null,
): Reply | null {
  const wish = event.kind === "text" ? linking.wish(event.text, language) : null;
  if (wish === null || (wish === "logout" && person === null)) return null;
  const reply = { memory, notes: [], answers: [], awaits: { kind: "text", silentAfter: null } } as const;
  if (wish === "login" && person === null) return { ...reply, awaits: { kind: "link" } };
  const text = message(wish === "login" ? "linked" : "unlinked", language, { person: { ...person } });
  const answers = text === null ? [] : [{ kind: "text", text } as const];
  return wish === "login" ? { ...reply, answers } : { ...reply, answers, unlinks: true };
}
