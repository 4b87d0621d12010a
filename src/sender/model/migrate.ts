import type { HeardTurn, Line, OpenConversation, SenderState, Turn } from "./state.ts";

/** A state as this release or an older one stored it. */
export type StoredState = Omit<SenderState, "version" | "lines"> & {
  readonly version: number;
  readonly lines: Readonly<Record<string, Omit<Line, "conversation"> & { readonly conversation: StoredConversation }>>;
};

type StoredConversation =
  | Exclude<Line["conversation"], OpenConversation>
  | (Partial<OpenConversation> &
      Pick<OpenConversation, "status" | "id" | "application" | "openedAt" | "idleAt" | "memory">);

/**
 * Brings a stored state to the present version. Version 1 had no publications, languages, silences or requests: its
 * conversations continue with the published configuration and wait for a text.
 */
export function migrateState(stored: StoredState): SenderState {
  if (stored.version === 2) return stored as SenderState;
  const lines = Object.entries(stored.lines).map(([number, line]) => {
    const conversation =
      line.conversation.status === "open" ? migrateConversation(line.conversation) : line.conversation;
    return [number, { ...line, conversation }];
  });
  return { ...stored, version: 2, lines: Object.fromEntries(lines) };
}

function migrateConversation(conversation: Extract<StoredConversation, { status: "open" }>): OpenConversation {
  return {
    publication: 0,
    language: "en",
    turn: Number(conversation.id),
    farewell: false,
    asked: 0,
    rest: { kind: "text", silentAt: null, silences: 0 },
    ...conversation,
  };
}

/** A turn as this release or an older one stored it. The older one had no notices. */
export type StoredTurn = Turn | Omit<HeardTurn, "kind">;

export function migrateTurn(stored: StoredTurn): Turn {
  return "kind" in stored ? stored : { kind: "heard", ...stored };
}
