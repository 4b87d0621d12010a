import type { JSX } from "preact";
import { fillSegments } from "../../../twilio/segments.ts";
import { formatCount } from "../page-texts.ts";

interface SegmentHintProps {
  readonly text: string;
  readonly media: number;
  readonly busy: boolean;
}

/** The count is shown if at most this many characters are left. A text with media is one MMS, whatever its length. */
const NEAR_END = 20;

export function SegmentHint({ text, media, busy }: SegmentHintProps): JSX.Element | null {
  if (busy) return <p class="hint busy">Sending…</p>;
  const { segments, left, encoding } = fillSegments(text);
  if (media > 0 || text === "" || (segments === 1 && left > NEAR_END)) return null;
  const count = segments > 1 ? `${formatCount(segments, "segment")}, ` : "";
  return (
    <p class="hint">
      {count}
      {left} left{encoding === "UCS-2" ? " (with emoji or special letters)" : ""}
    </p>
  );
}
