import type { EmulatorEvent } from "../contract.ts";
import { EVENTS_KEPT, EVENTS_UNREAD, HEARTBEAT_MILLISECONDS } from "../limits.ts";

interface NumberedEvent {
  readonly id: number;
  readonly event: EmulatorEvent;
}

/** Sends each event to all open streams, and keeps recent events for streams that reconnect. */
export class EventHub {
  /** Starts from the clock, so that ids grow from run to run and a Last-Event-ID of an earlier run is recognized. */
  #lastId = Date.now() * 1_000;
  #recentEvents: NumberedEvent[] = [];
  readonly #streams = new Set<EventStream>();
  readonly #listeners = new Set<(event: EmulatorEvent) => void>();

  readonly publish = (event: EmulatorEvent): void => {
    this.#lastId += 1;
    const numberedEvent = { id: this.#lastId, event };
    this.#recentEvents.push(numberedEvent);
    if (this.#recentEvents.length > 2 * EVENTS_KEPT) this.#recentEvents = this.#recentEvents.slice(-EVENTS_KEPT);
    const text = formatEvent(numberedEvent);
    for (const stream of this.#streams) stream.writeText(text);
    for (const listener of this.#listeners) listener(event);
  };

  /** Calls a listener in this process for each future event. */
  addListener(listener: (event: EmulatorEvent) => void): void {
    this.#listeners.add(listener);
  }

  /**
   * Opens a stream of server-sent events.
   * @param lastEventId the last event that the reader saw, if it was connected before: the stream starts with the
   * events that it missed, or with a `reset` if they are no longer kept
   */
  openStream(lastEventId: number | null): ReadableStream<Uint8Array> {
    let stream: EventStream | undefined;
    return new ReadableStream<Uint8Array>({
      start: (controller) => {
        stream = new EventStream(controller, (closed) => this.#streams.delete(closed));
        stream.writeText("retry: 1000\n\n");
        for (const missed of this.#listMissedEvents(lastEventId)) stream.writeText(formatEvent(missed));
        this.#streams.add(stream);
      },
      cancel: () => stream?.closeStream(),
    });
  }

  closeStreams(): void {
    for (const stream of this.#streams) stream.closeStream();
  }

  #listMissedEvents(lastEventId: number | null): readonly NumberedEvent[] {
    if (lastEventId === null || lastEventId === this.#lastId) return [];
    const index = this.#recentEvents.findIndex(({ id }) => id === lastEventId);
    return index === -1 ? [{ id: this.#lastId, event: { kind: "reset" } }] : this.#recentEvents.slice(index + 1);
  }
}

/** The stream of one reader. */
class EventStream {
  readonly #controller: ReadableStreamDefaultController<Uint8Array>;
  readonly #onEnd: (stream: EventStream) => void;
  readonly #heartbeat: NodeJS.Timeout;
  #open = true;

  constructor(controller: ReadableStreamDefaultController<Uint8Array>, onEnd: (stream: EventStream) => void) {
    this.#controller = controller;
    this.#onEnd = onEnd;
    this.#heartbeat = setInterval(() => this.writeText(":\n\n"), HEARTBEAT_MILLISECONDS);
  }

  /** Sends text, or closes the stream if the reader is so far behind that unread events would fill the memory. */
  writeText(text: string): void {
    if ((this.#controller.desiredSize ?? 0) < -EVENTS_UNREAD) this.closeStream();
    else if (this.#open) this.#controller.enqueue(ENCODER.encode(text));
  }

  closeStream(): void {
    if (!this.#open) return;
    this.#open = false;
    clearInterval(this.#heartbeat);
    this.#onEnd(this);
    try {
      this.#controller.close();
    } catch {
      // The reader has disconnected already.
    }
  }
}

const ENCODER = new TextEncoder();

function formatEvent({ id, event }: NumberedEvent): string {
  return `id: ${id}\nevent: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`;
}
