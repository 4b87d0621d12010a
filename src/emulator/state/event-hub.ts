import type { EmulatorEvent } from "../contract.ts";
import { EVENTS_KEPT, EVENTS_UNREAD, HEARTBEAT_MILLISECONDS } from "../limits.ts";

interface NumberedEvent {
  readonly id: number;
  readonly event: EmulatorEvent;
}

/** Hands every event to every open stream, and remembers the last ones for those that reconnect. */
export class EventHub {
  /** Ids of a later run are larger than those of an earlier one, so that an old Last-Event-ID is known to be old. */
  #lastId = Date.now() * 1_000;
  #kept: NumberedEvent[] = [];
  readonly #streams = new Set<EventStream>();
  readonly #listeners = new Set<(event: EmulatorEvent) => void>();

  readonly publish = (event: EmulatorEvent): void => {
    this.#lastId += 1;
    const numbered = { id: this.#lastId, event };
    this.#kept.push(numbered);
    if (this.#kept.length > 2 * EVENTS_KEPT) this.#kept = this.#kept.slice(-EVENTS_KEPT);
    const text = formatEvent(numbered);
    for (const stream of this.#streams) stream.writeText(text);
    for (const listener of this.#listeners) listener(event);
  };

  /** Tells of every event from now on, within this process. */
  addListener(listener: (event: EmulatorEvent) => void): void {
    this.#listeners.add(listener);
  }

  /**
   * Server-sent events from now on, as bytes.
   * @param lastEventId what the reader saw last, if it was connected before; what it missed comes first, or a `reset`
   * where too much was missed
   */
  openStream(lastEventId: number | null): ReadableStream<Uint8Array> {
    let stream: EventStream | undefined;
    return new ReadableStream<Uint8Array>({
      start: (controller) => {
        stream = new EventStream(controller, (ended) => this.#streams.delete(ended));
        stream.writeText("retry: 1000\n\n");
        for (const missed of this.#listMissedEvents(lastEventId)) stream.writeText(formatEvent(missed));
        this.#streams.add(stream);
      },
      cancel: () => stream?.closeStream(),
    });
  }

  /** Ends every stream. */
  closeStreams(): void {
    for (const stream of this.#streams) stream.closeStream();
  }

  #listMissedEvents(lastEventId: number | null): readonly NumberedEvent[] {
    if (lastEventId === null || lastEventId === this.#lastId) return [];
    const seen = this.#kept.findIndex(({ id }) => id === lastEventId);
    return seen === -1 ? [{ id: this.#lastId, event: { kind: "reset" } }] : this.#kept.slice(seen + 1);
  }
}

/** One reader. */
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

  /** A reader that does not read is cut off, before what waits for it fills the memory. */
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
      // The reader has gone by itself.
    }
  }
}

const ENCODER = new TextEncoder();

function formatEvent({ id, event }: NumberedEvent): string {
  return `id: ${id}\nevent: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`;
}
