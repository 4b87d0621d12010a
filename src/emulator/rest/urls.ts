import { URL_CHARACTERS } from "../limits.ts";
import { parseTarget } from "../webhook/request-target.ts";

export function isWebUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && (url.protocol === "http:" || url.protocol === "https:");
}

/** Tells whether webhooks may be sent to a URL: absolute, short enough, and without underscores in its host. */
export function isCallbackUrl(text: string): boolean {
  const target = parseTarget(text.split("#")[0] ?? "");
  return target !== null && isWebUrl(text) && !target.host.includes("_") && text.length <= URL_CHARACTERS;
}
