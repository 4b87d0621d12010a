import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { publicOrigin } from "../configuration/origin.ts";
import { configuration } from "../configuration/store.ts";
import { fromBase64, toBase64 } from "../core/bytes.ts";
import { PAGE_BODY_BYTES } from "../core/limits/linking.ts";
import { problem, problemResponse } from "../core/problem.ts";
import { openVault } from "../core/vault.ts";
import { openDatabase } from "../db/change.ts";
import { changeAttempts, enrol, findPage, findPerson, type PageRow, type PersonRow, personOf } from "../db/persons.ts";
import { guessIn } from "./guess.ts";
import { type Complaint, type Enrolment, enrolledPage, enrolmentPage, type Html, linkPage } from "./page.ts";
import type { PageView } from "./page-view.ts";
import { authenticatorPurpose, hashOfToken } from "./store.ts";
import { counterOf, otpauthUri, toBase32 } from "./totp.ts";

type Visit = Context<{ Bindings: Env }>;

/** Pages that a person opens on their phone: to show who they are, and to set up an authenticator app. */
export const linkPages = new Hono<{ Bindings: Env }>();
export const enrolmentPages = new Hono<{ Bindings: Env }>();

for (const pages of [linkPages, enrolmentPages]) {
  pages.use(
    bodyLimit({
      maxSize: PAGE_BODY_BYTES,
      onError: () => problemResponse(problem(413, `A body has at most ${PAGE_BODY_BYTES} bytes.`)),
    }),
  );
  pages.use(async (c, next) => {
    if (c.req.method !== "POST" || isFromHere(c)) return await next();
    return problemResponse(problem(403, "This came from another site."));
  });
}

/** Opening it changes nothing: apps that show a preview open it too. */
linkPages.get("/:token", async (c) => {
  const { page, sender } = await linkOf(c);
  return await showLink(c, page === null ? null : await sender(page).page(page.hash, null), null);
});

linkPages.post("/:token", async (c) => {
  const { page, sender } = await linkOf(c);
  const { digits, wanted } = await given(c);
  if (page === null) return await showLink(c, null, null);
  if (digits === null) return await showLink(c, await sender(page).page(page.hash, null), "form");
  try {
    return await showLink(c, await sender(page).page(page.hash, { digits, wanted }), null);
  } catch {
    return await showLink(c, await sender(page).page(page.hash, null), "busy");
  }
});

async function linkOf(c: Visit) {
  return {
    page: await pageOf(c, "link"),
    sender: ({ subject }: PageRow) => c.env.SENDER.getByName(subject),
  };
}

async function showLink(c: Visit, view: PageView | null, complaint: Complaint): Promise<Response> {
  const snapshot = view === null ? null : await configuration(c.env, (work) => c.executionCtx.waitUntil(work));
  const title = snapshot?.answering(view?.application ?? "")?.name ?? "Parley";
  return await show(view === null ? 410 : 200, (nonce) => linkPage(view, title, complaint, nonce));
}

enrolmentPages.get("/:token", async (c) => {
  const opened = await openEnrolment(c);
  return await show(opened === null ? 410 : 200, (nonce) => enrolmentPage(opened?.enrolment ?? null, false, nonce));
});

/** The app must show the right code before it counts: nobody is locked out by a picture that they could not scan. */
enrolmentPages.post("/:token", async (c) => {
  const opened = await openEnrolment(c);
  const { digits } = await given(c);
  if (opened === null) return await show(410, (nonce) => enrolmentPage(null, false, nonce));
  const { enrolment, page, secret, sealed } = opened;
  const now = Date.now();
  const counter = digits === null ? null : counterOf(secret, digits, now);
  if (counter === null) return await show(200, (nonce) => enrolmentPage(enrolment, true, nonce));
  const db = openDatabase(c.env.DB);
  if (!(await enrol(db, page, sealed, now))) return await show(410, (nonce) => enrolmentPage(null, false, nonce));
  await changeAttempts(db, page.subject, (before) => ({
    attempts: { ...before, used: { counter, by: page.hash } },
    value: null,
  }));
  return await show(200, (nonce) => enrolledPage(enrolment, nonce));
});

interface Opened {
  readonly enrolment: Enrolment;
  readonly page: PageRow;
  readonly secret: Uint8Array;
  readonly sealed: string;
}

async function openEnrolment(c: Visit): Promise<Opened | null> {
  const page = await pageOf(c, "enrolment");
  const row = page === null ? undefined : await findPerson(openDatabase(c.env.DB), page.subject);
  if (page === null || row === undefined || page.secret === null) return null;
  const vault = await openVault(c.env.MASTER_KEY);
  const secret = fromBase64((await vault.open(page.secret, authenticatorPurpose(row.id))) ?? "");
  if (secret === null) return null;
  return { enrolment: enrolmentOf(row, page, secret), page, secret, sealed: page.secret };
}

function enrolmentOf(row: PersonRow, { issuer }: PageRow, secret: Uint8Array): Enrolment {
  const from = issuer ?? "Parley";
  return {
    issuer: from,
    uri: otpauthUri(secret, from, row.name),
    secret: toBase32(secret),
    languages: personOf(row).languages,
  };
}

async function pageOf(c: Visit, purpose: PageRow["purpose"]): Promise<PageRow | null> {
  const hash = await hashOfToken(c.req.param("token") ?? "");
  const page = await findPage(openDatabase(c.env.DB), hash, Date.now());
  return page?.purpose === purpose ? page : null;
}

async function given(c: Visit): Promise<{ readonly digits: string | null; readonly wanted: "pin" | "code" }> {
  const { digits, for: wanted } = await c.req.parseBody();
  return {
    digits: typeof digits === "string" ? guessIn(digits) : null,
    wanted: wanted === "pin" ? "pin" : "code",
  };
}

/** A browser says where a form was sent from; an old one, that says nothing, must at least not say that it was another origin. */
function isFromHere(c: Visit): boolean {
  const site = c.req.header("sec-fetch-site");
  if (site !== undefined) return site === "same-origin";
  const origin = c.req.header("origin") ?? "null";
  return origin === "null" || [new URL(c.req.url).origin, publicOrigin(c.env, c.req.url)].includes(origin);
}

/** Nothing of it is kept, framed or run, and its address goes nowhere. */
async function show(status: 200 | 410, make: (nonce: string) => Html): Promise<Response> {
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
