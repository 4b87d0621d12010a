import { isRecord, type Json } from "../core/json.ts";
import { CONNECTOR_MOVES, OPTIONS_PER_REQUEST } from "../core/limits.ts";
import { languageAmong } from "../languages/catalog.ts";
import { compose, type Option } from "./compose.ts";
import type { Answered, Asked, Connector, Happening, Move, Situation, Variables } from "./connector.ts";
import type { Answer, Assistant, Event, Memory, Reply, Setting, TextEvent } from "./contract.ts";
import { type Menu, menuText, pickFrom, type Style } from "./menu.ts";

/** What all connectors have in common. */
export interface Common {
  /** Before each option: "%s. ", where %s is its number. */
  readonly optionPrefix: string;
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
  /** The text that is being answered; null: none. */
  readonly open: OpenTurn | null;
}

interface OpenTurn {
  readonly asked: Asked;
  /** The location that is asked now. */
  readonly location: number;
  readonly moves: number;
}

/** Nobody's answer takes so long that the person is asked for silence. */
const LISTEN = { kind: "text", silentAfter: null } as const;

/**
 * Makes an assistant of a connector: options are numbered, and a number that the person types becomes the option's value; a location that
 * fails is followed by the next, and the last by the failure message.
 * @param locations the connector at each location, the usual one first
 */
export function connected(locations: readonly Connector[], common: Common): Assistant {
  return {
    hear: (event, memory, setting) => new Turn(locations, common, setting, connectionOf(memory)).hear(event),
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

  hear(event: Event): Reply {
    if (event.kind === "text") return this.#hearText(event);
    const { open } = this.#connection;
    if (open === null || (event.kind !== "paused" && event.kind !== "answered"))
      return this.#reply([], this.#connection);
    const happening = event.kind === "paused" ? event : ({ kind: "answered", outcome: event.outcome } as const);
    return this.#move(open, happening);
  }

  #hearText({ text, media, opening }: TextEvent): Reply {
    const { menu } = this.#connection;
    const picked = menu === null ? null : pickFrom(text, menu, this.#style, languageAmong(this.#setting.language));
    if (picked?.kind === "more") {
      const answer = { kind: "text", text: menuText("", picked.menu, this.#style) } as const;
      return this.#reply([answer], { ...this.#connection, menu: picked.menu });
    }
    const chosen = picked?.kind === "chosen" ? picked.option : null;
    return this.#move({ asked: { text, media, opening, chosen }, location: 0, moves: 0 }, { kind: "asked" });
  }

  #move(open: OpenTurn, happening: Happening): Reply {
    const { asked, location, moves } = open;
    const connector = this.#locations[location];
    if (connector === undefined || moves >= CONNECTOR_MOVES) return this.#fail("it asked for more and more");
    const { variables, own } = this.#connection;
    const situation: Situation = { asked, variables, setting: this.#setting, memory: own[location] ?? null };
    const move = connector.move(happening, situation);
    const after: Connection = {
      ...this.#connection,
      own: this.#locations.map((_, index) => (index === location ? move.memory : (own[index] ?? null))),
      open: { asked, location, moves: moves + 1 },
    };
    return this.#follow(move, after, open);
  }

  #follow(move: Move, after: Connection, open: OpenTurn): Reply {
    switch (move.kind) {
      case "request":
        // Whatever a person has said to somebody else's assistant is said to it alone.
        return this.#wait({ kind: "request", request: { ...move.request, confidential: true } }, after);
      case "pause":
      case "callback":
        return this.#wait({ kind: move.kind, seconds: move.seconds }, after);
      case "answer":
        return isNothing(move)
          ? this.#elsewhere("it said nothing", after, open)
          : this.#answer(move, { ...after, open: null });
      case "failed":
        return this.#elsewhere(move.reason, after, open);
    }
  }

  /** A location that does not answer is followed by the next; what it has said of variables and options stays. */
  #elsewhere(reason: string, after: Connection, { asked, location }: OpenTurn): Reply {
    const next = { asked, location: location + 1, moves: 0 };
    if (next.location >= this.#locations.length) return this.#with(after).#fail(reason);
    const reply = this.#with(after, reason).#move(next, { kind: "asked" });
    return { ...reply, failed: reply.failed ?? reason };
  }

  #with(connection: Connection, ...failures: readonly string[]): Turn {
    const { prefix: optionPrefix } = this.#style;
    return new Turn(this.#locations, { optionPrefix }, this.#setting, connection, [...this.#failures, ...failures]);
  }

  #fail(reason: string): Reply {
    const text = this.#setting.message("failure", this.#setting.language);
    const answers = text === null ? [] : [{ kind: "text", text } as const];
    const reply = this.#reply(answers, { ...this.#connection, open: null });
    return { ...reply, failed: [...this.#failures, reason].join("; then ") };
  }

  #wait(awaits: Reply["awaits"], connection: Connection): Reply {
    return { answers: [], memory: stored(connection), notes: [], awaits };
  }

  #answer(answered: Answered, connection: Connection): Reply {
    const { sayings, variables, handover, ends = false, language, optionPrefix, notes = [] } = answered;
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
      ...(ends ? { awaits: { kind: "end" } as const } : {}),
    };
  }

  #reply(answers: readonly Answer[], connection: Connection): Reply {
    return { answers, memory: stored(connection), notes: [], awaits: LISTEN };
  }
}

/** The person would wait in vain. */
function isNothing({ sayings, handover, ends = false }: Answered): boolean {
  const { answers } = compose(sayings, (text) => text);
  const isMute = answers.length === 0 && sayings.every(({ kind }) => kind !== "options");
  return isMute && handover === undefined && !ends;
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
