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

/** The memory of a remote assistant that may begin topics. */
interface DetourMemory {
  /** The remote assistant's memory. */
  readonly main: AssistantMemory | null;
  readonly topics: AssistantMemory | null;
  /** The utterances of the running topic, in order; null if no topic runs. */
  readonly said: readonly TopicUtterance[] | null;
  /** The id of the person to whom it was said; null for a guest. */
  readonly person: string | null;
}

/**
 * Lets a remote assistant begin topics. A running topic gets all events, as if it were the assistant: it asks, waits,
 * calls and handles silence, and EXIT ends the conversation. When the topic is over, the assistant continues in the
 * same conversation.
 */
export function withTopicDetours(main: RemoteAssistant, topics: TopicsAssistant): Assistant {
  return {
    handleEvent: (event, memory, context) =>
      new DetourTurn(main, topics, context).handleEvent(event, restoreDetour(memory)),
    interrupt: (event, memory, context) => {
      const detour = restoreDetour(memory);
      return detour.said === null ? null : topics.interrupt(event, detour.topics, context);
    },
  };
}

class DetourTurn {
  readonly #main: RemoteAssistant;
  readonly #topics: TopicsAssistant;
  readonly #context: AssistantContext;

  constructor(main: RemoteAssistant, topics: TopicsAssistant, context: AssistantContext) {
    this.#main = main;
    this.#topics = topics;
    this.#context = context;
  }

  handleEvent(event: AssistantEvent, detour: DetourMemory): AssistantReply {
    if (detour.said === null)
      return this.#followMainReply(detour, this.#main.handleEvent(event, detour.main, this.#context));
    const before = detour.person === null || detour.person === this.#personId ? detour.said : [];
    const utterances = event.kind === "text" ? keepLatestUtterances([...before, toContactUtterance(event)]) : before;
    return this.#followTopicReply(
      { ...detour, said: utterances },
      this.#topics.handleEvent(event, detour.topics, this.#context),
    );
  }

  /** The assistant learns what was said to a linked contact only while that contact is still linked. */
  get #personId(): string | null {
    return this.#context.person?.id ?? null;
  }

  #followMainReply(detour: DetourMemory, { topic, ...reply }: RemoteReply): AssistantReply {
    const after = { ...detour, main: reply.memory, said: null };
    if (topic === undefined) return { ...reply, memory: toAssistantMemory(after) };
    const topicReply = this.#topics.beginTopic(topic, detour.topics, this.#context);
    return joinReplies(reply, this.#followTopicReply({ ...after, said: [] }, topicReply));
  }

  #followTopicReply(detour: DetourMemory, reply: AssistantReply): AssistantReply {
    const utterances = keepLatestUtterances([...(detour.said ?? []), ...reply.answers.map(toTopicUtterance)]);
    const after = { ...detour, topics: reply.memory, said: utterances, person: this.#personId };
    if (!isTopicOver(reply)) return { ...reply, memory: toAssistantMemory(after) };
    const context = { ...this.#context, language: reply.language ?? this.#context.language };
    const mainReply = this.#main.resumeAfterTopic(utterances, detour.main, context);
    return joinReplies(reply, new DetourTurn(this.#main, this.#topics, context).#followMainReply(after, mainReply));
  }
}

/** Appends the answers of a second reply, whose other fields win. */
function joinReplies(first: AssistantReply, second: AssistantReply): AssistantReply {
  return {
    ...first,
    ...second,
    answers: [...first.answers, ...second.answers],
    notes: [...first.notes, ...second.notes],
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

/** Keeps the latest utterances that fit into the limit, but at least one. */
function keepLatestUtterances(utterances: readonly TopicUtterance[]): readonly TopicUtterance[] {
  let remainingCharacters = TOPIC_SUMMARY_CHARACTERS;
  const first = utterances.findLastIndex(({ text }) => {
    remainingCharacters -= text.length;
    return remainingCharacters < 0;
  });
  return utterances.slice(Math.min(first + 1, utterances.length - 1));
}

function toAssistantMemory(detour: DetourMemory): AssistantMemory {
  return detour as unknown as AssistantMemory;
}

const NO_DETOUR: DetourMemory = { main: null, topics: null, said: null, person: null };

/** Restores stored memory; memory of another kind of assistant counts as none. */
function restoreDetour(memory: AssistantMemory | null): DetourMemory {
  return isRecord(memory) && "main" in memory ? { ...NO_DETOUR, ...(memory as unknown as DetourMemory) } : NO_DETOUR;
}
