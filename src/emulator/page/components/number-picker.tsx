import type { JSX } from "preact";
import type { PhonePeer } from "../conversation-view.ts";
import { formatNumber, toInitials } from "../page-texts.ts";
import { ChevronIcon } from "./icons.tsx";

interface NumberPickerProps {
  readonly peers: readonly PhonePeer[];
  readonly target: string | null;
  readonly onPick: (number: string) => void;
}

/** A native select, for every keyboard and screen reader, lies unseen over the contact's card. */
export function NumberPicker({ peers, target, onPick }: NumberPickerProps): JSX.Element {
  const peer = peers.find((one) => one.number === target);
  const title = peer === undefined ? "No number yet" : peer.name === "" ? formatNumber(peer.number) : peer.name;
  const below =
    peer === undefined ? "Parley has no number to text to" : peer.name === "" ? "" : formatNumber(peer.number);
  return (
    <div class="contact">
      <span class="avatar" aria-hidden="true">
        {peer === undefined ? "?" : toInitials(peer.name) || "#"}
      </span>
      <span class="contact-words" aria-hidden="true">
        <strong>{title}</strong>
        {below !== "" && <span>{below}</span>}
      </span>
      {peers.length > 1 && <ChevronIcon />}
      <select
        data-testid="number-picker"
        aria-label="Text to"
        title="Which number this phone texts to"
        value={target ?? ""}
        disabled={peers.length === 0}
        onChange={(event) => onPick(event.currentTarget.value)}
      >
        {peers.length === 0 && <option value="">No number yet</option>}
        {peers.map((one) => (
          <option key={one.number} value={one.number}>
            {[one.name, formatNumber(one.number)].filter((word) => word !== "").join(" · ")}
            {one.unread > 0 ? ` (${one.unread} new)` : ""}
          </option>
        ))}
      </select>
    </div>
  );
}
