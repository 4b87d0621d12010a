import type { Notice } from "../../src/notify/notice.ts";

/** What somebody who looks on knows of a person, and of the notices that are for them: whom each may be told to at a moment. */
export class Wishes {
  /** Nothing may be told them. */
  isOut = false;
  /** They have the list on. */
  isOn = false;
  /** They have shown who they are. */
  isLinked = false;
  readonly #notices = new Map<string, Notice>();
  readonly #calledOff = new Set<string>();

  /** The person has texted something that is no opt-out. */
  text(words: string): void {
    if (/^stop news$/iu.test(words)) this.isOn = false;
    if (!this.isOut && /^start(?: news)?$/iu.test(words)) this.isOn = true;
  }

  optOut(): void {
    this.isOut = true;
    this.isOn = false;
  }

  hand(notice: Notice): void {
    this.#notices.set(notice.id, notice);
  }

  /** A notice that waits is not wanted any more. */
  callOff(id: string): void {
    this.#calledOff.add(id);
  }

  /** @returns why the notice must not be told now; null: it may be */
  against(id: string): string | null {
    const notice = this.#notices.get(id);
    if (notice === undefined) return "it never came";
    if (this.isOut) return "the sender has opted out";
    if (this.#calledOff.has(id)) return "it was called off";
    if (notice.list !== null && !this.isOn) return "the list is off";
    return notice.audience === "linked" && !this.isLinked ? "the sender is a guest" : null;
  }
}
