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

/** EventSource gives up for good when the server answers with an error; then we begin again after this long. */
const RETRY_MS = 1_500;

interface FollowOptions {
  readonly dispatch: (action: PageAction) => void;
  /** Called with each snapshot that a new connection brought, not with those after a reset. */
  readonly onConnect: (snapshot: EmulatorState) => void;
}

/**
 * Keeps the page equal to the emulator: a snapshot on every connection, then events. Returns a function that stops.
 * Events that arrive while a snapshot is on its way wait for it, so that neither can undo the other.
 */
export function followEmulator({ dispatch, onConnect }: FollowOptions): () => void {
  let source: EventSource | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let waiting: EmulatorEvent[] | null = null;
  let round = 0;

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
    retry = setTimeout(openStream, RETRY_MS);
  }

  function closeStream(): void {
    round += 1;
    clearTimeout(retry);
    source?.close();
  }

  async function loadSnapshot(then?: (snapshot: EmulatorState) => void): Promise<void> {
    round += 1;
    const mine = round;
    waiting = [];
    const [answer, attempts] = await Promise.all([fetchState(), fetchAttempts()]);
    if (mine !== round) return;
    if (!answer.ok) {
      dispatch({ type: "connection", connection: "reconnecting" });
      scheduleReconnect();
      return;
    }
    const missed: EmulatorEvent[] = waiting;
    // Nobody knows whether this snapshot is from before the reset or after it.
    if (missed.some((event) => event.kind === "reset")) return loadSnapshot(then);
    waiting = null;
    dispatch({ type: "loaded", snapshot: answer.value, attempts });
    dispatch({ type: "connection", connection: "open" });
    for (const event of missed) dispatchEvent(event);
    then?.(answer.value);
  }

  function receiveEvent(message: MessageEvent<string>): void {
    const event = JSON.parse(message.data) as EmulatorEvent;
    if (waiting === null) dispatchEvent(event);
    else waiting.push(event);
  }

  function dispatchEvent(event: EmulatorEvent): void {
    dispatch({ type: "event", event });
    if (event.kind === "reset") void loadSnapshot();
  }

  openStream();
  return closeStream;
}
