import type { JSX } from "preact";
import type { PhonePeer } from "../conversation-view.ts";
import { formatNumber } from "../page-texts.ts";

/** What an empty conversation says. */
export function EmptyConversation({ peer }: { readonly peer: PhonePeer | null }): JSX.Element {
  if (peer === null) {
    return (
      <div class="hello">
        <h3>No number to text to</h3>
        <p>
          The emulator knows no number of yours yet. <code>npm start</code> brings one; it appears here by itself.
        </p>
      </div>
    );
  }
  return (
    <div class="hello">
      <h3>Say something to {peer.name === "" ? formatNumber(peer.number) : peer.name}</h3>
      <p>
        Type <kbd>hi</kbd> below and press Enter. Parley answers here, as it would on a real phone. Nothing leaves this
        machine.
      </p>
    </div>
  );
}
