import type { Answer, Assistant, Event, Memory, Reply, Setting } from "../contract/assistant.ts";
import { isRecord } from "../core/json.ts";
import { TOPIC_ACCOUNT_CHARACTERS } from "../core/limits/assistants.ts";
import { isOver, type TopicsAssistant } from "../topics/engine.ts";
import type { Connected, ConnectedReply } from "./connected.ts";
import type { Said } from "./connector.ts";

/** What is remembered of a conversation that topics may interrupt. */
interface Detour {
  /** What the assistant remembers that begins them. */
  readonly main: Memory | null;
  readonly topics: Memory | null;
  /** What was said in the topic that runs, in order; null: none does. */
  readonly said: readonly Said[] | null;
  /** The id of the person to whom it was said; null: a guest. */
  readonly person: string | null;
}

/**
 * An assistant that may begin topics. While one runs it hears all that happens, as if it were alone: it asks, waits, calls and is silent as
 * topics do, and EXIT ends the conversation. When it is over the assistant goes on, in the same conversation.
 */
export function detouring(main: Connected, topics: TopicsAssistant): Assistant {
  return {
    hear: (event, memory, setting) => new Way(main, topics, setting).hear(event, detourOf(memory)),
    interrupt: (event, memory, setting) => {
      const known = detourOf(memory);
      return known.said === null ? null : topics.interrupt(event, known.topics, setting);
    },
  };
}

class Way {
  readonly #main: Connected;
  readonly #topics: TopicsAssistant;
  readonly #setting: Setting;

  constructor(main: Connected, topics: TopicsAssistant, setting: Setting) {
    this.#main = main;
    this.#topics = topics;
    this.#setting = setting;
  }

  hear(event: Event, known: Detour): Reply {
    if (known.said === null) return this.#afterMain(known, this.#main.hear(event, known.main, this.#setting));
    const before = known.person === null || known.person === this.#person ? known.said : [];
    const said = event.kind === "text" ? latest([...before, heard(event)]) : before;
    return this.#afterTopic({ ...known, said }, this.#topics.hear(event, known.topics, this.#setting));
  }

  /** What was said to somebody who was signed in is told to the assistant only while they are. */
  get #person(): string | null {
    return this.#setting.person?.id ?? null;
  }

  #afterMain(known: Detour, { topic, ...reply }: ConnectedReply): Reply {
    const after = { ...known, main: reply.memory, said: null };
    if (topic === undefined) return { ...reply, memory: stored(after) };
    const begun = this.#topics.begin(topic, known.topics, this.#setting);
    return joined(reply, this.#afterTopic({ ...after, said: [] }, begun));
  }

  #afterTopic(known: Detour, reply: Reply): Reply {
    const said = latest([...(known.said ?? []), ...reply.answers.map(answered)]);
    const after = { ...known, topics: reply.memory, said, person: this.#person };
    if (!isOver(reply)) return { ...reply, memory: stored(after) };
    const setting = { ...this.#setting, language: reply.language ?? this.#setting.language };
    const back = this.#main.goOn(said, known.main, setting);
    return joined(reply, new Way(this.#main, this.#topics, setting).#afterMain(after, back));
  }
}

/** What one has said, and what the other says and does after it. */
function joined(first: Reply, then: Reply): Reply {
  return {
    ...first,
    ...then,
    answers: [...first.answers, ...then.answers],
    notes: [...first.notes, ...then.notes],
  };
}

function heard({ text, media }: Extract<Event, { kind: "text" }>): Said {
  const files = media.map(({ contentType }) => `[a file, ${contentType}]`);
  return { by: "person", text: [text, ...files].join(" ").trim() };
}

function answered(answer: Answer): Said {
  const text = answer.kind === "link" ? `${answer.label} ${answer.url}` : answer.text;
  return { by: "topic", text: answer.kind === "media" ? `${text} [a picture]`.trim() : text };
}

/** @returns what was said last, so much of it */
function latest(said: readonly Said[]): readonly Said[] {
  let left = TOPIC_ACCOUNT_CHARACTERS;
  const first = said.findLastIndex(({ text }) => {
    left -= text.length;
    return left < 0;
  });
  return said.slice(Math.min(first + 1, said.length - 1));
}

function stored(detour: Detour): Memory {
  return detour as unknown as Memory;
}

const NOTHING: Detour = { main: null, topics: null, said: null, person: null };

/** Reads what was stored; what another kind of assistant has left is as if nothing had been. */
function detourOf(memory: Memory | null): Detour {
  return isRecord(memory) && "main" in memory ? { ...NOTHING, ...(memory as unknown as Detour) } : NOTHING;
}
