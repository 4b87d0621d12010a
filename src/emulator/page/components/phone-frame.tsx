import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { findTarget, listPeers, selectConversation } from "../conversation-view.ts";
import type { PageState } from "../page-state.ts";
import { formatNumber, formatTime } from "../page-texts.ts";
import type { EmulatorActions } from "../use-emulator.ts";
import { MessageThread } from "./message-thread.tsx";
import { PhoneHeader } from "./phone-header.tsx";
import { TextComposer } from "./text-composer.tsx";
import { useCurrentTime, useInView, usePageVisible } from "./visibility.ts";

interface PhoneFrameProps {
  readonly number: string;
  readonly active: boolean;
  readonly state: PageState;
  readonly actions: EmulatorActions;
  readonly onInView: (number: string, visible: boolean) => void;
}

export function PhoneFrame({ number, active, state, actions, onInView }: PhoneFrameProps): JSX.Element {
  const frame = useRef<HTMLElement>(null);
  const target = findTarget(state, number);
  const texts = useMemo(
    () => selectConversation(state.messages, number, target ?? ""),
    [state.messages, number, target],
  );
  const inView = useInView(frame);
  const peers = listPeers(state, number);
  const wantsFocus = state.focus === number;
  useSeenTracker(inView, texts.at(-1)?.createdAt ?? 0, (at) => {
    if (target !== null) actions.dispatch({ type: "seen", phone: number, number: target, at });
  });
  useEffect(() => onInView(number, inView), [number, inView, onInView]);
  useEffect(() => () => onInView(number, false), [number, onInView]);
  useEffect(() => {
    if (wantsFocus) frame.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [wantsFocus]);

  return (
    <section
      class="phone"
      ref={frame}
      data-testid={`phone-${number}`}
      data-active={active}
      aria-label={`Phone ${formatNumber(number)}`}
      onFocusIn={() => active || actions.dispatch({ type: "activated", number, focus: false })}
    >
      <div class="screen">
        <StatusBar online={state.connection === "open"} />
        <PhoneHeader number={number} target={target} peers={peers} actions={actions} />
        <MessageThread
          key={target}
          texts={texts}
          attempts={state.attempts}
          peer={peers.find((peer) => peer.number === target) ?? null}
        />
        <TextComposer
          phone={number}
          target={target}
          send={actions.send}
          focus={wantsFocus}
          onFocused={() => actions.dispatch({ type: "focused" })}
        />
      </div>
    </section>
  );
}

/** Reports the newest text as seen while both the phone and the page are visible. */
function useSeenTracker(inView: boolean, newest: number, onSeen: (at: number) => void): void {
  const pageVisible = usePageVisible();
  useEffect(() => {
    if (inView && pageVisible && newest > 0) onSeen(newest);
  });
}

/** Decorative clock and signal; the top bar describes the connection in words. */
function StatusBar({ online }: { readonly online: boolean }): JSX.Element {
  const [started] = useState(() => Date.now());
  const now = useCurrentTime(started);
  return (
    <div class="status-bar" aria-hidden="true">
      <span>{formatTime(now)}</span>
      <span class="speaker" />
      <svg viewBox="0 0 46 12" width="46" height="12" data-online={online}>
        <rect x="0" y="8" width="3" height="4" rx="1" />
        <rect x="5" y="5.500" width="3" height="6.500" rx="1" />
        <rect x="10" y="3" width="3" height="9" rx="1" />
        <rect x="15" y="0" width="3" height="12" rx="1" />
        <rect class="battery" x="24.500" y="1" width="18" height="10" rx="3" />
        <rect x="26.500" y="3" width="12" height="6" rx="1.500" />
        <rect x="44" y="4" width="2" height="4" rx="1" />
      </svg>
    </div>
  );
}
