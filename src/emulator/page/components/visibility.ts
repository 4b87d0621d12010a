import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

type ElementRef = RefObject<HTMLElement | null>;

/** Is at least half of the element on the screen? */
export function useInView(element: ElementRef): boolean {
  const [inView, setInView] = useState(true);
  useEffect(() => {
    if (element.current === null) return undefined;
    const observer = new IntersectionObserver((entries) => setInView((entries.at(-1)?.intersectionRatio ?? 0) >= 0.5), {
      threshold: 0.5,
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return inView;
}

/** Is the page in a tab that is shown? */
export function usePageVisible(): boolean {
  const [awake, setAwake] = useState(!document.hidden);
  useEffect(() => {
    const onChange = (): void => setAwake(!document.hidden);
    document.addEventListener("visibilitychange", onChange);
    return () => document.removeEventListener("visibilitychange", onChange);
  }, []);
  return awake;
}

/** The time, to the minute and a bit. */
export function useCurrentTime(started: number): number {
  const [now, setNow] = useState(started);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 10_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

interface StickyScroller {
  readonly scroller: ElementRef;
  readonly content: RefObject<HTMLDivElement | null>;
  /** True while the newest text is in sight; then the scroller follows what is added. */
  readonly atEnd: boolean;
  readonly onScroll: () => void;
  readonly toEnd: () => void;
  /** Call it before something is added at the top: what is in sight stays in sight. */
  readonly stay: () => void;
}

/** A reader who is this near to the end still reads the newest text. */
const NEAR_PX = 48;

/** Keeps a scroller at its end, unless its reader has scrolled up. Pictures that load late count as growth. */
export function useStickyScroller(): StickyScroller {
  const scroller = useRef<HTMLElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const top = useRef(0);
  const fromEnd = useRef<number | null>(null);
  const [atEnd, setAtEnd] = useState(true);

  function scrollToEnd(): void {
    follows.current = true;
    setAtEnd(true);
    if (scroller.current !== null) scroller.current.scrollTop = scroller.current.scrollHeight;
  }

  function onScroll(): void {
    const box = scroller.current;
    if (box === null) return;
    const near = box.scrollHeight - box.scrollTop - box.clientHeight <= NEAR_PX;
    // Only a reader scrolls upwards. Growth makes the end move away too, but does not turn anybody into a reader of old texts.
    if (near) follows.current = true;
    else if (box.scrollTop < top.current) follows.current = false;
    top.current = box.scrollTop;
    setAtEnd(follows.current);
  }

  function keepPosition(): void {
    const box = scroller.current;
    fromEnd.current = box === null ? null : box.scrollHeight - box.scrollTop;
  }

  useLayoutEffect(() => {
    if (scroller.current === null || fromEnd.current === null) return;
    scroller.current.scrollTop = scroller.current.scrollHeight - fromEnd.current;
    fromEnd.current = null;
  });

  useLayoutEffect(() => {
    if (scroller.current === null || content.current === null) return undefined;
    const observer = new ResizeObserver(() => {
      if (follows.current) scrollToEnd();
    });
    observer.observe(scroller.current);
    observer.observe(content.current);
    return () => observer.disconnect();
  }, []);

  return { scroller, content, atEnd, onScroll, toEnd: scrollToEnd, stay: keepPosition };
}
