import type { JSX } from "preact";
import { formatBytes } from "../page-texts.ts";
import { CloseIcon, FileIcon } from "./icons.tsx";
import type { Attachment } from "./use-attachments.ts";

interface AttachmentListProps {
  readonly list: readonly Attachment[];
  readonly onRemove: (attachment: Attachment) => void;
}

/** The files that will be sent with the next text. */
export function AttachmentList({ list, onRemove }: AttachmentListProps): JSX.Element | null {
  if (list.length === 0) return null;
  return (
    <ul class="attachments" aria-label="Attached">
      {list.map((one) => (
        <li key={one.url} data-testid="attachment">
          {one.file.type.startsWith("image/") ? (
            <img src={one.url} alt={one.file.name} title={one.file.name} />
          ) : (
            <span class="chip" title={one.file.name}>
              <FileIcon />
              <span>
                <strong>{one.file.name}</strong>
                <small>{formatBytes(one.file.size)}</small>
              </span>
            </span>
          )}
          <button type="button" aria-label={`Remove ${one.file.name}`} onClick={() => onRemove(one)}>
            <CloseIcon size={14} />
          </button>
        </li>
      ))}
    </ul>
  );
}
