import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Actions } from "../use-emulator.ts";
import type { Peer } from "../view.ts";
import { prettyNumber } from "../words.ts";
import { CloseIcon } from "./icons.tsx";
import { NumberPicker } from "./number-picker.tsx";

interface PhoneHeaderProps {
  readonly number: string;
  readonly target: string | null;
  readonly peers: readonly Peer[];
  readonly actions: Actions;
}

export function PhoneHeader({ number, target, peers, actions }: PhoneHeaderProps): JSX.Element {
  const [asking, setAsking] = useState(false);
  const elsewhere = peers.filter((peer) => peer.number !== target && peer.unread > 0);
  const cross = useRef<HTMLButtonElement>(null);
  const pick = (to: string): void => actions.dispatch({ type: "target-picked", phone: number, number: to });

  function answer(to: string): void {
    pick(to);
    actions.dispatch({ type: "activated", number, focus: true });
  }

  function keep(): void {
    setAsking(false);
    cross.current?.focus();
  }

  return (
    <header class="phone-header">
      <div class="own">
        <h2>
          <span class="own-label">This phone</span> <span class="own-number">{prettyNumber(number)}</span>
        </h2>
        <button
          type="button"
          class="quiet round"
          ref={cross}
          aria-label={`Remove phone ${prettyNumber(number)}`}
          title="Remove this phone"
          aria-expanded={asking}
          onClick={() => setAsking(!asking)}
        >
          <CloseIcon />
        </button>
      </div>
      {asking && <Removal onRemove={() => actions.removePhone(number)} onKeep={keep} />}
      <NumberPicker peers={peers} target={target} onPick={pick} />
      {elsewhere.length > 0 && <Elsewhere peers={elsewhere} onPick={answer} />}
    </header>
  );
}

interface ElsewhereProps {
  readonly peers: readonly Peer[];
  readonly onPick: (number: string) => void;
}

/** Texts from numbers that this phone is not looking at. */
function Elsewhere({ peers, onPick }: ElsewhereProps): JSX.Element {
  return (
    <div class="elsewhere" role="status">
      {peers.map(({ number, name, unread }) => (
        <button type="button" key={number} onClick={() => onPick(number)}>
          {unread} new <span aria-hidden="true">·</span>
          <span class="aside">{unread === 1 ? "text" : "texts"} from</span> {name === "" ? prettyNumber(number) : name}
        </button>
      ))}
    </div>
  );
}

interface RemovalProps {
  readonly onRemove: () => Promise<string | null>;
  readonly onKeep: () => void;
}

function Removal({ onRemove, onKeep }: RemovalProps): JSX.Element {
  const [refusal, setRefusal] = useState("");
  const keep = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => keep.current?.focus(), []);

  async function remove(): Promise<void> {
    setRefusal((await onRemove()) ?? "");
  }

  return (
    <fieldset class="removal" onKeyDown={(event) => event.key === "Escape" && onKeep()}>
      <legend>{refusal === "" ? "Remove this phone?" : refusal}</legend>
      <button type="button" class="danger" onClick={() => void remove()}>
        Remove
      </button>
      <button type="button" ref={keep} onClick={onKeep}>
        Keep
      </button>
    </fieldset>
  );
}
