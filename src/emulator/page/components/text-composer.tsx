import type { JSX, TargetedClipboardEvent, TargetedKeyboardEvent, TargetedSubmitEvent } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { EmulatorActions } from "../use-emulator.ts";
import { AttachmentList } from "./attachment-list.tsx";
import { ImageIcon, SendIcon } from "./icons.tsx";
import { SegmentHint } from "./segment-hint.tsx";
import { useAttachments, useFileDrop } from "./use-attachments.ts";
import { useOutbox } from "./use-outbox.ts";

interface TextComposerProps {
  readonly phone: string;
  readonly target: string | null;
  readonly send: EmulatorActions["send"];
  /** Whether the composer takes the focus now. */
  readonly focus: boolean;
  readonly onFocused: () => void;
}

export function TextComposer({ phone, target, send, focus, onFocused }: TextComposerProps): JSX.Element {
  const form = useRef<HTMLFormElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const attachments = useAttachments();
  const outbox = useOutbox(phone, target, send, attachments);
  const dropping = useFileDrop(form, ".screen", attachments.add);
  const { text, setText } = outbox;
  useAutoGrow(field, text);
  useEffect(() => {
    if (!focus) return;
    field.current?.focus({ preventScroll: true });
    onFocused();
  }, [focus]);

  function onSubmit(event: TargetedSubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    outbox.submit();
    field.current?.focus();
  }

  function onKeyDown(event: TargetedKeyboardEvent<HTMLTextAreaElement>): void {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    outbox.submit();
  }

  function onPaste(event: TargetedClipboardEvent<HTMLTextAreaElement>): void {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    attachments.add(files);
  }

  const refusal = outbox.refusal === "" ? attachments.refusal : outbox.refusal;
  return (
    <form class="composer" ref={form} onSubmit={onSubmit}>
      {dropping && <p class="drop-here">Drop to attach</p>}
      <AttachmentList list={attachments.list} onRemove={attachments.remove} />
      <p class="refusal" role="alert">
        {refusal}
      </p>
      <div class="composer-row">
        <AttachButton onFiles={attachments.add} />
        <textarea
          ref={field}
          data-testid="composer"
          rows={1}
          aria-label="Text"
          placeholder="Text message"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
        />
        <button type="submit" class="send" data-testid="send" aria-label="Send" disabled={!outbox.ready}>
          <SendIcon />
        </button>
      </div>
      <SegmentHint text={text} media={attachments.list.length} busy={outbox.busy} />
    </form>
  );
}

function AttachButton({ onFiles }: { readonly onFiles: (files: readonly File[]) => void }): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        data-testid="file-input"
        accept="image/*,audio/*,video/*,application/pdf,text/vcard,.vcf"
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          // Allows picking the same file again after it was removed.
          event.currentTarget.value = "";
        }}
      />
      <button
        type="button"
        class="quiet round"
        aria-label="Attach pictures or files"
        title="Attach pictures or files"
        onClick={() => input.current?.click()}
      >
        <ImageIcon />
      </button>
    </>
  );
}

/** Fits the field's height to its text; the style sheet limits it. */
function useAutoGrow(field: { readonly current: HTMLTextAreaElement | null }, text: string): void {
  useLayoutEffect(() => {
    if (field.current === null) return;
    field.current.style.height = "auto";
    if (text !== "") field.current.style.height = `${field.current.scrollHeight}px`;
  }, [text]);
}
