import type { EmulatedMessage, EmulatorEvent, EmulatorState, WebhookAttempt } from "../contract.ts";
import { ATTEMPTS_KEPT, MEDIA_BYTES_KEPT, MESSAGES_IN_STATE, MESSAGES_KEPT } from "../limits.ts";
import { toEmulatedAccount, toEmulatedMessage, toEmulatedNumber } from "./emulated-views.ts";
import { applyStatusChange, type StatusChange } from "./message-lifecycle.ts";
import type { AccountRecord, MediaFile, MessageRecord, OwnedNumber } from "./records.ts";

/** All that the emulator knows, in memory. Every change goes through a method here and is published as an event. */
export class EmulatorStore {
  readonly #publish: (event: EmulatorEvent) => void;
  readonly #accounts = new Map<string, AccountRecord>();
  readonly #numbers = new Map<string, OwnedNumber>();
  readonly #phones = new Set<string>();
  readonly #messages = new Map<string, MessageRecord>();
  readonly #media = new Map<string, MediaFile>();
  readonly #blocked = new Set<string>();
  #attempts: WebhookAttempt[] = [];
  #mediaBytes = 0;
  #nextOrder = 1;
  #nextAttempt = 1;

  constructor(publish: (event: EmulatorEvent) => void) {
    this.#publish = publish;
  }

  findAccount(sid: string): AccountRecord | undefined {
    return this.#accounts.get(sid);
  }

  saveAccount(account: AccountRecord): void {
    this.#accounts.set(account.sid, account);
  }

  findNumber(phoneNumber: string): OwnedNumber | undefined {
    return this.#numbers.get(phoneNumber);
  }

  /** The numbers of an account, in the order in which they came. */
  listNumbers(accountSid: string): readonly OwnedNumber[] {
    return [...this.#numbers.values()].filter((number) => number.accountSid === accountSid);
  }

  saveNumber(number: OwnedNumber): void {
    this.#numbers.set(number.phoneNumber, number);
    this.#publish({ kind: "number", number: toEmulatedNumber(number) });
  }

  hasPhone(number: string): boolean {
    return this.#phones.has(number);
  }

  addPhone(number: string): void {
    this.#phones.add(number);
    this.#publish({ kind: "phone", phone: { number } });
  }

  /** Its messages stay, as they would at Twilio. */
  removePhone(number: string): void {
    if (this.#phones.delete(number)) this.#publish({ kind: "phone-removed", number });
  }

  findMessage(sid: string): MessageRecord | undefined {
    return this.#messages.get(sid);
  }

  addMessage(draft: Omit<MessageRecord, "order">): MessageRecord {
    const message = { ...draft, order: this.#nextOrder };
    this.#nextOrder += 1;
    this.#messages.set(message.sid, message);
    this.#forgetOldest();
    this.#publishMessage(message);
    return message;
  }

  /** @returns the message after the step; null where it is gone, or past the state that the step starts from */
  advanceMessage(sid: string, step: StatusChange, now: number): MessageRecord | null {
    const message = this.#messages.get(sid);
    const next = message === undefined ? null : applyStatusChange(message, step, now);
    if (next !== null) this.#replaceMessage(next);
    return next;
  }

  redactMessage(sid: string, now: number): MessageRecord | null {
    const message = this.#messages.get(sid);
    if (message === undefined) return null;
    const next = { ...message, body: "", updatedAt: now };
    this.#replaceMessage(next);
    return next;
  }

  /** Not an event: what Twilio forgets stays on the person's phone. */
  removeMessage(sid: string): void {
    this.#dropMessage(sid);
  }

  listNewestMessages(): readonly MessageRecord[] {
    return [...this.#messages.values()].toReversed();
  }

  /** What a phone and one of the operator's numbers (or all of them) wrote each other, oldest first. */
  listTranscript(phone: string, number: string | null): readonly EmulatedMessage[] {
    const between = [...this.#messages.values()].filter(
      ({ from, to }) =>
        (from === phone && (number === null || to === number)) ||
        (to === phone && (number === null || from === number)),
    );
    return between.map((message) => toEmulatedMessage(message, this.listMedia(message)));
  }

  findMedia(sid: string): MediaFile | undefined {
    return this.#media.get(sid);
  }

  listMedia(message: MessageRecord): readonly MediaFile[] {
    return message.mediaSids.flatMap((sid) => this.#media.get(sid) ?? []);
  }

  /** Gives a message a file. Nothing happens where the message is gone. */
  addMedia(file: MediaFile): void {
    const message = this.#messages.get(file.messageSid);
    if (message === undefined) return;
    this.#media.set(file.sid, file);
    this.#mediaBytes += file.bytes.length;
    for (const oldest of this.#media.keys()) {
      if (this.#mediaBytes <= MEDIA_BYTES_KEPT) break;
      this.#dropMedia(oldest);
    }
    this.#replaceMessage({ ...message, mediaSids: [...message.mediaSids, file.sid] });
  }

  removeMedia(sid: string): void {
    const message = this.#messages.get(this.#media.get(sid)?.messageSid ?? "");
    this.#dropMedia(sid);
    if (message === undefined) return;
    const mediaSids = message.mediaSids.filter((other) => other !== sid);
    this.#replaceMessage({ ...message, mediaSids, numMedia: mediaSids.length });
  }

  /** Has the person opted out of texts from this number? */
  isBlocked(number: string, phone: string): boolean {
    return this.#blocked.has(`${number} ${phone}`);
  }

  setBlocked(number: string, phone: string, blocked: boolean): void {
    const pair = `${number} ${phone}`;
    if (blocked) this.#blocked.add(pair);
    else this.#blocked.delete(pair);
  }

  listAttempts(messageSid: string | null): readonly WebhookAttempt[] {
    return messageSid === null ? this.#attempts : this.#attempts.filter((one) => one.messageSid === messageSid);
  }

  addAttempt(draft: Omit<WebhookAttempt, "id">): void {
    const attempt = { id: this.#nextAttempt, ...draft };
    this.#nextAttempt += 1;
    this.#attempts = [...this.#attempts.slice(-(ATTEMPTS_KEPT - 1)), attempt];
    this.#publish({ kind: "webhook", attempt });
  }

  toEmulatorState(): EmulatorState {
    return {
      accounts: [...this.#accounts.values()].map(toEmulatedAccount),
      numbers: [...this.#numbers.values()].map(toEmulatedNumber),
      phones: [...this.#phones].map((number) => ({ number })),
      messages: [...this.#messages.values()]
        .slice(-MESSAGES_IN_STATE)
        .map((message) => toEmulatedMessage(message, this.listMedia(message))),
    };
  }

  /** Forgets phones, messages, media, webhooks and opt-outs. Accounts and numbers are settings and stay, unless `all`. */
  clearState(all: boolean): void {
    for (const part of [this.#phones, this.#messages, this.#media, this.#blocked]) part.clear();
    if (all) for (const settings of [this.#accounts, this.#numbers]) settings.clear();
    this.#attempts = [];
    this.#mediaBytes = 0;
    this.#publish({ kind: "reset" });
  }

  #replaceMessage(message: MessageRecord): void {
    this.#messages.set(message.sid, message);
    this.#publishMessage(message);
  }

  #publishMessage(message: MessageRecord): void {
    this.#publish({ kind: "message", message: toEmulatedMessage(message, this.listMedia(message)) });
  }

  #forgetOldest(): void {
    for (const sid of this.#messages.keys()) {
      if (this.#messages.size <= MESSAGES_KEPT) return;
      this.#dropMessage(sid);
    }
  }

  #dropMessage(sid: string): void {
    for (const mediaSid of this.#messages.get(sid)?.mediaSids ?? []) this.#dropMedia(mediaSid);
    this.#messages.delete(sid);
  }

  #dropMedia(sid: string): void {
    this.#mediaBytes -= this.#media.get(sid)?.bytes.length ?? 0;
    this.#media.delete(sid);
  }
}
