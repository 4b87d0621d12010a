import type { JSX } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import { countPhoneUnread } from "../conversation-view.ts";
import { findActivePhone } from "../page-state.ts";
import { useEmulator } from "../use-emulator.ts";
import { PhoneFrame } from "./phone-frame.tsx";
import { PhoneSwitcher } from "./phone-switcher.tsx";
import { TopBar } from "./top-bar.tsx";

const TITLE = "Parley · phones on this machine";

export function App(): JSX.Element {
  const { state, actions } = useEmulator();
  const [inView, setInView] = useState<ReadonlySet<string> | null>(null);
  const active = findActivePhone(state.phones, state.layout.active);
  const unread = state.phones.reduce((sum, phone) => sum + countPhoneUnread(state, phone.number), 0);
  const overflows = inView !== null && state.phones.some((phone) => !inView.has(phone.number));

  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) ${TITLE}` : TITLE;
  }, [unread]);

  const onInView = useCallback((number: string, visible: boolean) => {
    setInView((before) => {
      const next = new Set(before);
      if (visible) next.add(number);
      else next.delete(number);
      return next;
    });
  }, []);

  return (
    <>
      <TopBar connection={state.connection} actions={actions} />
      {overflows && state.phones.length > 1 && (
        <PhoneSwitcher state={state} active={active} dispatch={actions.dispatch} />
      )}
      <main class="deck" aria-label="Phones">
        {state.phones.map((phone) => (
          <PhoneFrame
            key={phone.number}
            number={phone.number}
            active={phone.number === active}
            state={state}
            actions={actions}
            onInView={onInView}
          />
        ))}
        {state.loaded && state.phones.length === 0 && <NoPhones />}
      </main>
    </>
  );
}

function NoPhones(): JSX.Element {
  return (
    <div class="no-phones">
      <h2>No phones yet</h2>
      <p>
        Click <strong>Add phone</strong> above, then text Parley as you would from a real phone.
      </p>
    </div>
  );
}
