import { useRef, useState } from "preact/hooks";
import type { EmulatorActions } from "../use-emulator.ts";
import { type Attachment, type AttachmentBox, revokePreviews } from "./use-attachments.ts";

export interface TextOutbox {
  readonly text: string;
  readonly setText: (text: string) => void;
  /** Is there something to send, and somebody to send it to? */
  readonly ready: boolean;
  readonly busy: boolean;
  /** Why the last text was not sent, or empty. */
  readonly refusal: string;
  readonly submit: () => void;
}

/** Half-written texts outlive a phone's absence while the emulator restarts. */
const drafts = new Map<string, string>();

/**
 * What is being written and sent. The composer is free again at once; texts leave one after the other, and one that is refused
 * comes back into the composer.
 */
export function useOutbox(
  phone: string,
  target: string | null,
  send: EmulatorActions["send"],
  attachments: AttachmentBox,
): TextOutbox {
  const [text, show] = useState(drafts.get(phone) ?? "");
  const [pending, setPending] = useState(0);
  const [refusal, setRefusal] = useState("");
  const queue = useRef<Promise<void>>(Promise.resolve());
  const ready = target !== null && (text.trim() !== "" || attachments.list.length > 0);

  function setText(next: string): void {
    drafts.set(phone, next);
    setRefusal("");
    show(next);
  }

  function submitText(): void {
    if (target === null || !ready) return;
    const body = text.trim() === "" ? "" : text;
    const carried = attachments.take();
    setText("");
    setPending((count) => count + 1);
    queue.current = sendInOrder(queue.current, target, body, carried);
  }

  async function sendInOrder(
    earlier: Promise<void>,
    to: string,
    body: string,
    carried: readonly Attachment[],
  ): Promise<void> {
    await earlier;
    const files = carried.map((one) => one.file);
    const sentence = await send(phone, to, body, files);
    setPending((count) => count - 1);
    if (sentence === null) {
      revokePreviews(carried);
      return;
    }
    setText([body, drafts.get(phone) ?? ""].filter((part) => part !== "").join("\n"));
    attachments.putBack(carried);
    setRefusal(sentence);
  }

  return { text, setText, ready, busy: pending > 0, refusal, submit: submitText };
}
