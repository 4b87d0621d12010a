import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { countPhoneUnread } from "../conversation-view.ts";
import type { PageAction, PageState } from "../page-state.ts";
import { formatCount, formatNumber } from "../page-texts.ts";

interface PhoneSwitcherProps {
  readonly state: PageState;
  readonly active: string | undefined;
  readonly dispatch: (action: PageAction) => void;
}

/** Tabs below the top bar, shown if not all phones fit on the screen. */
export function PhoneSwitcher({ state, active, dispatch }: PhoneSwitcherProps): JSX.Element {
  return (
    <nav class="switcher" aria-label="Phones">
      {state.phones.map(({ number }) => (
        <PhoneTab
          key={number}
          number={number}
          current={number === active}
          unread={countPhoneUnread(state, number)}
          onPick={() => dispatch({ type: "activated", number, focus: true })}
        />
      ))}
    </nav>
  );
}

interface PhoneTabProps {
  readonly number: string;
  readonly current: boolean;
  readonly unread: number;
  readonly onPick: () => void;
}

function PhoneTab({ number, current, unread, onPick }: PhoneTabProps): JSX.Element {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (current) button.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [current]);
  return (
    <button type="button" ref={button} aria-current={current ? "true" : undefined} onClick={onPick}>
      {formatNumber(number)}
      {unread > 0 && <UnreadBadge count={unread} />}
    </button>
  );
}

export function UnreadBadge({ count }: { readonly count: number }): JSX.Element {
  return (
    <span class="badge">
      <span aria-hidden="true">{count > 99 ? "99+" : count}</span>
      <span class="aside">, {formatCount(count, "unread text")}</span>
    </span>
  );
}
