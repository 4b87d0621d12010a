import { ask, outcomeOf, type Reach } from "../assistants/client.ts";
import type { Answering } from "../contract/assistant.ts";
import { TRIAL_MILLISECONDS_MAXIMUM, TRIAL_PAUSE_SECONDS, TRIAL_REQUESTS } from "../core/limits/admin.ts";
import type { PhoneNumber } from "../core/phone.ts";
import {
  afterLooking,
  afterRequest,
  afterTime,
  NOT_BEGUN,
  type Rehearsal,
  rehearse,
  restIn,
} from "../sender/events/dry-run.ts";
import type { World } from "../sender/model/context.ts";
import type { Part, Rest } from "../sender/model/state.ts";
import type { InboundMedia } from "../twilio/inbound.ts";
import { type Segments, segments } from "../twilio/segments.ts";

/** Who talks in a trial, and what answers. */
export interface Cast {
  readonly answering: Answering;
  readonly secrets: Reach["secrets"];
  /** The origin that Parley is reached by. */
  readonly origin: string;
  readonly phone: PhoneNumber;
  readonly number: PhoneNumber;
}

/** A text, and what a person would get for it. */
interface Tried {
  readonly text: string;
  readonly messages: readonly {
    readonly text: string;
    readonly media: readonly string[];
    /** Null: it is an MMS, priced as one whatever its text. */
    readonly segments: Segments | null;
  }[];
  /** As they would stand in the journal. */
  readonly notes: readonly string[];
  readonly awaits: Awaited;
}

/** `answers`: they were promised for later; `nothing`: the conversation is over; `time`: the trial was, before the answer came. */
type Awaited =
  | { readonly kind: "text"; readonly silentAfterSeconds: number | null }
  | { readonly kind: "answers"; readonly seconds: number }
  | { readonly kind: "nothing" | "time" };

const TOO_LONG = "The trial was over before the answer came.";

/** One conversation that is tried, from its first text. */
export class Trial {
  readonly #cast: Cast;
  readonly #deadline = Date.now() + TRIAL_MILLISECONDS_MAXIMUM;
  #rehearsal: Rehearsal = NOT_BEGUN;
  /** Pauses that were not waited for; milliseconds. */
  #skipped = 0;
  #requests = 0;

  constructor(cast: Cast) {
    this.#cast = cast;
  }

  /** @returns what comes of each text; those after one that cannot be answered in time are left out */
  async run(
    texts: readonly { readonly text: string; readonly media: readonly InboundMedia[] }[],
  ): Promise<readonly Tried[]> {
    const tried: Tried[] = [];
    for (const { text, media } of texts) {
      const one = await this.#text(text, media, tried.length === 0 ? this.#closedNotes() : []);
      tried.push(one);
      if (one.awaits.kind === "time" || one.awaits.kind === "answers") break;
    }
    return tried;
  }

  async #text(text: string, media: readonly InboundMedia[], closed: readonly string[]): Promise<Tried> {
    const { phone: from, number: to } = this.#cast;
    const sid = `TR${crypto.randomUUID().replaceAll("-", "")}`;
    const inbound = { sid, accountSid: `AC${"0".repeat(32)}`, from, to, text, media, segments: 1, optOut: null };
    this.#rehearsal = rehearse(this.#rehearsal, inbound, this.#world());
    const notes = [...closed, ...(await this.#goOn())];
    const { turn } = this.#rehearsal;
    return {
      text,
      messages: (turn?.parts ?? []).map(messageOf),
      notes: [...notes, ...(turn?.notes ?? [])],
      awaits: awaitedIn(restIn(this.#rehearsal), this.#world().now),
    };
  }

  /** Goes on until it waits for a text, or for nothing. @returns notes on what is otherwise in a trial */
  async #goOn(): Promise<readonly string[]> {
    const notes: string[] = [];
    for (;;) {
      const rest = restIn(this.#rehearsal);
      if (rest === null || rest.kind === "text" || rest.kind === "file") return notes;
      if (rest.kind === "callback") return [...notes, "A trial does not wait for answers that are promised for later."];
      const isOver = Date.now() > this.#deadline || this.#requests >= TRIAL_REQUESTS;
      if (isOver) return [...notes, TOO_LONG];
      if (rest.kind === "link") {
        this.#requests += 1;
        this.#rehearsal = afterLooking(this.#rehearsal, this.#world());
        notes.push("In a trial nobody can sign in.");
      } else if (rest.kind === "pause") notes.push(...(await this.#pause(rest.until)));
      else await this.#request(rest);
    }
  }

  async #request({ request, id }: Extract<Rest, { kind: "request" }>): Promise<void> {
    const { answering, secrets } = this.#cast;
    this.#requests += 1;
    if (request.delaySeconds !== undefined) await after(request.delaySeconds * 1_000);
    const answer = await ask(request, id, { allowedHosts: answering.allowedHosts, secrets }, "twice");
    this.#rehearsal = afterRequest(this.#rehearsal, outcomeOf(answer), this.#world());
  }

  async #pause(until: number): Promise<readonly string[]> {
    const milliseconds = Math.max(0, until - this.#world().now);
    const isShort = milliseconds <= TRIAL_PAUSE_SECONDS * 1_000;
    if (isShort) await after(milliseconds);
    else this.#skipped += milliseconds;
    this.#rehearsal = afterTime(this.#rehearsal, this.#world());
    return isShort ? [] : [`A pause of ${Math.round(milliseconds / 1_000)} s was skipped.`];
  }

  /** A trial is for those who look after the assistant, whenever that is. */
  #closedNotes(): readonly string[] {
    const { hours, language } = this.#cast.answering;
    const closed = hours?.closed(this.#world().now, language) ?? null;
    if (closed === null) return [];
    const instead = closed.message === null ? "no answer" : `"${closed.message}"`;
    return [`It is out of hours: a person would get ${instead} instead.`];
  }

  #world(): World {
    const { answering, origin } = this.#cast;
    const open = { ...answering, hours: null };
    return { now: Date.now() + this.#skipped, origin, answering: () => open };
  }
}

async function after(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function messageOf({ text, media }: Part): Tried["messages"][number] {
  return { text, media, segments: media.length === 0 ? segments(text) : null };
}

function awaitedIn(rest: Rest | null, now: number): Awaited {
  switch (rest?.kind) {
    case undefined:
      return { kind: "nothing" };
    case "text":
      return {
        kind: "text",
        silentAfterSeconds: rest.silentAt === null ? null : Math.round((rest.silentAt - now) / 1_000),
      };
    case "callback":
      return { kind: "answers", seconds: Math.round((rest.until - now) / 1_000) };
    case "request":
    case "pause":
    case "file":
    case "link":
      return { kind: "time" };
  }
}
