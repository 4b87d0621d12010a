import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

type ElementRef = RefObject<HTMLElement | null>;

/** @returns whether at least half of the element is visible */
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

/** @returns whether the page's tab is visible */
export function usePageVisible(): boolean {
  const [visible, setVisible] = useState(!document.hidden);
  useEffect(() => {
    const onChange = (): void => setVisible(!document.hidden);
    document.addEventListener("visibilitychange", onChange);
    return () => document.removeEventListener("visibilitychange", onChange);
  }, []);
  return visible;
}

/** @returns the present time, updated every 10 seconds */
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
  /** Whether the newest text is visible; then the scroller follows new texts. */
  readonly atEnd: boolean;
  readonly onScroll: () => void;
  readonly scrollToEnd: () => void;
  /** Must be called before texts are added at the top, so that the visible ones stay in place. */
  readonly keepPosition: () => void;
}

/** Distance from the end, in pixels, up to which the scroller counts as at its end. */
const NEAR_PX = 48;

/** Keeps a scroller at its end while content is added or images load, unless the reader has scrolled up. */
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
    // Added content also moves the end away, but only the reader scrolls up.
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

  return { scroller, content, atEnd, onScroll, scrollToEnd, keepPosition };
}
