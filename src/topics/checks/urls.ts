import { checkUrl, type UrlProblem } from "../../outbound/url-check.ts";
import { quoteText } from "../../schema/issue-texts.ts";
import {
  type CheckFinding,
  createStepError,
  createStepWarning,
  type ParsedStep,
  type ParsedTopic,
} from "./topic-document.ts";

/** Checks web addresses, as far as they are not made by Liquid. */
export function checkUrls({ steps }: ParsedTopic): readonly CheckFinding[] {
  return steps.flatMap((step) => {
    const { urls = [], requests = [] } = step.parsed?.references ?? {};
    return [
      ...urls.flatMap(({ pointer, value }) => checkAddress(step, pointer, value)),
      ...requests.flatMap(({ pointer, value }) => checkRequest(step, pointer, value)),
    ];
  });
}

function checkAddress(step: ParsedStep, pointer: string, value: string): readonly CheckFinding[] {
  return mayBeHttps(value)
    ? []
    : [createStepError(step, pointer, `${quoteText(value)} is not an address that begins with https://.`)];
}

const URL_REASONS: Readonly<Record<Exclude<UrlProblem, "not a URL">, string>> = {
  "credentials in the URL": "it contains a user name or a password. Put them into a header, as a secret",
  "not https": "it does not begin with https://",
  "no public address": "its host is not public",
  "no public name": "its host is not public",
  "port not allowed": "it names a port",
};

/**
 * Checks the URL of a request. An application can allow hosts that are not public; what it cannot allow is an error.
 */
function checkRequest(step: ParsedStep, pointer: string, value: string): readonly CheckFinding[] {
  const address = value.trim();
  if (hasLiquid(address)) {
    const isHttp = /^http:\/\//iu.test(address);
    if (mayBeHttps(address)) return [];
    return isHttp ? [warnAllowedHost(step, pointer, "not https")] : checkAddress(step, pointer, value);
  }
  const checked = checkUrl(address);
  if (checked.ok) return [];
  if (checked.failure === "not a URL" || !/^https?:/iu.test(address)) return checkAddress(step, pointer, value);
  if (checked.failure !== "credentials in the URL") return [warnAllowedHost(step, pointer, checked.failure)];
  return [createStepError(step, pointer, `no request can be sent to this address: ${URL_REASONS[checked.failure]}.`)];
}

function warnAllowedHost(step: ParsedStep, pointer: string, reason: Exclude<UrlProblem, "not a URL">): CheckFinding {
  const detail = `requests to this address fail unless the application's "allowedHosts" names its host: ${URL_REASONS[reason]}.`;
  return createStepWarning(step, pointer, detail);
}

function hasLiquid(text: string): boolean {
  return /\{\{|\{%/u.test(text);
}

/** Tests whether the value is, or may become, an https address. */
function mayBeHttps(value: string): boolean {
  const address = value.trim();
  if (!hasLiquid(address)) return URL.canParse(address) && /^https:\/\//iu.test(address);
  const beginning = address.slice(0, address.search(/\{\{|\{%/u)).toLowerCase();
  return beginning.startsWith("https://") || "https://".startsWith(beginning);
}
