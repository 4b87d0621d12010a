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

/** Older texts wait behind a button, so that a load test does not freeze the page. */
const TEXTS_PER_PAGE = 150;

interface MessageThreadProps {
  readonly texts: readonly EmulatedMessage[];
  readonly attempts: PageState["attempts"];
  readonly peer: PhonePeer | null;
}

export function MessageThread({ texts, attempts, peer }: MessageThreadProps): JSX.Element {
  const { scroller, content, atEnd, onScroll, toEnd, stay } = useStickyScroller();
  const [shown, setShown] = useState(TEXTS_PER_PAGE);
  const [stop, setStop] = useState<string | null>(null);
  const missed = useMissedCount(texts, atEnd, toEnd);
  const placed = useMemo(() => placeMessages(texts.slice(-shown)), [texts, shown]);
  const hidden = texts.length - placed.length;
  const name = peer === null ? "nobody" : peer.name === "" ? formatNumber(peer.number) : peer.name;
  const tabStop = placed.some((one) => one.message.sid === stop) ? stop : texts.at(-1)?.sid;

  function jumpToEnd(): void {
    toEnd();
    // The button goes away, and the keyboard must be somewhere.
    scroller.current?.focus();
  }

  function showEarlier(): void {
    stay();
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

/** Counts what came in below the reader's view; a text of one's own always brings the end into view. */
function useMissedCount(texts: readonly EmulatedMessage[], atEnd: boolean, toEnd: () => void): number {
  const read = useRef(texts.length);
  const before = useRef(texts.length);
  const newest = texts.at(-1);
  useLayoutEffect(() => {
    const grown = texts.length > before.current;
    before.current = texts.length;
    if (grown && newest !== undefined && toDirection(newest) === "out") toEnd();
  }, [texts.length]);
  if (atEnd) read.current = texts.length;
  return Math.max(0, texts.length - read.current);
}

/** The thread is one stop for Tab; inside it, arrows go from one text's details to the next. */
function moveAmongBubbles(event: TargetedKeyboardEvent<HTMLElement>): void {
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>(".meta")];
  const at = stops.findIndex((stop) => stop === document.activeElement);
  if (at < 0) return;
  const next = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: stops.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  stops[Math.min(Math.max(next, 0), stops.length - 1)]?.focus();
}
