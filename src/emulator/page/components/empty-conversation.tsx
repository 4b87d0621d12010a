import type { JSX } from "preact";
import type { PhonePeer } from "../conversation-view.ts";
import { formatNumber } from "../page-texts.ts";

/** The hint in an empty conversation. */
export function EmptyConversation({ peer }: { readonly peer: PhonePeer | null }): JSX.Element {
  if (peer === null) {
    return (
      <div class="hello">
        <h3>No number to text</h3>
        <p>
          The emulator has no Twilio numbers yet. Run <code>npm start</code> to set them up; they then appear here.
        </p>
      </div>
    );
  }
  return (
    <div class="hello">
      <h3>Say something to {peer.name === "" ? formatNumber(peer.number) : peer.name}</h3>
      <p>
        Type <kbd>hi</kbd> below and press Enter. Parley answers here as it would on a real phone. Your texts never
        leave this machine.
      </p>
    </div>
  );
}
