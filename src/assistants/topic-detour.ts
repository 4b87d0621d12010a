import type {
  Assistant,
  AssistantAnswer,
  AssistantContext,
  AssistantEvent,
  AssistantMemory,
  AssistantReply,
} from "../contract/assistant.ts";
import { isRecord } from "../core/json.ts";
import { TOPIC_SUMMARY_CHARACTERS } from "../core/limits/assistants.ts";
import { isTopicOver, type TopicsAssistant } from "../topics/engine.ts";
import type { TopicUtterance } from "./connector.ts";
import type { RemoteAssistant, RemoteReply } from "./remote-assistant.ts";

/** What is remembered of a conversation that topics may interrupt. */
interface DetourMemory {
  /** What the assistant remembers that begins them. */
  readonly main: AssistantMemory | null;
  readonly topics: AssistantMemory | null;
  /** What was said in the topic that runs, in order; null: none does. */
  readonly said: readonly TopicUtterance[] | null;
  /** The id of the person to whom it was said; null: a guest. */
  readonly person: string | null;
}

/**
 * An assistant that may begin topics. While one runs it hears all that happens, as if it were alone: it asks, waits, calls and is silent as
 * topics do, and EXIT ends the conversation. When it is over the assistant goes on, in the same conversation.
 */
export function withTopicDetours(main: RemoteAssistant, topics: TopicsAssistant): Assistant {
  return {
    handleEvent: (event, memory, setting) =>
      new DetourTurn(main, topics, setting).handleEvent(event, restoreDetour(memory)),
    interrupt: (event, memory, setting) => {
      const known = restoreDetour(memory);
      return known.said === null ? null : topics.interrupt(event, known.topics, setting);
    },
  };
}

class DetourTurn {
  readonly #main: RemoteAssistant;
  readonly #topics: TopicsAssistant;
  readonly #setting: AssistantContext;

  constructor(main: RemoteAssistant, topics: TopicsAssistant, setting: AssistantContext) {
    this.#main = main;
    this.#topics = topics;
    this.#setting = setting;
  }

  handleEvent(event: AssistantEvent, known: DetourMemory): AssistantReply {
    if (known.said === null)
      return this.#followMainReply(known, this.#main.handleEvent(event, known.main, this.#setting));
    const before = known.person === null || known.person === this.#personId ? known.said : [];
    const said = event.kind === "text" ? keepLatestUtterances([...before, toContactUtterance(event)]) : before;
    return this.#followTopicReply({ ...known, said }, this.#topics.handleEvent(event, known.topics, this.#setting));
  }

  /** What was said to somebody who was signed in is told to the assistant only while they are. */
  get #personId(): string | null {
    return this.#setting.person?.id ?? null;
  }

  #followMainReply(known: DetourMemory, { topic, ...reply }: RemoteReply): AssistantReply {
    const after = { ...known, main: reply.memory, said: null };
    if (topic === undefined) return { ...reply, memory: toAssistantMemory(after) };
    const begun = this.#topics.beginTopic(topic, known.topics, this.#setting);
    return joinReplies(reply, this.#followTopicReply({ ...after, said: [] }, begun));
  }

  #followTopicReply(known: DetourMemory, reply: AssistantReply): AssistantReply {
    const said = keepLatestUtterances([...(known.said ?? []), ...reply.answers.map(toTopicUtterance)]);
    const after = { ...known, topics: reply.memory, said, person: this.#personId };
    if (!isTopicOver(reply)) return { ...reply, memory: toAssistantMemory(after) };
    const setting = { ...this.#setting, language: reply.language ?? this.#setting.language };
    const back = this.#main.resumeAfterTopic(said, known.main, setting);
    return joinReplies(reply, new DetourTurn(this.#main, this.#topics, setting).#followMainReply(after, back));
  }
}

/** What one has said, and what the other says and does after it. */
function joinReplies(first: AssistantReply, then: AssistantReply): AssistantReply {
  return {
    ...first,
    ...then,
    answers: [...first.answers, ...then.answers],
    notes: [...first.notes, ...then.notes],
  };
}

function toContactUtterance({ text, media }: Extract<AssistantEvent, { kind: "text" }>): TopicUtterance {
  const files = media.map(({ contentType }) => `[a file, ${contentType}]`);
  return { by: "person", text: [text, ...files].join(" ").trim() };
}

function toTopicUtterance(answer: AssistantAnswer): TopicUtterance {
  const text = answer.kind === "link" ? `${answer.label} ${answer.url}` : answer.text;
  return { by: "topic", text: answer.kind === "media" ? `${text} [a picture]`.trim() : text };
}

/** @returns what was said last, so much of it */
function keepLatestUtterances(said: readonly TopicUtterance[]): readonly TopicUtterance[] {
  let left = TOPIC_SUMMARY_CHARACTERS;
  const first = said.findLastIndex(({ text }) => {
    left -= text.length;
    return left < 0;
  });
  return said.slice(Math.min(first + 1, said.length - 1));
}

function toAssistantMemory(detour: DetourMemory): AssistantMemory {
  return detour as unknown as AssistantMemory;
}

const NOTHING: DetourMemory = { main: null, topics: null, said: null, person: null };

/** Reads what was stored; what another kind of assistant has left is as if nothing had been. */
function restoreDetour(memory: AssistantMemory | null): DetourMemory {
  return isRecord(memory) && "main" in memory ? { ...NOTHING, ...(memory as unknown as DetourMemory) } : NOTHING;
}
