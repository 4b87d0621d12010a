import { type RequestAccess, sendAssistantRequest, toRequestOutcome } from "../assistants/client.ts";
import type { ReadyApplication } from "../contract/assistant.ts";
import { DRY_RUN_MILLISECONDS_MAXIMUM, DRY_RUN_PAUSE_SECONDS, DRY_RUN_REQUESTS } from "../core/limits/admin.ts";
import type { PhoneNumber } from "../core/phone.ts";
import {
  advanceDryRunTime,
  type DryRun,
  finishDryRunIdentityCheck,
  finishDryRunRequest,
  getDryRunWait,
  NEW_DRY_RUN,
  receiveDryRunText,
} from "../sender/events/dry-run.ts";
import type { DecisionContext } from "../sender/model/context.ts";
import type { Part, Wait } from "../sender/model/state.ts";
import type { InboundMedia } from "../twilio/inbound-text.ts";
import { measureSegments, type SegmentCount } from "../twilio/segments.ts";

/** Who talks in a trial, and what answers. */
export interface DryRunSetup {
  readonly answering: ReadyApplication;
  readonly secrets: RequestAccess["secrets"];
  /** The origin that Parley is reached by. */
  readonly origin: string;
  readonly phone: PhoneNumber;
  readonly number: PhoneNumber;
}

/** A text, and what a person would get for it. */
interface DryRunResult {
  readonly text: string;
  readonly messages: readonly {
    readonly text: string;
    readonly media: readonly string[];
    /** Null: it is an MMS, priced as one whatever its text. */
    readonly segments: SegmentCount | null;
  }[];
  /** As they would stand in the journal. */
  readonly notes: readonly string[];
  readonly awaits: DryRunWait;
}

/** `answers`: they were promised for later; `nothing`: the conversation is over; `time`: the trial was, before the answer came. */
type DryRunWait =
  | { readonly kind: "text"; readonly silentAfterSeconds: number | null }
  | { readonly kind: "answers"; readonly seconds: number }
  | { readonly kind: "nothing" | "time" };

const TOO_LONG = "The trial was over before the answer came.";

/** One conversation that is tried, from its first text. */
export class DryRunPlayer {
  readonly #cast: DryRunSetup;
  readonly #deadline = Date.now() + DRY_RUN_MILLISECONDS_MAXIMUM;
  #rehearsal: DryRun = NEW_DRY_RUN;
  /** Pauses that were not waited for; milliseconds. */
  #skipped = 0;
  #requests = 0;

  constructor(cast: DryRunSetup) {
    this.#cast = cast;
  }

  /** @returns what comes of each text; those after one that cannot be answered in time are left out */
  async playTexts(
    texts: readonly { readonly text: string; readonly media: readonly InboundMedia[] }[],
  ): Promise<readonly DryRunResult[]> {
    const tried: DryRunResult[] = [];
    for (const { text, media } of texts) {
      const one = await this.#playText(text, media, tried.length === 0 ? this.#listClosedNotes() : []);
      tried.push(one);
      if (one.awaits.kind === "time" || one.awaits.kind === "answers") break;
    }
    return tried;
  }

  async #playText(text: string, media: readonly InboundMedia[], closed: readonly string[]): Promise<DryRunResult> {
    const { phone: from, number: to } = this.#cast;
    const sid = `TR${crypto.randomUUID().replaceAll("-", "")}`;
    const inbound = { sid, accountSid: `AC${"0".repeat(32)}`, from, to, text, media, segments: 1, optOut: null };
    this.#rehearsal = receiveDryRunText(this.#rehearsal, inbound, this.#createContext());
    const notes = [...closed, ...(await this.#continueConversation())];
    const { turn } = this.#rehearsal;
    return {
      text,
      messages: (turn?.parts ?? []).map(toDryRunMessage),
      notes: [...notes, ...(turn?.notes ?? [])],
      awaits: toDryRunWait(getDryRunWait(this.#rehearsal), this.#createContext().now),
    };
  }

  /** Goes on until it waits for a text, or for nothing. @returns notes on what is otherwise in a trial */
  async #continueConversation(): Promise<readonly string[]> {
    const notes: string[] = [];
    for (;;) {
      const rest = getDryRunWait(this.#rehearsal);
      if (rest === null || rest.kind === "text" || rest.kind === "file") return notes;
      if (rest.kind === "callback") return [...notes, "A trial does not wait for answers that are promised for later."];
      const isOver = Date.now() > this.#deadline || this.#requests >= DRY_RUN_REQUESTS;
      if (isOver) return [...notes, TOO_LONG];
      if (rest.kind === "link") {
        this.#requests += 1;
        this.#rehearsal = finishDryRunIdentityCheck(this.#rehearsal, this.#createContext());
        notes.push("In a trial nobody can sign in.");
      } else if (rest.kind === "pause") notes.push(...(await this.#handlePause(rest.until)));
      else await this.#makeRequest(rest);
    }
  }

  async #makeRequest({ request, id }: Extract<Wait, { kind: "request" }>): Promise<void> {
    const { answering, secrets } = this.#cast;
    this.#requests += 1;
    if (request.delaySeconds !== undefined) await waitMilliseconds(request.delaySeconds * 1_000);
    const answer = await sendAssistantRequest(request, id, { allowedHosts: answering.allowedHosts, secrets }, "twice");
    this.#rehearsal = finishDryRunRequest(this.#rehearsal, toRequestOutcome(answer), this.#createContext());
  }

  async #handlePause(until: number): Promise<readonly string[]> {
    const milliseconds = Math.max(0, until - this.#createContext().now);
    const isShort = milliseconds <= DRY_RUN_PAUSE_SECONDS * 1_000;
    if (isShort) await waitMilliseconds(milliseconds);
    else this.#skipped += milliseconds;
    this.#rehearsal = advanceDryRunTime(this.#rehearsal, this.#createContext());
    return isShort ? [] : [`A pause of ${Math.round(milliseconds / 1_000)} s was skipped.`];
  }

  /** A trial is for those who look after the assistant, whenever that is. */
  #listClosedNotes(): readonly string[] {
    const { hours, language } = this.#cast.answering;
    const closed = hours?.closed(this.#createContext().now, language) ?? null;
    if (closed === null) return [];
    const instead = closed.message === null ? "no answer" : `"${closed.message}"`;
    return [`It is out of hours: a person would get ${instead} instead.`];
  }

  #createContext(): DecisionContext {
    const { answering, origin } = this.#cast;
    const open = { ...answering, hours: null };
    return { now: Date.now() + this.#skipped, origin, findApplication: () => open };
  }
}

async function waitMilliseconds(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function toDryRunMessage({ text, media }: Part): DryRunResult["messages"][number] {
  return { text, media, segments: media.length === 0 ? measureSegments(text) : null };
}

function toDryRunWait(rest: Wait | null, now: number): DryRunWait {
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
