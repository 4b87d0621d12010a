import { useRef, useState } from "preact/hooks";
import type { EmulatorActions } from "../use-emulator.ts";
import { type Attachment, type AttachmentBox, revokePreviews } from "./use-attachments.ts";

export interface TextOutbox {
  readonly text: string;
  readonly setText: (text: string) => void;
  /** Whether there are both content to send and a number to send it to. */
  readonly ready: boolean;
  readonly busy: boolean;
  /** Why the last text was not sent; empty if it was. */
  readonly refusal: string;
  readonly submit: () => void;
}

/** Unsent texts by phone, kept while phones disappear during a restart of the emulator. */
const unsentTexts = new Map<string, string>();

/**
 * Keeps the composer's text, and sends texts one after the other. Sending empties the composer at once; a refused text
 * returns to the composer.
 */
export function useOutbox(
  phone: string,
  target: string | null,
  send: EmulatorActions["send"],
  attachments: AttachmentBox,
): TextOutbox {
  const [text, setShownText] = useState(unsentTexts.get(phone) ?? "");
  const [pending, setPending] = useState(0);
  const [refusal, setRefusal] = useState("");
  const queue = useRef<Promise<void>>(Promise.resolve());
  const ready = target !== null && (text.trim() !== "" || attachments.list.length > 0);

  function setText(next: string): void {
    unsentTexts.set(phone, next);
    setRefusal("");
    setShownText(next);
  }

  function submitText(): void {
    if (target === null || !ready) return;
    const body = text.trim() === "" ? "" : text;
    const sentAttachments = attachments.take();
    setText("");
    setPending((count) => count + 1);
    queue.current = sendInOrder(queue.current, target, body, sentAttachments);
  }

  async function sendInOrder(
    earlier: Promise<void>,
    to: string,
    body: string,
    sentAttachments: readonly Attachment[],
  ): Promise<void> {
    await earlier;
    const files = sentAttachments.map((one) => one.file);
    const sentence = await send(phone, to, body, files);
    setPending((count) => count - 1);
    if (sentence === null) {
      revokePreviews(sentAttachments);
      return;
    }
    setText([body, unsentTexts.get(phone) ?? ""].filter((part) => part !== "").join("\n"));
    attachments.putBack(sentAttachments);
    setRefusal(sentence);
  }

  return { text, setText, ready, busy: pending > 0, refusal, submit: submitText };
}
