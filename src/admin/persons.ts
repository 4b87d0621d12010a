import { and, eq } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { Hono } from "hono";
import { publicOrigin } from "../configuration/origin.ts";
import { toBase64 } from "../core/bytes.ts";
import { ENROLMENT_MILLISECONDS } from "../core/limits/linking.ts";
import { parsePhone } from "../core/phone.ts";
import { problem, problemResponse } from "../core/problem.ts";
import { masterKeyProblem, openVault } from "../core/vault.ts";
import { chunks, type Database, openDatabase } from "../db/change.ts";
import {
  attemptsOf,
  changeAttempts,
  findPerson,
  listPersons,
  noteChange,
  type PersonRow,
  personOf,
  phonesOf,
  savePage,
} from "../db/persons.ts";
import { pages, personPhones, persons } from "../db/schema.ts";
import { UNTRIED, unlocked } from "../identity/attempts.ts";
import { enrolmentSchema, type PersonBody, personId, personSchema } from "../identity/nouns.ts";
import { hashPin, SALT_BYTES } from "../identity/pin.ts";
import { authenticatorPurpose, newToken } from "../identity/store.ts";
import { tellSenders } from "../identity/sweep.ts";
import { SECRET_BYTES } from "../identity/totp.ts";
import { check, notFound, pageOf, readBody, readOptionalBody, readPage } from "./http.ts";
import { readImport } from "./persons-import.ts";

export const personRoutes = new Hono<{ Bindings: Env }>();

personRoutes.get("/", async (c) => {
  const { phone, ...rest } = c.req.query();
  const query = readPage(c, rest);
  if (!query.ok) return problemResponse(query.failure);
  const number = phone === undefined ? null : parsePhone(phone);
  if (phone !== undefined && number === null)
    return problemResponse(
      problem(400, "The persons asked for cannot be given.", [
        { pointer: "/phone", detail: "Must be a phone number as +12025550140." },
      ]),
    );
  const db = openDatabase(c.env.DB);
  const rows = await listPersons(db, { ...query.value, phone: number });
  const phones = await phonesOf(
    db,
    rows.map(({ id }) => id),
  );
  return c.json(
    pageOf(
      rows,
      query.value.limit,
      ({ id }) => id,
      (row) => show(row, phones.get(row.id) ?? []),
    ),
  );
});

personRoutes.get("/:id", async (c) => {
  const shown = await find(openDatabase(c.env.DB), c.req.param("id"));
  return shown === null ? notFound(`person "${c.req.param("id")}"`) : c.json(shown);
});

personRoutes.put("/:id", async (c) => {
  const id = check(personId, c.req.param("id"), 400, "The URL does not end in an id.");
  if (!id.ok) return problemResponse(id.failure);
  const body = await readBody(c, personSchema);
  if (!body.ok) return problemResponse(body.failure);
  const keyProblem = masterKeyProblem(c.env.MASTER_KEY);
  if (keyProblem !== null) return problemResponse(problem(503, keyProblem));
  const db = openDatabase(c.env.DB);
  const before = await findPerson(db, id.value);
  const phones = (await phonesOf(db, [id.value])).get(id.value) ?? [];
  await run(db, await saving(c.env, db, id.value, body.value, phones, Date.now()));
  await tellSenders(c.env, id.value);
  return c.json(await find(db, id.value), before === undefined ? 201 : 200);
});

personRoutes.delete("/:id", async (c) => {
  const id = c.req.param("id");
  const db = openDatabase(c.env.DB);
  if ((await findPerson(db, id)) === undefined) return notFound(`person "${id}"`);
  const phones = (await phonesOf(db, [id])).get(id) ?? [];
  await run(db, [...noteChange(db, id, phones, Date.now()), db.delete(persons).where(eq(persons.id, id))]);
  await tellSenders(c.env, id);
  return c.body(null, 204);
});

/** Unlocks a person who was locked after three wrong tries. */
personRoutes.delete("/:id/lock", async (c) => {
  const id = c.req.param("id");
  const db = openDatabase(c.env.DB);
  const done = await changeAttempts(db, id, (before) => ({ attempts: unlocked(before), value: true }));
  return done === null ? notFound(`person "${id}"`) : c.body(null, 204);
});

/** They have lost their phone, say: from now on a code by text serves, or another authenticator. */
personRoutes.delete("/:id/authenticator", async (c) => {
  const id = c.req.param("id");
  const db = openDatabase(c.env.DB);
  const set = { authenticator: null, updatedAt: Date.now() };
  const done = await db.update(persons).set(set).where(eq(persons.id, id)).returning({ id: persons.id });
  return done.length === 0 ? notFound(`person "${id}"`) : c.body(null, 204);
});

/** Makes a secret for an authenticator app, and the address of a page that shows it, once. An address that was made before is void. */
personRoutes.post("/:id/enrolments", async (c) => {
  const id = c.req.param("id");
  const body = await readOptionalBody(c, enrolmentSchema);
  if (!body.ok) return problemResponse(body.failure);
  const keyProblem = masterKeyProblem(c.env.MASTER_KEY);
  if (keyProblem !== null) return problemResponse(problem(503, keyProblem));
  const db = openDatabase(c.env.DB);
  if ((await findPerson(db, id)) === undefined) return notFound(`person "${id}"`);
  const vault = await openVault(c.env.MASTER_KEY);
  const bytes = toBase64(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));
  const secret = await vault.seal(bytes, authenticatorPurpose(id));
  const { token, hash } = await newToken();
  const now = Date.now();
  const expiresAt = now + ENROLMENT_MILLISECONDS;
  await db.delete(pages).where(and(eq(pages.purpose, "enrolment"), eq(pages.subject, id)));
  await savePage(db, { hash, purpose: "enrolment", subject: id, secret, issuer: body.value.issuer, expiresAt }, now);
  const url = `${publicOrigin(c.env, c.req.url)}/enrol/${token}`;
  return c.json({ url, expiresAt: new Date(expiresAt).toISOString() }, 201);
});

/** Many persons at once, as CSV: each row that is right is saved, each that is wrong is told. */
personRoutes.post("/imports", async (c) => {
  const type = c.req.header("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
  if (type !== "text/csv") return problemResponse(problem(415, "The body must be text/csv."));
  const keyProblem = masterKeyProblem(c.env.MASTER_KEY);
  if (keyProblem !== null) return problemResponse(problem(503, keyProblem));
  const read = readImport(await c.req.text());
  if (!read.ok) return problemResponse(problem(422, read.failure));
  const { rows, errors } = read.value;
  const db = openDatabase(c.env.DB);
  const now = Date.now();
  const before = await phonesOf(
    db,
    rows.map(({ id }) => id),
  );
  for (const some of chunks(rows, ROWS_PER_BATCH)) {
    const saved = some.map(({ id, person }) => saving(c.env, db, id, person, before.get(id) ?? [], now));
    await run(db, (await Promise.all(saved)).flat());
  }
  await tellSenders(c.env);
  return c.json({ imported: rows.length, errors });
});

/** A batch is one round trip to D1, and all or nothing. */
const ROWS_PER_BATCH = 25;

/** Everything that saving a person does. @param before the phones that it may be linked on: they hear of it afterwards */
async function saving(
  env: Env,
  db: Database,
  id: string,
  { name, phones, pin, languages, attributes }: PersonBody,
  before: readonly string[],
  now: number,
): Promise<readonly BatchItem<"sqlite">[]> {
  const hashed =
    typeof pin === "string"
      ? await hashPin(env.MASTER_KEY, id, pin, crypto.getRandomValues(new Uint8Array(SALT_BYTES)))
      : null;
  const fields = {
    name,
    languages: JSON.stringify(languages),
    attributes: JSON.stringify(attributes),
    updatedAt: now,
    ...(pin === undefined ? {} : { pin: hashed }),
  };
  const added = { id, pin: null, authenticator: null, attempts: JSON.stringify(UNTRIED), createdAt: now, ...fields };
  return [
    db.insert(persons).values(added).onConflictDoUpdate({ target: persons.id, set: fields }),
    db.delete(personPhones).where(eq(personPhones.person, id)),
    ...phones.map((phone) => db.insert(personPhones).values({ person: id, phone })),
    ...noteChange(db, id, before, now),
  ];
}

async function run(db: Database, [first, ...rest]: readonly BatchItem<"sqlite">[]): Promise<void> {
  if (first !== undefined) await db.batch([first, ...rest]);
}

async function find(db: Database, id: string) {
  const row = await findPerson(db, id);
  return row === undefined ? null : show(row, (await phonesOf(db, [id])).get(id) ?? []);
}

/** Everything but the PIN and the secret. */
function show(row: PersonRow, phones: readonly string[]) {
  const attempts = attemptsOf(row);
  return {
    ...personOf(row),
    phones,
    hasPin: row.pin !== null,
    hasAuthenticator: row.authenticator !== null,
    lockedAt: attempts.status === "locked" ? new Date(attempts.at).toISOString() : null,
    createdAt: new Date(row.createdAt).toISOString(),
    updatedAt: new Date(row.updatedAt).toISOString(),
  };
}
