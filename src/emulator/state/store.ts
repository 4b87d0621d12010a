import type { EmulatedMessage, EmulatorEvent, EmulatorState, WebhookAttempt } from "../contract.ts";
import { ATTEMPTS_KEPT, MEDIA_BYTES_KEPT, MESSAGES_IN_STATE, MESSAGES_KEPT } from "../limits.ts";
import { toEmulatedAccount, toEmulatedMessage, toEmulatedNumber } from "./emulated-views.ts";
import { applyStatusChange, type StatusChange } from "./message-lifecycle.ts";
import type { AccountRecord, MediaFile, MessageRecord, OwnedNumber } from "./records.ts";

/** The emulator's state, in memory. All changes go through methods of this class, which publish them as events. */
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

  /** Lists an account's numbers in order of creation. */
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

  /** Removes a phone and keeps its messages, as Twilio does. */
  removePhone(number: string): void {
    if (this.#phones.delete(number)) this.#publish({ kind: "phone-removed", number });
  }

  findMessage(sid: string): MessageRecord | undefined {
    return this.#messages.get(sid);
  }

  addMessage(fields: Omit<MessageRecord, "order">): MessageRecord {
    const message = { ...fields, order: this.#nextOrder };
    this.#nextOrder += 1;
    this.#messages.set(message.sid, message);
    this.#forgetOldest();
    this.#publishMessage(message);
    return message;
  }

  /** @returns the changed message; null if it does not exist or its present status does not allow the change */
  advanceMessage(sid: string, change: StatusChange, now: number): MessageRecord | null {
    const message = this.#messages.get(sid);
    const next = message === undefined ? null : applyStatusChange(message, change, now);
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

  /** Deletes a message at Twilio. Publishes no event, since the message stays on the contact's phone. */
  removeMessage(sid: string): void {
    this.#dropMessage(sid);
  }

  listNewestMessages(): readonly MessageRecord[] {
    return [...this.#messages.values()].toReversed();
  }

  /**
   * Lists the messages between a phone and one of the operator's numbers, oldest first.
   * @param number null for all numbers
   */
  listTranscript(phone: string, number: string | null): readonly EmulatedMessage[] {
    const messages = [...this.#messages.values()].filter(
      ({ from, to }) =>
        (from === phone && (number === null || to === number)) ||
        (to === phone && (number === null || from === number)),
    );
    return messages.map((message) => toEmulatedMessage(message, this.listMedia(message)));
  }

  findMedia(sid: string): MediaFile | undefined {
    return this.#media.get(sid);
  }

  listMedia(message: MessageRecord): readonly MediaFile[] {
    return message.mediaSids.flatMap((sid) => this.#media.get(sid) ?? []);
  }

  /** Adds a file to its message. Does nothing if the message no longer exists. */
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

  /** Tells whether the contact has opted out of texts from this number. */
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

  addAttempt(fields: Omit<WebhookAttempt, "id">): void {
    const attempt = { id: this.#nextAttempt, ...fields };
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

  /**
   * Forgets phones, messages, media, webhook attempts and opt-outs.
   * @param all whether to forget accounts and numbers, which are settings, too
   */
  clearState(all: boolean): void {
    for (const collection of [this.#phones, this.#messages, this.#media, this.#blocked]) collection.clear();
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
