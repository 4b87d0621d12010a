import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { PhonePeer } from "../conversation-view.ts";
import { formatNumber } from "../page-texts.ts";
import type { EmulatorActions } from "../use-emulator.ts";
import { CloseIcon } from "./icons.tsx";
import { NumberPicker } from "./number-picker.tsx";

interface PhoneHeaderProps {
  readonly number: string;
  readonly target: string | null;
  readonly peers: readonly PhonePeer[];
  readonly actions: EmulatorActions;
}

export function PhoneHeader({ number, target, peers, actions }: PhoneHeaderProps): JSX.Element {
  const [confirming, setConfirming] = useState(false);
  const otherUnread = peers.filter((peer) => peer.number !== target && peer.unread > 0);
  const removeButton = useRef<HTMLButtonElement>(null);
  const pickTarget = (to: string): void => actions.dispatch({ type: "target-picked", phone: number, number: to });

  function openConversation(to: string): void {
    pickTarget(to);
    actions.dispatch({ type: "activated", number, focus: true });
  }

  function keepPhone(): void {
    setConfirming(false);
    removeButton.current?.focus();
  }

  return (
    <header class="phone-header">
      <div class="own">
        <h2>
          <span class="own-label">This phone</span> <span class="own-number">{formatNumber(number)}</span>
        </h2>
        <button
          type="button"
          class="quiet round"
          ref={removeButton}
          aria-label={`Remove phone ${formatNumber(number)}`}
          title="Remove this phone"
          aria-expanded={confirming}
          onClick={() => setConfirming(!confirming)}
        >
          <CloseIcon />
        </button>
      </div>
      {confirming && <RemovalQuestion onRemove={() => actions.removePhone(number)} onKeep={keepPhone} />}
      <NumberPicker peers={peers} target={target} onPick={pickTarget} />
      {otherUnread.length > 0 && <OtherUnreadTexts peers={otherUnread} onPick={openConversation} />}
    </header>
  );
}

interface OtherUnreadTextsProps {
  readonly peers: readonly PhonePeer[];
  readonly onPick: (number: string) => void;
}

/** Buttons for unread texts from numbers other than the picked one. */
function OtherUnreadTexts({ peers, onPick }: OtherUnreadTextsProps): JSX.Element {
  return (
    <div class="elsewhere" role="status">
      {peers.map(({ number, name, unread }) => (
        <button type="button" key={number} onClick={() => onPick(number)}>
          {unread} new <span aria-hidden="true">·</span>
          <span class="aside">{unread === 1 ? "text" : "texts"} from</span> {name === "" ? formatNumber(number) : name}
        </button>
      ))}
    </div>
  );
}

interface RemovalQuestionProps {
  readonly onRemove: () => Promise<string | null>;
  readonly onKeep: () => void;
}

function RemovalQuestion({ onRemove, onKeep }: RemovalQuestionProps): JSX.Element {
  const [refusal, setRefusal] = useState("");
  const keep = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => keep.current?.focus(), []);

  async function removePhone(): Promise<void> {
    setRefusal((await onRemove()) ?? "");
  }

  return (
    <fieldset class="removal" onKeyDown={(event) => event.key === "Escape" && onKeep()}>
      <legend>{refusal === "" ? "Remove this phone?" : refusal}</legend>
      <button type="button" class="danger" onClick={() => void removePhone()}>
        Remove
      </button>
      <button type="button" ref={keep} onClick={onKeep}>
        Keep
      </button>
    </fieldset>
  );
}
