/**
 * One error of a request: its place (a JSON pointer into the body, or the name of a parameter) and what a valid value
 * would be.
 */
export interface FieldProblem {
  readonly pointer: string;
  readonly detail: string;
}

/** @returns the JSON pointer for a path of names and indexes */
export function toJsonPointer(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** An RFC 9457 problem document. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly FieldProblem[];
  /** Values that are valid but probably not intended. */
  readonly warnings?: readonly FieldProblem[];
}

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad request",
  401: "Not authorised",
  403: "Forbidden",
  404: "Not found",
  405: "Method not allowed",
  409: "Conflict",
  410: "Gone",
  413: "Too large",
  415: "Unsupported media type",
  416: "Range not satisfiable",
  422: "Invalid content",
  500: "Internal error",
  502: "Twilio did not respond",
  503: "Service unavailable",
};

export function createProblem(status: number, detail: string, errors?: readonly FieldProblem[]): ProblemDocument {
  const base = { type: "about:blank", title: TITLES[status] ?? "Error", status, detail };
  return errors === undefined ? base : { ...base, errors };
}

/** @returns the document as a response of `application/problem+json` */
export function toProblemResponse(document: ProblemDocument, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(document), {
    status: document.status,
    headers: { "content-type": "application/problem+json", ...headers },
  });
}
