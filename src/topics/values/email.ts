import { VALUE_CHARACTERS } from "../../core/limits/topics.ts";
import { foldValue, splitValueWords } from "./value-text.ts";

export type EmailAnswer =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly problem: "none" | "malformed" }
  /** Also a single address, if the words beside it may be a part of it that a space has split off. */
  | { readonly ok: false; readonly problem: "ambiguous"; readonly candidates: readonly string[] };

/** Words that contacts write around an address. */
const SURROUNDING_WORDS = new Set(
  [
    "my email e mail address is it's its it the here",
    "mi correo electronico direccion es",
    "mon adresse est",
    "meine adresse ist lautet",
    "meu endereco eletronico",
    "मेरा ईमेल है",
  ].flatMap((words) => words.split(" ").map(foldValue)),
);

/**
 * Parses an email address, judged by its form.
 * @returns the address with the part before the @ as typed and the domain in lower case, as xn-- if it is not ASCII
 */
export function parseEmailAnswer(text: string): EmailAnswer {
  if (text.length > VALUE_CHARACTERS) return { ok: false, problem: "none" };
  const pieces = text
    .normalize("NFKC")
    .replace(/\s*@\s*/gu, "@")
    .split(/[\s,;<>()"[\]]+/u);
  const found = pieces.filter((piece) => piece.includes("@")).map(stripPunctuation);
  if (found.length === 0) return { ok: false, problem: "none" };
  const addresses = new Set(found.map(parseAddress));
  if (addresses.has(null)) return { ok: false, problem: "malformed" };
  const candidates = [...addresses].filter((address) => address !== null);
  const [only] = candidates;
  const isSure = candidates.length === 1 && (/<[^<>]*@|mailto:/iu.test(text) || isOnlyAddress(pieces));
  return isSure && only !== undefined ? { ok: true, value: only } : { ok: false, problem: "ambiguous", candidates };
}

function isOnlyAddress(pieces: readonly string[]): boolean {
  const others = pieces.filter((piece) => !piece.includes("@")).join(" ");
  return splitValueWords(foldValue(others)).every((word) => SURROUNDING_WORDS.has(word));
}

/** Removes `mailto:` and the punctuation of the sentence. */
function stripPunctuation(piece: string): string {
  const address = /^mailto:/iu.test(piece) ? (piece.slice(7).split("?", 1)[0] ?? "") : piece;
  return address.replace(/^[:'“”‘’]+/u, "").replace(/[.:!?'“”‘’…]{1,10}$/u, "");
}

function parseAddress(text: string): string | null {
  const at = text.lastIndexOf("@");
  const local = text.slice(0, at);
  const domain = parseDomain(text.slice(at + 1));
  const isLocal =
    local.length <= 64 && /^[\w!#$%&'*+/=?^`{|}~.-]+$/u.test(local) && local.split(".").every((part) => part !== "");
  return isLocal && domain !== null ? `${local}@${domain}` : null;
}

function parseDomain(text: string): string | null {
  // This rejects other parts of a URL, such as a port or a path.
  if (!/^[\p{L}\p{M}\p{N}.-]+$/u.test(text) || !URL.canParse(`https://${text}`)) return null;
  const domain = new URL(`https://${text}`).hostname;
  const labels = domain.split(".");
  const areLabels = labels.every((label) => /^[a-z0-9-]{1,63}$/u.test(label) && !/^-|-$/u.test(label));
  const isName = labels.length >= 2 && /^(?:[a-z]{2,}|xn--[a-z0-9-]+)$/u.test(labels.at(-1) ?? "");
  return areLabels && isName && domain.length <= 253 ? domain : null;
}
