import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { chooseFiles } from "../file-choice.ts";

export interface Attachment {
  readonly file: File;
  /** An object URL for the preview; it lives until the attachment is sent or removed. */
  readonly url: string;
}

export interface AttachmentBox {
  readonly list: readonly Attachment[];
  /** Why some of the last files were left out; empty if none were. */
  readonly refusal: string;
  readonly add: (files: readonly File[]) => void;
  readonly remove: (attachment: Attachment) => void;
  /** Removes all attachments and returns them. The caller must revoke their previews or put them back. */
  readonly take: () => readonly Attachment[];
  readonly putBack: (attachments: readonly Attachment[]) => void;
}

export function useAttachments(): AttachmentBox {
  const [list, setList] = useState<readonly Attachment[]>([]);
  const [refusal, setRefusal] = useState("");
  const current = useRef(list);
  current.current = list;
  useEffect(() => () => revokePreviews(current.current), []);

  return {
    list,
    refusal,
    add(files) {
      const { accepted, refusal: sentence } = chooseFiles(current.current.length, files);
      setList([...current.current, ...accepted.map((file) => ({ file, url: URL.createObjectURL(file) }))]);
      setRefusal(sentence);
    },
    remove(attachment) {
      revokePreviews([attachment]);
      setList(current.current.filter((one) => one !== attachment));
      setRefusal("");
    },
    take() {
      const removed = current.current;
      current.current = [];
      setList([]);
      setRefusal("");
      return removed;
    },
    putBack(attachments) {
      setList((now) => [...attachments, ...now]);
    },
  };
}

export function revokePreviews(attachments: readonly Attachment[]): void {
  for (const { url } of attachments) URL.revokeObjectURL(url);
}

/**
 * Accepts files that are dropped on the closest ancestor that matches a selector.
 * @returns whether files hover over it now
 */
export function useFileDrop(
  element: RefObject<HTMLElement | null>,
  ancestor: string,
  onFiles: (files: readonly File[]) => void,
): boolean {
  const [hovering, setHovering] = useState(false);
  const take = useRef(onFiles);
  take.current = onFiles;
  useEffect(() => {
    const area = element.current?.closest<HTMLElement>(ancestor);
    if (area === null || area === undefined) return undefined;
    const stop = new AbortController();
    const addListener = <K extends keyof HTMLElementEventMap>(
      kind: K,
      listener: (event: HTMLElementEventMap[K]) => void,
    ): void => area.addEventListener(kind, listener, { signal: stop.signal });
    const onDragOver = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      setHovering(true);
    };
    addListener("dragenter", onDragOver);
    addListener("dragover", onDragOver);
    addListener("dragleave", (event) => {
      if (!(event.relatedTarget instanceof Node && area.contains(event.relatedTarget))) setHovering(false);
    });
    addListener("drop", (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      setHovering(false);
      take.current([...event.dataTransfer.files]);
    });
    return () => stop.abort();
  }, [ancestor]);
  return hovering;
}
