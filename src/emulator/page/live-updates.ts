import type { EmulatorEvent, EmulatorState } from "../contract.ts";
import { fetchAttempts, fetchState } from "./api.ts";
import type { PageAction } from "./page-state.ts";

const EVENT_KINDS: readonly EmulatorEvent["kind"][] = [
  "message",
  "phone",
  "phone-removed",
  "number",
  "webhook",
  "reset",
];

/** Delay before a new EventSource is opened; EventSource does not reconnect after an HTTP error. */
const RETRY_MS = 1_500;

interface FollowOptions {
  readonly dispatch: (action: PageAction) => void;
  /** Called with the first snapshot of each new connection, not with those after a reset. */
  readonly onConnect: (snapshot: EmulatorState) => void;
}

/**
 * Keeps the page up to date: loads a snapshot on each connection, then applies events. Events that arrive while the
 * snapshot is loading are buffered and applied after it.
 * @returns a function that stops the updates
 */
export function followEmulator({ dispatch, onConnect }: FollowOptions): () => void {
  let source: EventSource | null = null;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let bufferedEvents: EmulatorEvent[] | null = null;
  let connectionId = 0;

  function openStream(): void {
    source = new EventSource("/emulator/events");
    source.addEventListener("open", () => void loadSnapshot(onConnect));
    source.addEventListener("error", handleStreamError);
    for (const kind of EVENT_KINDS)
      source.addEventListener(kind, (event) => receiveEvent(event as MessageEvent<string>));
  }

  function handleStreamError(): void {
    dispatch({ type: "connection", connection: "reconnecting" });
    if (source?.readyState === EventSource.CLOSED) scheduleReconnect();
  }

  function scheduleReconnect(): void {
    closeStream();
    retryTimer = setTimeout(openStream, RETRY_MS);
  }

  function closeStream(): void {
    connectionId += 1;
    clearTimeout(retryTimer);
    source?.close();
  }

  async function loadSnapshot(onLoad?: (snapshot: EmulatorState) => void): Promise<void> {
    connectionId += 1;
    const loadId = connectionId;
    bufferedEvents = [];
    const [result, attempts] = await Promise.all([fetchState(), fetchAttempts()]);
    if (loadId !== connectionId) return;
    if (!result.ok) {
      dispatch({ type: "connection", connection: "reconnecting" });
      scheduleReconnect();
      return;
    }
    const missed: EmulatorEvent[] = bufferedEvents;
    // The snapshot may be from before the reset, so load another one.
    if (missed.some((event) => event.kind === "reset")) return loadSnapshot(onLoad);
    bufferedEvents = null;
    dispatch({ type: "loaded", snapshot: result.value, attempts });
    dispatch({ type: "connection", connection: "open" });
    for (const event of missed) dispatchEvent(event);
    onLoad?.(result.value);
  }

  function receiveEvent(message: MessageEvent<string>): void {
    const event = JSON.parse(message.data) as EmulatorEvent;
    if (bufferedEvents === null) dispatchEvent(event);
    else bufferedEvents.push(event);
  }

  function dispatchEvent(event: EmulatorEvent): void {
    dispatch({ type: "event", event });
    if (event.kind === "reset") void loadSnapshot();
  }

  openStream();
  return closeStream;
}
