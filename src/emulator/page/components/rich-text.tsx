import type { JSX } from "preact";
import { splitAtLinks } from "../text-links.ts";

/** Matches a text of one to three emoji, which is shown large, as on phones. */
const ONLY_EMOJI = /^(?:\p{RGI_Emoji}\s?){1,3}$/v;

export function RichText({ text }: { readonly text: string }): JSX.Element {
  return (
    <p class="words" data-large={ONLY_EMOJI.test(text)}>
      {splitAtLinks(text).map((piece) =>
        piece.href === null ? (
          piece.text
        ) : (
          <a href={piece.href} target="_blank" rel="noopener noreferrer">
            {piece.text}
          </a>
        ),
      )}
    </p>
  );
}
