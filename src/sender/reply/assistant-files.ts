import type { AssistantEvent, InboundFile } from "../../contract/assistant.ts";
import type { HeardMedia, Turn } from "../model/state.ts";
import { getTurnMedia, getTurnText } from "../model/turn.ts";

/** @returns a medium in the shape for assistants: Parley's copy, unless there is no copy and never will be */
export function toInboundFile({ url, link, contentType, copy }: HeardMedia): InboundFile {
  const file = { url: link ?? url, contentType };
  if (link === undefined) return file;
  switch (copy?.status) {
    // The assistant gets a text before the text is stored. The copy is still to be made.
    case undefined:
    case "waiting":
      return { ...file, copy: "waiting" };
    case "kept":
      return { ...file, copy: "kept" };
    case "refused":
      return { url, contentType, copy: copy.because === "size" ? "too-large" : "unsupported" };
    case "lost":
      return { url, contentType, copy: "unavailable" };
    case "at-twilio":
      return { url, contentType };
  }
}

/** @returns the event for an assistant that waited for a file of the turn's text */
export function createFileEvent(turn: Turn, index: number): AssistantEvent {
  return { kind: "file", index, text: getTurnText(turn), media: getTurnMedia(turn).map(toInboundFile) };
}
