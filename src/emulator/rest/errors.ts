/** An error of the REST API: Twilio's code and message, and the HTTP status. */
export interface RestError {
  readonly code: number;
  readonly message: string;
  readonly status: number;
}

/** Creates an error with HTTP status 400. */
export function createBadRequest(code: number, message: string): RestError {
  return { code, message, status: 400 };
}

export const NOT_AUTHENTICATED: RestError = { code: 20003, message: "Authenticate", status: 401 };
export const NO_SUCH_USER: RestError = {
  code: 20003,
  message: "Authentication Error - invalid username",
  status: 401,
};
export const METHOD_NOT_ALLOWED: RestError = { code: 20004, message: "Method not allowed", status: 405 };
export const ACCOUNT_NOT_ACTIVE: RestError = { code: 20005, message: "Account not active", status: 401 };
export const PAYLOAD_TOO_LARGE: RestError = { code: 20413, message: "Payload too large", status: 413 };
export const TOO_MANY_REQUESTS: RestError = { code: 20429, message: "Too Many Requests", status: 429 };
export const INTERNAL_ERROR: RestError = { code: 20500, message: "Internal Server Error", status: 500 };

export function createNotFound(path: string): RestError {
  return { code: 20404, message: `The requested resource ${path} was not found`, status: 404 };
}

/** Converts an error to Twilio's document `{code, message, more_info, status}`. */
export function toErrorResponse({ code, message, status }: RestError): Response {
  const headers = new Headers({ "content-type": "application/json;charset=utf-8" });
  if (status === 401) headers.set("www-authenticate", 'Basic realm="Twilio API"');
  const document = { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status };
  return new Response(JSON.stringify(document), { status, headers });
}
