import type { AssistantEvent, InboundFile } from "../../contract/assistant.ts";
import type { HeardMedia, Turn } from "../model/state.ts";
import { getTurnMedia, getTurnText } from "../model/turn.ts";

/** A medium as an assistant gets it: as our copy, unless there is none and never will be. */
export function toInboundFile({ url, link, contentType, copy }: HeardMedia): InboundFile {
  const own = { url: link ?? url, contentType };
  if (link === undefined) return own;
  switch (copy?.status) {
    // No text is stored before its assistant has heard it: the copy will wait from then on.
    case undefined:
    case "waiting":
      return { ...own, copy: "waiting" };
    case "kept":
      return { ...own, copy: "kept" };
    case "refused":
      return { url, contentType, copy: copy.because === "size" ? "too-large" : "unsupported" };
    case "lost":
      return { url, contentType, copy: "unavailable" };
    case "at-twilio":
      return { url, contentType };
  }
}

/** What an assistant hears that has waited for a file of a turn's text. */
export function createFileEvent(turn: Turn, index: number): AssistantEvent {
  return { kind: "file", index, text: getTurnText(turn), media: getTurnMedia(turn).map(toInboundFile) };
}
