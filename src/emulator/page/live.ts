import type { EmulatorEvent, EmulatorState } from "../contract.ts";
import { fetchAttempts, fetchState } from "./api.ts";
import type { Action } from "./store.ts";

const KINDS: readonly EmulatorEvent["kind"][] = ["message", "phone", "phone-removed", "number", "webhook", "reset"];

/** EventSource gives up for good when the server answers with an error; then we begin again after this long. */
const RETRY_MS = 1_500;

interface Follower {
  readonly dispatch: (action: Action) => void;
  /** Called with each snapshot that a new connection brought, not with those after a reset. */
  readonly onConnect: (snapshot: EmulatorState) => void;
}

/**
 * Keeps the page equal to the emulator: a snapshot on every connection, then events. Returns a function that stops.
 * Events that arrive while a snapshot is on its way wait for it, so that neither can undo the other.
 */
export function follow({ dispatch, onConnect }: Follower): () => void {
  let source: EventSource | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let waiting: EmulatorEvent[] | null = null;
  let round = 0;

  function open(): void {
    source = new EventSource("/emulator/events");
    source.addEventListener("open", () => void refresh(onConnect));
    source.addEventListener("error", lost);
    for (const kind of KINDS) source.addEventListener(kind, (event) => take(event as MessageEvent<string>));
  }

  function lost(): void {
    dispatch({ type: "connection", connection: "reconnecting" });
    if (source?.readyState === EventSource.CLOSED) again();
  }

  function again(): void {
    close();
    retry = setTimeout(open, RETRY_MS);
  }

  function close(): void {
    round += 1;
    clearTimeout(retry);
    source?.close();
  }

  async function refresh(then?: (snapshot: EmulatorState) => void): Promise<void> {
    round += 1;
    const mine = round;
    waiting = [];
    const [answer, attempts] = await Promise.all([fetchState(), fetchAttempts()]);
    if (mine !== round) return;
    if (!answer.ok) {
      dispatch({ type: "connection", connection: "reconnecting" });
      again();
      return;
    }
    const missed: EmulatorEvent[] = waiting;
    // Nobody knows whether this snapshot is from before the reset or after it.
    if (missed.some((event) => event.kind === "reset")) return refresh(then);
    waiting = null;
    dispatch({ type: "loaded", snapshot: answer.value, attempts });
    dispatch({ type: "connection", connection: "open" });
    for (const event of missed) happen(event);
    then?.(answer.value);
  }

  function take(message: MessageEvent<string>): void {
    const event = JSON.parse(message.data) as EmulatorEvent;
    if (waiting === null) happen(event);
    else waiting.push(event);
  }

  function happen(event: EmulatorEvent): void {
    dispatch({ type: "event", event });
    if (event.kind === "reset") void refresh();
  }

  open();
  return close;
}
