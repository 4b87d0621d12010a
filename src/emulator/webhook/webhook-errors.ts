import type { TwilioError } from "../state/records.ts";

/** Messages of Twilio's errors for webhooks and their responses, by code. */
const ERROR_MESSAGES = {
  11100: "Invalid URL format",
  11200: "HTTP retrieval failure",
  11205: "HTTP connection failure",
  11206: "HTTP protocol violation",
  11210: "HTTP bad host name",
  11215: "HTTP too many redirects",
  11216: "HTTP invalid redirect",
  11220: "SSL/TLS Handshake Error",
  11235: "Certificate Invalid - Domain Mismatch",
  11236: "Certificate Invalid - Certificate Expired",
  11237: "Certificate Invalid - Could not find path to certificate",
  11750: "TwiML response body too large",
  12100: "Document parse failure",
  12300: "Invalid Content-Type",
  14103: "Message body is too long or empty",
} as const;

export type WebhookErrorCode = keyof typeof ERROR_MESSAGES;

/** @param detail what happened, for the developer who looks for the cause */
export function createWebhookError(code: WebhookErrorCode, detail = ""): TwilioError {
  return { code, message: detail === "" ? ERROR_MESSAGES[code] : `${ERROR_MESSAGES[code]}: ${detail}` };
}

const NO_HOST = new Set(["ENOTFOUND", "EAI_AGAIN"]);
const NO_CONNECTION = new Set(["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT", "EADDRNOTAVAIL"]);
const NO_CERTIFICATE_PATH = new Set([
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
]);

/**
 * Converts an error of Node's HTTP client to Twilio's.
 * @param stage whether the connection was still being established (`connect`) or not (`read`)
 */
export function toWebhookError(error: unknown, stage: "connect" | "read"): TwilioError {
  const code = getErrorCode(error);
  if (NO_HOST.has(code)) return createWebhookError(11210, code);
  if (NO_CONNECTION.has(code)) return createWebhookError(11205, code);
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") return createWebhookError(11235);
  if (code === "CERT_HAS_EXPIRED") return createWebhookError(11236);
  if (NO_CERTIFICATE_PATH.has(code)) return createWebhookError(11237, code);
  if (code === "EPROTO" || code.startsWith("ERR_SSL")) return createWebhookError(11220, code);
  if (code.startsWith("HPE_")) return createWebhookError(11206, code);
  return createWebhookError(stage === "connect" ? 11205 : 11200, code);
}

function getErrorCode(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
}
