import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { EmulatedMedia } from "../../contract.ts";
import { FileIcon } from "./icons.tsx";

export function MediaList({ media }: { readonly media: readonly EmulatedMedia[] }): JSX.Element | null {
  if (media.length === 0) return null;
  return (
    <div class="media" data-count={Math.min(media.length, 2)}>
      {media.map((one, index) => (
        <MediaItem key={one.sid} medium={one} place={media.length > 1 ? ` ${index + 1} of ${media.length}` : ""} />
      ))}
    </div>
  );
}

interface MediaItemProps {
  readonly medium: EmulatedMedia;
  readonly place: string;
}

/** A picture that opens in full size, or a chip for a file that the browser cannot show as an image. */
function MediaItem({ medium, place }: MediaItemProps): JSX.Element {
  const [broken, setBroken] = useState(false);
  const picture = medium.contentType.startsWith("image/") && !broken;
  return (
    <a class={picture ? "picture" : "chip"} href={medium.path} target="_blank" rel="noopener noreferrer">
      {picture ? (
        <img src={medium.path} alt={`Picture${place}, open in full size`} onError={() => setBroken(true)} />
      ) : (
        <>
          <FileIcon />
          <span>
            <strong>{nameMediaKind(medium.contentType)}</strong>
            <small>{medium.contentType}</small>
          </span>
        </>
      )}
    </a>
  );
}

function nameMediaKind(contentType: string): string {
  const [family, kind = ""] = contentType.split(/[/;]/);
  if (family === "image") return "Picture";
  if (family === "audio") return "Sound";
  if (family === "video") return "Video";
  if (kind === "pdf") return "PDF document";
  if (/vcard/.test(kind)) return "Contact";
  return "File";
}
