import { checkUrl, type UrlProblem } from "../../outbound/url.ts";
import { quoted } from "../../schema/explain.ts";
import { type Draft, type DraftStep, errorIn, type Finding, warningIn } from "./draft.ts";

/** Web addresses, as far as they are written and not made by Liquid. */
export function checkUrls({ steps }: Draft): readonly Finding[] {
  return steps.flatMap((step) => {
    const { urls = [], requests = [] } = step.read?.references ?? {};
    return [
      ...urls.flatMap(({ pointer, value }) => checkAddress(step, pointer, value)),
      ...requests.flatMap(({ pointer, value }) => checkRequest(step, pointer, value)),
    ];
  });
}

function checkAddress(step: DraftStep, pointer: string, value: string): readonly Finding[] {
  return isHttps(value) ? [] : [errorIn(step, pointer, `${quoted(value)} is no address that begins with https://.`)];
}

const WHY: Readonly<Record<Exclude<UrlProblem, "not a URL">, string>> = {
  "credentials in the URL": "it has a user or a password in it; put those into a header, by a secret's name",
  "not https": "it does not begin with https://",
  "no public address": "its host is not public",
  "no public name": "its host is not public",
  "port not allowed": "it names a port",
};

/** An application may allow hosts that are not public; what it cannot allow is an error. */
function checkRequest(step: DraftStep, pointer: string, value: string): readonly Finding[] {
  const address = value.trim();
  if (isTemplate(address)) {
    const isHttp = /^http:\/\//iu.test(address);
    if (isHttps(address)) return [];
    return isHttp ? [onlyAllowed(step, pointer, "not https")] : checkAddress(step, pointer, value);
  }
  const checked = checkUrl(address);
  if (checked.ok) return [];
  if (checked.failure === "not a URL" || !/^https?:/iu.test(address)) return checkAddress(step, pointer, value);
  if (checked.failure !== "credentials in the URL") return [onlyAllowed(step, pointer, checked.failure)];
  return [errorIn(step, pointer, `this address cannot be asked: ${WHY[checked.failure]}.`)];
}

function onlyAllowed(step: DraftStep, pointer: string, why: Exclude<UrlProblem, "not a URL">): Finding {
  const detail = `this address can only be asked where the application's "allowedHosts" names its host: ${WHY[why]}.`;
  return warningIn(step, pointer, detail);
}

function isTemplate(text: string): boolean {
  return /\{\{|\{%/u.test(text);
}

/** @returns whether it is, or may become, an https address */
function isHttps(value: string): boolean {
  const address = value.trim();
  if (!isTemplate(address)) return URL.canParse(address) && /^https:\/\//iu.test(address);
  const beginning = address.slice(0, address.search(/\{\{|\{%/u)).toLowerCase();
  return beginning.startsWith("https://") || "https://".startsWith(beginning);
}
