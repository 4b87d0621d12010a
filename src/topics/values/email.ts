import { VALUE_CHARACTERS } from "../../core/limits/topics.ts";
import { foldValue, splitValueWords } from "./value-text.ts";

export type EmailAnswer =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly problem: "none" | "malformed" }
  /** Also one alone: the words around it may be a part of it that a space has cut off. */
  | { readonly ok: false; readonly problem: "ambiguous"; readonly candidates: readonly string[] };

/** What people say around an address. */
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
 * Reads an e-mail address that mail could be delivered to, by its form.
 * @returns the part before the @ as it was typed, the domain in small letters (and as xn--, where it is not ASCII)
 */
export function parseEmailAnswer(text: string): EmailAnswer {
  if (text.length > VALUE_CHARACTERS) return { ok: false, problem: "none" };
  const pieces = text
    .normalize("NFKC")
    .replace(/\s*@\s*/gu, "@")
    .split(/[\s,;<>()"[\]]+/u);
  const written = pieces.filter((piece) => piece.includes("@")).map(stripPunctuation);
  if (written.length === 0) return { ok: false, problem: "none" };
  const addresses = new Set(written.map(parseAddress));
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

/** Without a scheme, and without the punctuation of the sentence. */
function stripPunctuation(piece: string): string {
  const address = /^mailto:/iu.test(piece) ? (piece.slice(7).split("?", 1)[0] ?? "") : piece;
  return address.replace(/^[:'“”‘’]+/u, "").replace(/[.:!?'“”‘’…]{1,10}$/u, "");
}

function parseAddress(written: string): string | null {
  const at = written.lastIndexOf("@");
  const local = written.slice(0, at);
  const domain = parseDomain(written.slice(at + 1));
  const isLocal =
    local.length <= 64 && /^[\w!#$%&'*+/=?^`{|}~.-]+$/u.test(local) && local.split(".").every((part) => part !== "");
  return isLocal && domain !== null ? `${local}@${domain}` : null;
}

function parseDomain(written: string): string | null {
  // What would be a part of a URL is none of a domain.
  if (!/^[\p{L}\p{M}\p{N}.-]+$/u.test(written) || !URL.canParse(`https://${written}`)) return null;
  const domain = new URL(`https://${written}`).hostname;
  const labels = domain.split(".");
  const areLabels = labels.every((label) => /^[a-z0-9-]{1,63}$/u.test(label) && !/^-|-$/u.test(label));
  const isName = labels.length >= 2 && /^(?:[a-z]{2,}|xn--[a-z0-9-]+)$/u.test(labels.at(-1) ?? "");
  return areLabels && isName && domain.length <= 253 ? domain : null;
}
