import { base32nopad } from "@scure/base";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { resolvePublicOrigin } from "../configuration/public-origin.ts";
import { loadConfiguration } from "../configuration/store.ts";
import { parseBase64, toBase64 } from "../core/bytes.ts";
import { IDENTITY_PAGE_BODY_BYTES } from "../core/limits/identity.ts";
import { createProblem, toProblemResponse } from "../core/problem-document.ts";
import { openVault } from "../core/vault.ts";
import { openDatabase } from "../db/database.ts";
import {
  changeAttempts,
  enrolAuthenticator,
  findIdentityPage,
  findPerson,
  type IdentityPageRow,
  type PersonRow,
  toPerson,
} from "../db/persons.ts";
import {
  type AuthenticatorEnrolment,
  type InputError,
  type PageHtml,
  renderEnrolledPage,
  renderEnrolmentPage,
  renderIdentityPage,
} from "./page-html.ts";
import type { PageView } from "./page-view.ts";
import { parseGuess } from "./pin-mask.ts";
import { hashPageToken, toAuthenticatorPurpose } from "./store.ts";
import { findTotpCounter, toOtpauthUri } from "./totp.ts";

type PageContext = Context<{ Bindings: Env }>;

/** The pages on which a contact enters PIN and code, and sets up an authenticator app. */
export const identityPageRoutes = new Hono<{ Bindings: Env }>();
export const enrolmentPageRoutes = new Hono<{ Bindings: Env }>();

for (const pages of [identityPageRoutes, enrolmentPageRoutes]) {
  pages.use(
    bodyLimit({
      maxSize: IDENTITY_PAGE_BODY_BYTES,
      onError: () =>
        toProblemResponse(
          createProblem(413, `The body is too large: at most ${IDENTITY_PAGE_BODY_BYTES} bytes are allowed.`),
        ),
    }),
  );
  pages.use(async (c, next) => {
    if (c.req.method !== "POST" || isSameOrigin(c)) return await next();
    return toProblemResponse(
      createProblem(403, "The form was sent from another site. Open the link again and send it from that page."),
    );
  });
}

/** Opening the page changes nothing, because messaging apps open links to show a preview. */
identityPageRoutes.get("/:token", async (c) => {
  const { page, sender } = await loadIdentityPage(c);
  return await showIdentityPage(c, page === null ? null : await sender(page).page(page.hash, null), null);
});

identityPageRoutes.post("/:token", async (c) => {
  const { page, sender } = await loadIdentityPage(c);
  const { digits, wanted } = await parsePageInput(c);
  if (page === null) return await showIdentityPage(c, null, null);
  if (digits === null) return await showIdentityPage(c, await sender(page).page(page.hash, null), "form");
  try {
    return await showIdentityPage(c, await sender(page).page(page.hash, { digits, wanted }), null);
  } catch {
    return await showIdentityPage(c, await sender(page).page(page.hash, null), "busy");
  }
});

async function loadIdentityPage(c: PageContext) {
  return {
    page: await findValidPage(c, "link"),
    sender: ({ subject }: IdentityPageRow) => c.env.SENDER.getByName(subject),
  };
}

async function showIdentityPage(c: PageContext, view: PageView | null, inputError: InputError): Promise<Response> {
  const snapshot = view === null ? null : await loadConfiguration(c.env, (work) => c.executionCtx.waitUntil(work));
  const title = snapshot?.findApplication(view?.application ?? "")?.name ?? "Parley";
  return await respondWithPage(view === null ? 410 : 200, (nonce) =>
    renderIdentityPage(view, title, inputError, nonce),
  );
}

enrolmentPageRoutes.get("/:token", async (c) => {
  const opened = await openEnrolment(c);
  return await respondWithPage(opened === null ? 410 : 200, (nonce) =>
    renderEnrolmentPage(opened?.enrolment ?? null, false, nonce),
  );
});

/** Stores the secret only after a right code: a person who could not scan the QR code is not locked out. */
enrolmentPageRoutes.post("/:token", async (c) => {
  const opened = await openEnrolment(c);
  const { digits } = await parsePageInput(c);
  if (opened === null) return await respondWithPage(410, (nonce) => renderEnrolmentPage(null, false, nonce));
  const { enrolment, page, secret, sealed } = opened;
  const now = Date.now();
  const counter = digits === null ? null : findTotpCounter(secret, digits, now);
  if (counter === null) return await respondWithPage(200, (nonce) => renderEnrolmentPage(enrolment, true, nonce));
  const db = openDatabase(c.env.DB);
  if (!(await enrolAuthenticator(db, page, sealed, now)))
    return await respondWithPage(410, (nonce) => renderEnrolmentPage(null, false, nonce));
  await changeAttempts(db, page.subject, (before) => ({
    attempts: { ...before, used: { counter, by: page.hash } },
    value: null,
  }));
  return await respondWithPage(200, (nonce) => renderEnrolledPage(enrolment, nonce));
});

interface OpenEnrolment {
  readonly enrolment: AuthenticatorEnrolment;
  readonly page: IdentityPageRow;
  readonly secret: Uint8Array;
  readonly sealed: string;
}

async function openEnrolment(c: PageContext): Promise<OpenEnrolment | null> {
  const page = await findValidPage(c, "enrolment");
  const row = page === null ? undefined : await findPerson(openDatabase(c.env.DB), page.subject);
  if (page === null || row === undefined || page.secret === null) return null;
  const vault = await openVault(c.env.MASTER_KEY);
  const secret = parseBase64((await vault.open(page.secret, toAuthenticatorPurpose(row.id))) ?? "");
  if (secret === null) return null;
  return { enrolment: createEnrolment(row, page, secret), page, secret, sealed: page.secret };
}

function createEnrolment(row: PersonRow, { issuer }: IdentityPageRow, secret: Uint8Array): AuthenticatorEnrolment {
  const from = issuer ?? "Parley";
  return {
    issuer: from,
    uri: toOtpauthUri(secret, from, row.name),
    secret: base32nopad.encode(secret),
    languages: toPerson(row).languages,
  };
}

async function findValidPage(c: PageContext, purpose: IdentityPageRow["purpose"]): Promise<IdentityPageRow | null> {
  const hash = await hashPageToken(c.req.param("token") ?? "");
  const page = await findIdentityPage(openDatabase(c.env.DB), hash, Date.now());
  return page?.purpose === purpose ? page : null;
}

async function parsePageInput(
  c: PageContext,
): Promise<{ readonly digits: string | null; readonly wanted: "pin" | "code" }> {
  const { digits, for: wanted } = await c.req.parseBody();
  return {
    digits: typeof digits === "string" ? parseGuess(digits) : null,
    wanted: wanted === "pin" ? "pin" : "code",
  };
}

/**
 * Checks the `Sec-Fetch-Site` header, or `Origin` if an old browser does not send it. A request with neither of
 * them is allowed.
 */
function isSameOrigin(c: PageContext): boolean {
  const site = c.req.header("sec-fetch-site");
  if (site !== undefined) return site === "same-origin";
  const origin = c.req.header("origin") ?? "null";
  return origin === "null" || [new URL(c.req.url).origin, resolvePublicOrigin(c.env, c.req.url)].includes(origin);
}

/** Responds with headers that forbid caching, framing and scripts, and keep the address out of referrers. */
async function respondWithPage(status: 200 | 410, make: (nonce: string) => PageHtml): Promise<Response> {
  const nonce = toBase64(crypto.getRandomValues(new Uint8Array(16)));
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;
  return new Response(String(await make(nonce)), {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policy,
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "x-robots-tag": "noindex",
    },
  });
}
