/** A piece of a text: plain text, or a link. */
export interface TextPiece {
  readonly text: string;
  /** The link's URL; null for plain text. */
  readonly href: string | null;
}

const ADDRESS_PATTERN = /\bhttps?:\/\/[^\s<>"]+/gi;

/** Splits a text at its http and https links; other schemes never become links. */
export function splitAtLinks(text: string): readonly TextPiece[] {
  const pieces: TextPiece[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS_PATTERN)) {
    const address = trimAddressEnd(match[0]);
    const href = toSafeHref(address);
    if (href === null) continue;
    if (match.index > end) pieces.push({ text: text.slice(end, match.index), href: null });
    pieces.push({ text: address, href });
    end = match.index + address.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), href: null });
  return pieces;
}

function toSafeHref(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const { protocol, href } = new URL(address);
  return protocol === "https:" || protocol === "http:" ? href : null;
}

/** Removes trailing punctuation, and closing brackets that the link did not open. */
function trimAddressEnd(address: string): string {
  let trimmed = address.replace(/[.,;:!?'’”»…]+$/u, "");
  while (trimmed.endsWith(")") && countCharacter(trimmed, ")") > countCharacter(trimmed, "("))
    trimmed = trimmed.slice(0, -1).replace(/[.,;:!?]+$/, "");
  return trimmed;
}

const countCharacter = (text: string, character: string): number => text.split(character).length - 1;
