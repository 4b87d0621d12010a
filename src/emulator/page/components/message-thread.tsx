import { Fragment, type JSX, type TargetedKeyboardEvent } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { EmulatedMessage } from "../../contract.ts";
import { type PhonePeer, placeMessages, toDirection } from "../conversation-view.ts";
import type { PageState } from "../page-state.ts";
import { formatCount, formatDayAndTime, formatNumber } from "../page-texts.ts";
import { EmptyConversation } from "./empty-conversation.tsx";
import { DownIcon } from "./icons.tsx";
import { MessageBubble } from "./message-bubble.tsx";
import { useStickyScroller } from "./visibility.ts";

/** Older texts are shown by a button, so that a load test does not freeze the page. */
const TEXTS_PER_PAGE = 150;

interface MessageThreadProps {
  readonly texts: readonly EmulatedMessage[];
  readonly attempts: PageState["attempts"];
  readonly peer: PhonePeer | null;
}

export function MessageThread({ texts, attempts, peer }: MessageThreadProps): JSX.Element {
  const { scroller, content, atEnd, onScroll, scrollToEnd, keepPosition } = useStickyScroller();
  const [shown, setShown] = useState(TEXTS_PER_PAGE);
  const [stop, setStop] = useState<string | null>(null);
  const missed = useMissedCount(texts, atEnd, scrollToEnd);
  const placed = useMemo(() => placeMessages(texts.slice(-shown)), [texts, shown]);
  const hidden = texts.length - placed.length;
  const name = peer === null ? "no number" : peer.name === "" ? formatNumber(peer.number) : peer.name;
  const tabStop = placed.some((one) => one.message.sid === stop) ? stop : texts.at(-1)?.sid;

  function jumpToEnd(): void {
    scrollToEnd();
    // The button disappears, so move the focus elsewhere.
    scroller.current?.focus();
  }

  function showEarlier(): void {
    keepPosition();
    setShown(shown + TEXTS_PER_PAGE);
  }

  return (
    <div class="thread">
      <section
        class="log"
        role="log"
        aria-live="polite"
        aria-relevant="additions"
        aria-label={`Texts with ${name}`}
        tabIndex={0}
        ref={scroller}
        onScroll={onScroll}
        onKeyDown={moveAmongBubbles}
      >
        <div class="log-content" ref={content}>
          {texts.length === 0 && <EmptyConversation peer={peer} />}
          {hidden > 0 && (
            <button type="button" class="earlier" onClick={showEarlier}>
              {formatCount(hidden, "earlier text")}
            </button>
          )}
          {placed.map((one) => (
            <Fragment key={one.message.sid}>
              {one.time !== null && (
                <p class="time">
                  <time dateTime={new Date(one.time).toISOString()}>{formatDayAndTime(one.time, Date.now())}</time>
                </p>
              )}
              <MessageBubble
                placed={one}
                attempts={attempts[one.message.sid]}
                name={name}
                tabStop={one.message.sid === tabStop}
                onStop={setStop}
              />
            </Fragment>
          ))}
        </div>
      </section>
      {missed > 0 && (
        <button type="button" class="pill" onClick={jumpToEnd}>
          <DownIcon />
          {formatCount(missed, "new message")}
        </button>
      )}
    </div>
  );
}

/** Counts the texts that arrived below the reader's view. Scrolls to the end after each text that the phone sends. */
function useMissedCount(texts: readonly EmulatedMessage[], atEnd: boolean, scrollToEnd: () => void): number {
  const readCount = useRef(texts.length);
  const previousCount = useRef(texts.length);
  const newest = texts.at(-1);
  useLayoutEffect(() => {
    const hasGrown = texts.length > previousCount.current;
    previousCount.current = texts.length;
    if (hasGrown && newest !== undefined && toDirection(newest) === "out") scrollToEnd();
  }, [texts.length]);
  if (atEnd) readCount.current = texts.length;
  return Math.max(0, texts.length - readCount.current);
}

/** Moves the focus among the bubbles by arrow keys, Home and End; for Tab, the thread is a single stop. */
function moveAmongBubbles(event: TargetedKeyboardEvent<HTMLElement>): void {
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>(".meta")];
  const index = stops.findIndex((stop) => stop === document.activeElement);
  if (index < 0) return;
  const next = { ArrowUp: index - 1, ArrowDown: index + 1, Home: 0, End: stops.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  stops[Math.min(Math.max(next, 0), stops.length - 1)]?.focus();
}
