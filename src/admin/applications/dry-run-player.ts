import { type RequestAccess, sendAssistantRequest, toRequestOutcome } from "../../assistants/client.ts";
import type { ReadyApplication } from "../../contract/assistant.ts";
import { DRY_RUN_MILLISECONDS_MAXIMUM, DRY_RUN_PAUSE_SECONDS, DRY_RUN_REQUESTS } from "../../core/limits/admin.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import {
  advanceDryRunTime,
  type DryRun,
  finishDryRunIdentityCheck,
  finishDryRunRequest,
  getDryRunWait,
  NEW_DRY_RUN,
  receiveDryRunText,
} from "../../sender/events/dry-run.ts";
import type { DecisionContext } from "../../sender/model/context.ts";
import type { Part, Wait } from "../../sender/model/state.ts";
import type { InboundMedia } from "../../twilio/inbound-text.ts";
import { measureSegments, type SegmentCount } from "../../twilio/segments.ts";

/** The parties of a dry run: the assistant, and the two phones. */
export interface DryRunCast {
  readonly answering: ReadyApplication;
  readonly secrets: RequestAccess["secrets"];
  /** Parley's public origin. */
  readonly origin: string;
  readonly phone: PhoneNumber;
  readonly number: PhoneNumber;
}

/** A text, and what the contact would get for it. */
interface DryRunTurn {
  readonly text: string;
  readonly messages: readonly {
    readonly text: string;
    readonly media: readonly string[];
    /** Null: an MMS, which has one price whatever its text. */
    readonly segments: SegmentCount | null;
  }[];
  /** As the transcript would show them. */
  readonly notes: readonly string[];
  readonly awaits: DryRunWait;
}

/**
 * `answers`: promised for later; `nothing`: the conversation is over; `time`: the dry run ran out of time before the
 * answer came.
 */
type DryRunWait =
  | { readonly kind: "text"; readonly silentAfterSeconds: number | null }
  | { readonly kind: "answers"; readonly seconds: number }
  | { readonly kind: "nothing" | "time" };

const TOO_LONG = "The dry run ran out of time before the answer came.";

/** Plays one conversation from its first text. */
export class DryRunPlayer {
  readonly #cast: DryRunCast;
  readonly #deadline = Date.now() + DRY_RUN_MILLISECONDS_MAXIMUM;
  #rehearsal: DryRun = NEW_DRY_RUN;
  /** Pauses that were skipped; milliseconds. */
  #skipped = 0;
  #requests = 0;

  constructor(cast: DryRunCast) {
    this.#cast = cast;
  }

  /** @returns a turn for each text, up to the first one that gets no answer in time */
  async play(
    texts: readonly { readonly text: string; readonly media: readonly InboundMedia[] }[],
  ): Promise<readonly DryRunTurn[]> {
    const turns: DryRunTurn[] = [];
    for (const { text, media } of texts) {
      const one = await this.#playText(text, media, turns.length === 0 ? this.#closedNotes() : []);
      turns.push(one);
      if (one.awaits.kind === "time" || one.awaits.kind === "answers") break;
    }
    return turns;
  }

  async #playText(text: string, media: readonly InboundMedia[], closed: readonly string[]): Promise<DryRunTurn> {
    const { phone: from, number: to } = this.#cast;
    const sid = `TR${crypto.randomUUID().replaceAll("-", "")}`;
    const inbound = { sid, accountSid: `AC${"0".repeat(32)}`, from, to, text, media, segments: 1, optOut: null };
    this.#rehearsal = receiveDryRunText(this.#rehearsal, inbound, this.#world());
    const notes = [...closed, ...(await this.#advance())];
    const { turn } = this.#rehearsal;
    return {
      text,
      messages: (turn?.parts ?? []).map(showPart),
      notes: [...notes, ...(turn?.notes ?? [])],
      awaits: showWait(getDryRunWait(this.#rehearsal), this.#world().now),
    };
  }

  /** Advances until the conversation waits for a text or is over. @returns notes on what a dry run does differently */
  async #advance(): Promise<readonly string[]> {
    const notes: string[] = [];
    for (;;) {
      const rest = getDryRunWait(this.#rehearsal);
      if (rest === null || rest.kind === "text" || rest.kind === "file") return notes;
      if (rest.kind === "callback") return [...notes, "A dry run does not wait for answers promised for later."];
      const isOver = Date.now() > this.#deadline || this.#requests >= DRY_RUN_REQUESTS;
      if (isOver) return [...notes, TOO_LONG];
      if (rest.kind === "link") {
        this.#requests += 1;
        this.#rehearsal = finishDryRunIdentityCheck(this.#rehearsal, this.#world());
        notes.push("A dry run cannot check an identity.");
      } else if (rest.kind === "pause") notes.push(...(await this.#playPause(rest.until)));
      else await this.#sendRequest(rest);
    }
  }

  async #sendRequest({ request, id }: Extract<Wait, { kind: "request" }>): Promise<void> {
    const { answering, secrets } = this.#cast;
    this.#requests += 1;
    if (request.delaySeconds !== undefined) await sleep(request.delaySeconds * 1_000);
    const answer = await sendAssistantRequest(request, id, { allowedHosts: answering.allowedHosts, secrets }, "twice");
    this.#rehearsal = finishDryRunRequest(this.#rehearsal, toRequestOutcome(answer), this.#world());
  }

  async #playPause(until: number): Promise<readonly string[]> {
    const milliseconds = Math.max(0, until - this.#world().now);
    const isShort = milliseconds <= DRY_RUN_PAUSE_SECONDS * 1_000;
    if (isShort) await sleep(milliseconds);
    else this.#skipped += milliseconds;
    this.#rehearsal = advanceDryRunTime(this.#rehearsal, this.#world());
    return isShort ? [] : [`Skipped a pause of ${Math.round(milliseconds / 1_000)} s.`];
  }

  /** A dry run ignores opening hours, so that operators can try an assistant at any time. */
  #closedNotes(): readonly string[] {
    const { hours, language } = this.#cast.answering;
    const closed = hours?.closed(this.#world().now, language) ?? null;
    if (closed === null) return [];
    const reply = closed.message === null ? "no answer" : `"${closed.message}"`;
    return [`Outside opening hours: a contact would get ${reply} instead.`];
  }

  #world(): DecisionContext {
    const { answering, origin } = this.#cast;
    const open = { ...answering, hours: null };
    return { now: Date.now() + this.#skipped, origin, findApplication: () => open };
  }
}

async function sleep(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function showPart({ text, media }: Part): DryRunTurn["messages"][number] {
  return { text, media, segments: media.length === 0 ? measureSegments(text) : null };
}

function showWait(rest: Wait | null, now: number): DryRunWait {
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
