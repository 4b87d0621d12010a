import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Action, State } from "../store.ts";
import { unreadOf } from "../view.ts";
import { plural, prettyNumber } from "../words.ts";

interface SwitcherProps {
  readonly state: State;
  readonly active: string | undefined;
  readonly dispatch: (action: Action) => void;
}

/** Stands below the top bar while not all phones fit on the screen. */
export function Switcher({ state, active, dispatch }: SwitcherProps): JSX.Element {
  return (
    <nav class="switcher" aria-label="Phones">
      {state.phones.map(({ number }) => (
        <Tab
          key={number}
          number={number}
          current={number === active}
          unread={unreadOf(state, number)}
          onPick={() => dispatch({ type: "activated", number, focus: true })}
        />
      ))}
    </nav>
  );
}

interface TabProps {
  readonly number: string;
  readonly current: boolean;
  readonly unread: number;
  readonly onPick: () => void;
}

function Tab({ number, current, unread, onPick }: TabProps): JSX.Element {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (current) button.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [current]);
  return (
    <button type="button" ref={button} aria-current={current ? "true" : undefined} onClick={onPick}>
      {prettyNumber(number)}
      {unread > 0 && <Badge count={unread} />}
    </button>
  );
}

export function Badge({ count }: { readonly count: number }): JSX.Element {
  return (
    <span class="badge">
      <span aria-hidden="true">{count > 99 ? "99+" : count}</span>
      <span class="aside">, {plural(count, "unread text")}</span>
    </span>
  );
}
