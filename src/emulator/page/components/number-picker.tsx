import type { JSX } from "preact";
import type { PhonePeer } from "../conversation-view.ts";
import { formatNumber, toInitials } from "../page-texts.ts";
import { ChevronIcon } from "./icons.tsx";

interface NumberPickerProps {
  readonly peers: readonly PhonePeer[];
  readonly target: string | null;
  readonly onPick: (number: string) => void;
}

/** A card with the number that the phone texts, under an invisible native select for keyboards and screen readers. */
export function NumberPicker({ peers, target, onPick }: NumberPickerProps): JSX.Element {
  const peer = peers.find((one) => one.number === target);
  const title = peer === undefined ? "No number yet" : peer.name === "" ? formatNumber(peer.number) : peer.name;
  const subtitle =
    peer === undefined ? "Run npm start to add numbers" : peer.name === "" ? "" : formatNumber(peer.number);
  return (
    <div class="contact">
      <span class="avatar" aria-hidden="true">
        {peer === undefined ? "?" : toInitials(peer.name) || "#"}
      </span>
      <span class="contact-words" aria-hidden="true">
        <strong>{title}</strong>
        {subtitle !== "" && <span>{subtitle}</span>}
      </span>
      {peers.length > 1 && <ChevronIcon />}
      <select
        data-testid="number-picker"
        aria-label="Text to"
        title="Choose the number that this phone texts"
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
