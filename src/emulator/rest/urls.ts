import { URL_CHARACTERS } from "../limits.ts";
import { parseTarget } from "../webhook/request-target.ts";

export function isWebUrl(written: string): boolean {
  const url = URL.parse(written);
  return url !== null && (url.protocol === "http:" || url.protocol === "https:");
}

/** An address that webhooks may go to: absolute, and its host without underscores. */
export function isCallbackUrl(written: string): boolean {
  const target = parseTarget(written.split("#")[0] ?? "");
  return target !== null && isWebUrl(written) && !target.host.includes("_") && written.length <= URL_CHARACTERS;
}
