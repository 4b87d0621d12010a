import type { Answer, Assistant, Event, Memory, Reply, Setting, TextEvent } from "../contract/assistant.ts";
import { isRecord, type Json } from "../core/json.ts";
import { CONNECTOR_MOVES } from "../core/limits/assistants.ts";
import { OPTIONS_PER_REQUEST } from "../core/limits/topics.ts";
import { languageAmong } from "../languages/catalog.ts";
import { compose, type Option } from "./compose.ts";
import type { Answered, Asked, Connector, Happening, Move, Said, Situation, Variables } from "./connector.ts";
import { type Menu, menuText, pickFrom, type Style } from "./menu.ts";

/** What all connectors have in common. */
export interface Common {
  /** Before each option: "%s. ", where %s is its number. */
  readonly optionPrefix: string;
}

/** An assistant behind a connector. */
export interface Connected extends Assistant {
  readonly hear: (event: Event, memory: Memory | null, setting: Setting) => ConnectedReply;
  /** The topic that it began is over. @param said in the topic, in order */
  readonly goOn: (said: readonly Said[], memory: Memory | null, setting: Setting) => ConnectedReply;
}

export interface ConnectedReply extends Reply {
  /** A topic, by its id, that talks with the person until it is over. */
  readonly topic?: string;
}

/** What is remembered of a conversation with somebody else's assistant. */
interface Connection {
  readonly variables: Variables;
  /** Before each option, where the assistant has said so. */
  readonly prefix: string | null;
  /** What the person can choose from; null: nothing. */
  readonly menu: Menu | null;
  /** What the connector remembers, by location. */
  readonly own: readonly Json[];
  /** The text that is being answered, or in whose answer a topic has begun; null: none. */
  readonly open: OpenTurn | null;
}

interface OpenTurn {
  readonly asked: Asked;
  /** The location that is asked now. */
  readonly location: number;
  readonly moves: number;
  /** The person has been answered by a topic: they wait for nothing more. */
  readonly isTold?: true;
}

/** Nobody's answer takes so long that the person is asked for silence. */
const LISTEN = { kind: "text", silentAfter: null } as const;

/**
 * Makes an assistant of a connector: options are numbered, and a number that the person types becomes the option's value; a location that
 * fails is followed by the next, and the last by the failure message.
 * @param locations the connector at each location, the usual one first
 */
export function connected(locations: readonly Connector[], common: Common): Connected {
  const turn = (memory: Memory | null, setting: Setting) => new Turn(locations, common, setting, connectionOf(memory));
  return {
    hear: (event, memory, setting) => turn(memory, setting).hear(event),
    goOn: (said, memory, setting) => turn(memory, setting).goOn(said),
  };
}

/** One event of a conversation. */
class Turn {
  readonly #locations: readonly Connector[];
  readonly #setting: Setting;
  readonly #connection: Connection;
  readonly #style: Style;
  readonly #failures: readonly string[];

  constructor(
    locations: readonly Connector[],
    common: Common,
    setting: Setting,
    connection: Connection,
    failures: readonly string[] = [],
  ) {
    this.#locations = locations;
    this.#setting = setting;
    this.#connection = connection;
    this.#failures = failures;
    const prefix = connection.prefix ?? common.optionPrefix;
    this.#style = { prefix, more: setting.message("more", setting.language) ?? "+" };
  }

  hear(event: Event): ConnectedReply {
    if (event.kind === "text") return this.#hearText(event);
    const { open } = this.#connection;
    if (open === null || event.kind === "silent" || event.kind === "linked" || event.kind === "begun")
      return this.#reply([], this.#connection);
    if (event.kind !== "file") return this.#move(open, event);
    // Texts that were joined have brought more files, after the event's own.
    const media = [...event.media, ...open.asked.media.slice(event.media.length)];
    return this.#move({ ...open, asked: { ...open.asked, media } }, { kind: "filed", index: event.index });
  }

  goOn(said: readonly Said[]): ConnectedReply {
    const { open } = this.#connection;
    if (open === null) return this.#reply([], this.#connection);
    const { isTold: _, ...rest } = open;
    const isTold = said.at(-1)?.by === "topic";
    return this.#move({ ...rest, ...(isTold ? { isTold } : {}) }, { kind: "returned", said });
  }

  #hearText({ text, media, opening, undelivered }: TextEvent): Reply {
    const { menu } = this.#connection;
    const picked = menu === null ? null : pickFrom(text, menu, this.#style, languageAmong(this.#setting.language));
    if (picked?.kind === "more") {
      const answer = { kind: "text", text: menuText("", picked.menu, this.#style) } as const;
      return this.#reply([answer], { ...this.#connection, menu: picked.menu });
    }
    const chosen = picked?.kind === "chosen" ? picked.option : null;
    const asked: Asked = { text, media, opening, chosen, ...(undelivered === undefined ? {} : { undelivered }) };
    return this.#move({ asked, location: 0, moves: 0 }, { kind: "asked" });
  }

  #move(open: OpenTurn, happening: Happening): ConnectedReply {
    const { asked, location, moves, isTold = false } = open;
    const connector = this.#locations[location];
    if (connector === undefined || moves >= CONNECTOR_MOVES) return this.#fail("it asked for more and more", isTold);
    const { variables, own } = this.#connection;
    const place = connector.isShared === true ? 0 : location;
    const situation: Situation = { asked, variables, setting: this.#setting, memory: own[place] ?? null };
    const move = connector.move(happening, situation);
    const after: Connection = {
      ...this.#connection,
      own: this.#locations.map((_, index) => (index === place ? move.memory : (own[index] ?? null))),
      open: { ...open, moves: moves + 1 },
    };
    return this.#follow(move, after, open);
  }

  #follow(move: Move, after: Connection, open: OpenTurn): ConnectedReply {
    switch (move.kind) {
      case "request":
        // Whatever a person has said to somebody else's assistant is said to it alone.
        return this.#wait({ kind: "request", request: { ...move.request, confidential: true } }, after);
      case "pause":
      case "callback":
        return this.#wait({ kind: move.kind, seconds: move.seconds }, after);
      case "file":
        return this.#wait({ kind: "file", index: move.index }, after);
      case "answer":
        return isNothing(move) && open.isTold !== true
          ? this.#elsewhere("it said nothing", after, open)
          : this.#answer(move, move.topic === undefined ? { ...after, open: null } : after);
      case "failed":
        return this.#elsewhere(move.reason, after, open);
    }
  }

  /** A location that does not answer is followed by the next; what it has said of variables and options stays. */
  #elsewhere(reason: string, after: Connection, open: OpenTurn): ConnectedReply {
    const next = { ...open, location: open.location + 1, moves: 0 };
    const connector = this.#locations[next.location];
    if (connector === undefined) return this.#with(after).#fail(reason, open.isTold);
    const happening = connector.isShared === true ? ({ kind: "elsewhere" } as const) : ({ kind: "asked" } as const);
    const reply = this.#with(after, reason).#move(next, happening);
    return { ...reply, failed: reply.failed ?? reason };
  }

  #with(connection: Connection, ...failures: readonly string[]): Turn {
    const { prefix: optionPrefix } = this.#style;
    return new Turn(this.#locations, { optionPrefix }, this.#setting, connection, [...this.#failures, ...failures]);
  }

  #fail(reason: string, isTold = false): Reply {
    const text = isTold ? null : this.#setting.message("failure", this.#setting.language);
    const answers = text === null ? [] : [{ kind: "text", text } as const];
    const reply = this.#reply(answers, { ...this.#connection, open: null });
    return { ...reply, failed: [...this.#failures, reason].join("; then ") };
  }

  #wait(awaits: Reply["awaits"], connection: Connection): Reply {
    return { answers: [], memory: stored(connection), notes: [], awaits };
  }

  #answer(answered: Answered, connection: Connection): ConnectedReply {
    const { sayings, variables, handover, ends = false, language, optionPrefix, notes = [], topic } = answered;
    const prefix = optionPrefix ?? connection.prefix;
    const style = { ...this.#style, prefix: prefix ?? this.#style.prefix };
    const said = compose(sayings, (text, options) => menuText(text, menuOf(options), style));
    const menu = said.options.length === 0 ? null : menuOf(said.options);
    const after = { ...connection, prefix, menu, variables: changed(connection.variables, variables) };
    return {
      ...this.#reply(said.answers, after),
      notes: [...notes, ...said.notes, ...handoverNotes(handover)],
      ...(language === undefined ? {} : { language }),
      ...(handover === undefined ? {} : { handover }),
      ...(topic === undefined ? {} : { topic }),
      ...(ends ? { awaits: { kind: "end" } as const } : {}),
    };
  }

  #reply(answers: readonly Answer[], connection: Connection): Reply {
    return { answers, memory: stored(connection), notes: [], awaits: LISTEN };
  }
}

/** The person would wait in vain. */
function isNothing({ sayings, handover, ends = false, topic }: Answered): boolean {
  const { answers } = compose(sayings, (text) => text);
  const offers = sayings.some((saying) => saying.kind === "options" && saying.options.length > 0);
  const isMute = answers.length === 0 && !offers;
  return isMute && handover === undefined && !ends && topic === undefined;
}

function handoverNotes(handover: Answered["handover"]): readonly string[] {
  if (handover === undefined) return [];
  const whom = handover.to === null ? "somebody" : `"${handover.to}"`;
  return [`The assistant wants ${whom} to take over; until somebody does, it goes on.`];
}

function menuOf(options: readonly Option[]): Menu {
  return { options: options.slice(0, OPTIONS_PER_REQUEST), page: 0 };
}

function changed(variables: Variables, changes: Variables = {}): Variables {
  return Object.fromEntries(Object.entries({ ...variables, ...changes }).filter(([, value]) => value !== null));
}

function stored(connection: Connection): Memory {
  return connection as unknown as Memory;
}

const NOTHING: Connection = { variables: {}, prefix: null, menu: null, own: [], open: null };

/** Reads what was stored; what another kind of assistant has left is as if nothing had been. */
function connectionOf(memory: Memory | null): Connection {
  if (!isRecord(memory) || !isRecord(memory["variables"]) || !Array.isArray(memory["own"])) return NOTHING;
  return { ...NOTHING, ...(memory as unknown as Connection) };
}
