import type {
  EmulatedAccount,
  EmulatedMessage,
  EmulatedNumber,
  EmulatedPhone,
  EmulatorEvent,
  EmulatorState,
  WebhookAttempt,
} from "../contract.ts";

/** The part of the page's state that is saved between visits. Phones and texts are kept by the emulator. */
export interface PageLayout {
  /** Numbers of the phones from left to right; null before the first visit. */
  readonly order: readonly string[] | null;
  /** Number of the phone that a small screen shows. */
  readonly active: string | null;
  /** The operator's number that each phone texts, by phone. */
  readonly targets: Readonly<Record<string, string>>;
  /** Creation time of the newest text that was seen, in milliseconds since 1970, by conversation key. */
  readonly seen: Readonly<Record<string, number>>;
}

export type ConnectionStatus = "connecting" | "open" | "reconnecting";

export interface PageState {
  readonly connection: ConnectionStatus;
  /** False until the first snapshot has arrived. */
  readonly loaded: boolean;
  readonly accounts: readonly EmulatedAccount[];
  readonly numbers: readonly EmulatedNumber[];
  readonly phones: readonly EmulatedPhone[];
  /** In order of creation. */
  readonly messages: readonly EmulatedMessage[];
  /** Webhook attempts by message SID, oldest first. */
  readonly attempts: Readonly<Record<string, readonly WebhookAttempt[]>>;
  readonly layout: PageLayout;
  /** The phone whose composer takes the focus as soon as it is rendered. */
  readonly focus: string | null;
}

export type PageAction =
  | { readonly type: "connection"; readonly connection: ConnectionStatus }
  | { readonly type: "loaded"; readonly snapshot: EmulatorState; readonly attempts: readonly WebhookAttempt[] }
  | { readonly type: "event"; readonly event: EmulatorEvent }
  | { readonly type: "phone-added"; readonly phone: EmulatedPhone }
  | { readonly type: "phone-removed"; readonly number: string }
  | { readonly type: "target-picked"; readonly phone: string; readonly number: string }
  | { readonly type: "activated"; readonly number: string; readonly focus: boolean }
  | { readonly type: "focused" }
  | { readonly type: "seen"; readonly phone: string; readonly number: string; readonly at: number };

export const EMPTY_LAYOUT: PageLayout = { order: null, active: null, targets: {}, seen: {} };

/** As many as a snapshot contains; the emulator keeps more. */
const MESSAGES_KEPT = 5_000;

/** A message has a handful of webhook attempts at most, except in an endless loop of TwiML redirects. */
const ATTEMPTS_KEPT = 20;

/** @returns the key of a conversation in `PageLayout.seen` */
export const toConversationKey = (phone: string, number: string): string => `${phone} ${number}`;

export function createInitialState(layout: PageLayout): PageState {
  return {
    connection: "connecting",
    loaded: false,
    accounts: [],
    numbers: [],
    phones: [],
    messages: [],
    attempts: {},
    layout,
    focus: null,
  };
}

export function reduceState(state: PageState, action: PageAction): PageState {
  switch (action.type) {
    case "connection":
      return state.connection === action.connection ? state : { ...state, connection: action.connection };
    case "loaded":
      return applySnapshot(state, action.snapshot, action.attempts);
    case "event":
      return applyEvent(state, action.event);
    case "phone-added":
      return activatePhone(addPhone(state, action.phone), action.phone.number, true);
    case "phone-removed":
      return removePhone(state, action.number);
    case "target-picked":
      return changeLayout(state, { targets: { ...state.layout.targets, [action.phone]: action.number } });
    case "activated":
      return activatePhone(state, action.number, action.focus);
    case "focused":
      return state.focus === null ? state : { ...state, focus: null };
    case "seen":
      return markSeen(state, toConversationKey(action.phone, action.number), action.at);
  }
  return state;
}

/** Lists the phones to create if the emulator has none: those of the last visit, or one free number (null). */
export function listMissingPhones(phones: readonly EmulatedPhone[], layout: PageLayout): readonly (string | null)[] {
  return phones.length > 0 ? [] : (layout.order ?? [null]);
}

function applySnapshot(state: PageState, snapshot: EmulatorState, attempts: readonly WebhookAttempt[]): PageState {
  const phones = sortPhones(snapshot.phones, state.layout.order ?? []);
  const messages = snapshot.messages.toSorted((a, b) => a.createdAt - b.createdAt);
  const order = phones.length > 0 ? phones.map((phone) => phone.number) : state.layout.order;
  return {
    ...state,
    loaded: true,
    accounts: snapshot.accounts,
    numbers: snapshot.numbers,
    phones,
    messages,
    attempts: Object.groupBy(attempts, (attempt) => attempt.messageSid) as PageState["attempts"],
    layout: { ...state.layout, order },
    focus: state.loaded ? state.focus : (findActivePhone(phones, state.layout.active) ?? null),
  };
}

function applyEvent(state: PageState, event: EmulatorEvent): PageState {
  switch (event.kind) {
    case "message":
      return { ...state, messages: upsertMessage(state.messages, event.message) };
    case "phone":
      return addPhone(state, event.phone);
    case "phone-removed":
      return { ...removePhone(state, event.number), focus: state.focus };
    case "number":
      return { ...state, numbers: upsertNumber(state.numbers, event.number) };
    case "webhook":
      return { ...state, attempts: addAttempt(state.attempts, event.attempt) };
    case "reset":
      // The server also sends this if it no longer has the events that the page missed; so the layout stays.
      return { ...createInitialState(state.layout), connection: state.connection, loaded: state.loaded };
  }
  // A newer emulator may send kinds that this page does not know.
  return state;
}

function upsertMessage(messages: readonly EmulatedMessage[], message: EmulatedMessage): readonly EmulatedMessage[] {
  const index = messages.findLastIndex((one) => one.sid === message.sid);
  const present = messages[index];
  // The response to a POST may arrive after newer events about the same message.
  if (present !== undefined) return present.updatedAt > message.updatedAt ? messages : messages.with(index, message);
  const before = messages.findLastIndex((one) => one.createdAt <= message.createdAt);
  return messages.toSpliced(before + 1, 0, message).slice(-MESSAGES_KEPT);
}

function upsertNumber(numbers: readonly EmulatedNumber[], number: EmulatedNumber): readonly EmulatedNumber[] {
  const index = numbers.findIndex((one) => one.phoneNumber === number.phoneNumber);
  return index < 0 ? [...numbers, number] : numbers.with(index, number);
}

function addAttempt(attempts: PageState["attempts"], attempt: WebhookAttempt): PageState["attempts"] {
  const others = (attempts[attempt.messageSid] ?? []).filter((one) => one.id !== attempt.id);
  return { ...attempts, [attempt.messageSid]: [...others, attempt].slice(-ATTEMPTS_KEPT) };
}

function addPhone(state: PageState, phone: EmulatedPhone): PageState {
  if (state.phones.some((one) => one.number === phone.number)) return state;
  const phones = [...state.phones, phone];
  return changeLayout({ ...state, phones }, { order: phones.map((one) => one.number) });
}

function removePhone(state: PageState, number: string): PageState {
  const index = state.phones.findIndex((phone) => phone.number === number);
  if (index < 0) return state;
  const phones = state.phones.toSpliced(index, 1);
  const { active, targets, seen } = state.layout;
  const neighbour = (phones[index] ?? phones[index - 1])?.number ?? null;
  return changeLayout(
    { ...state, phones, focus: neighbour },
    {
      order: phones.map((phone) => phone.number),
      active: active === number ? neighbour : active,
      targets: omitEntries(targets, (key) => key === number),
      seen: omitEntries(seen, (key) => key.startsWith(`${number} `)),
    },
  );
}

function activatePhone(state: PageState, number: string, focus: boolean): PageState {
  const next = focus ? { ...state, focus: number } : state;
  return state.layout.active === number ? next : changeLayout(next, { active: number });
}

function markSeen(state: PageState, key: string, at: number): PageState {
  if ((state.layout.seen[key] ?? 0) >= at) return state;
  return changeLayout(state, { seen: { ...state.layout.seen, [key]: at } });
}

function changeLayout(state: PageState, change: Partial<PageLayout>): PageState {
  return { ...state, layout: { ...state.layout, ...change } };
}

/** Finds the phone that a small screen shows: the saved one if it exists, otherwise the first. */
export function findActivePhone(phones: readonly EmulatedPhone[], active: string | null): string | undefined {
  return (phones.find((phone) => phone.number === active) ?? phones[0])?.number;
}

function sortPhones(phones: readonly EmulatedPhone[], order: readonly string[]): readonly EmulatedPhone[] {
  const findPosition = (phone: EmulatedPhone): number => {
    const index = order.indexOf(phone.number);
    return index < 0 ? order.length : index;
  };
  return phones.toSorted((a, b) => findPosition(a) - findPosition(b));
}

function omitEntries<T>(
  record: Readonly<Record<string, T>>,
  shouldOmit: (key: string) => boolean,
): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !shouldOmit(key)));
}
