/** A piece of a text: words, or a link with the address that it opens. */
export interface TextPiece {
  readonly text: string;
  readonly href: string | null;
}

const ADDRESS_PATTERN = /\bhttps?:\/\/[^\s<>"]+/gi;

/** Finds http and https links; no other scheme ever becomes clickable. */
export function splitAtLinks(text: string): readonly TextPiece[] {
  const found: TextPiece[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS_PATTERN)) {
    const address = trimAddressEnd(match[0]);
    const href = toSafeHref(address);
    if (href === null) continue;
    if (match.index > end) found.push({ text: text.slice(end, match.index), href: null });
    found.push({ text: address, href });
    end = match.index + address.length;
  }
  if (end < text.length) found.push({ text: text.slice(end), href: null });
  return found;
}

function toSafeHref(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const { protocol, href } = new URL(address);
  return protocol === "https:" || protocol === "http:" ? href : null;
}

/** The full stop after a link belongs to the sentence, and so does a bracket that the link did not open. */
function trimAddressEnd(address: string): string {
  let kept = address.replace(/[.,;:!?'’”»…]+$/u, "");
  while (kept.endsWith(")") && countSign(kept, ")") > countSign(kept, "("))
    kept = kept.slice(0, -1).replace(/[.,;:!?]+$/, "");
  return kept;
}

const countSign = (text: string, sign: string): number => text.split(sign).length - 1;
