import { and, eq } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { Hono } from "hono";
import { resolvePublicOrigin } from "../configuration/public-origin.ts";
import { toBase64 } from "../core/bytes.ts";
import { ENROLMENT_MILLISECONDS } from "../core/limits/identity.ts";
import { parsePhone } from "../core/phone.ts";
import { createProblem, toProblemResponse } from "../core/problem-document.ts";
import { checkMasterKey, openVault } from "../core/vault.ts";
import { type DrizzleDatabase, openDatabase, splitIntoChunks } from "../db/database.ts";
import {
  changeAttempts,
  findPerson,
  findPersonPhones,
  insertPersonChanges,
  listPersons,
  type PersonRow,
  parseAttempts,
  saveIdentityPage,
  toPerson,
} from "../db/persons.ts";
import { identityPages, personPhones, persons } from "../db/schema.ts";
import { enrolmentSchema, type PersonBody, personId, personSchema } from "../identity/person-schema.ts";
import { NO_ATTEMPTS, unlockAttempts } from "../identity/pin-attempts.ts";
import { hashPin, PIN_SALT_BYTES } from "../identity/pin-hash.ts";
import { createPageToken, toAuthenticatorPurpose } from "../identity/store.ts";
import { updateLinkedSenders } from "../identity/sweep.ts";
import { TOTP_SECRET_BYTES } from "../identity/totp.ts";
import { checkValue, createListPage, parseBody, parseOptionalBody, parsePageQuery, respondNotFound } from "./http.ts";
import { parsePersonImport } from "./persons-import.ts";

export const personRoutes = new Hono<{ Bindings: Env }>();

personRoutes.get("/", async (c) => {
  const { phone, ...rest } = c.req.query();
  const query = parsePageQuery(c, rest);
  if (!query.ok) return toProblemResponse(query.failure);
  const number = phone === undefined ? null : parsePhone(phone);
  if (phone !== undefined && number === null)
    return toProblemResponse(
      createProblem(400, "The persons asked for cannot be given.", [
        { pointer: "/phone", detail: "Must be a phone number as +12025550140." },
      ]),
    );
  const db = openDatabase(c.env.DB);
  const rows = await listPersons(db, { ...query.value, phone: number });
  const phones = await findPersonPhones(
    db,
    rows.map(({ id }) => id),
  );
  return c.json(
    createListPage(
      rows,
      query.value.limit,
      ({ id }) => id,
      (row) => show(row, phones.get(row.id) ?? []),
    ),
  );
});

personRoutes.get("/:id", async (c) => {
  const shown = await find(openDatabase(c.env.DB), c.req.param("id"));
  return shown === null ? respondNotFound(`person "${c.req.param("id")}"`) : c.json(shown);
});

personRoutes.put("/:id", async (c) => {
  const id = checkValue(personId, c.req.param("id"), 400, "The URL does not end in an id.");
  if (!id.ok) return toProblemResponse(id.failure);
  const body = await parseBody(c, personSchema);
  if (!body.ok) return toProblemResponse(body.failure);
  const keyProblem = checkMasterKey(c.env.MASTER_KEY);
  if (keyProblem !== null) return toProblemResponse(createProblem(503, keyProblem));
  const db = openDatabase(c.env.DB);
  const before = await findPerson(db, id.value);
  const phones = (await findPersonPhones(db, [id.value])).get(id.value) ?? [];
  await run(db, await saving(c.env, db, id.value, body.value, phones, Date.now()));
  await updateLinkedSenders(c.env, id.value);
  return c.json(await find(db, id.value), before === undefined ? 201 : 200);
});

personRoutes.delete("/:id", async (c) => {
  const id = c.req.param("id");
  const db = openDatabase(c.env.DB);
  if ((await findPerson(db, id)) === undefined) return respondNotFound(`person "${id}"`);
  const phones = (await findPersonPhones(db, [id])).get(id) ?? [];
  await run(db, [...insertPersonChanges(db, id, phones, Date.now()), db.delete(persons).where(eq(persons.id, id))]);
  await updateLinkedSenders(c.env, id);
  return c.body(null, 204);
});

/** Unlocks a person who was locked after three wrong tries. */
personRoutes.delete("/:id/lock", async (c) => {
  const id = c.req.param("id");
  const db = openDatabase(c.env.DB);
  const done = await changeAttempts(db, id, (before) => ({ attempts: unlockAttempts(before), value: true }));
  return done === null ? respondNotFound(`person "${id}"`) : c.body(null, 204);
});

/** They have lost their phone, say: from now on a code by text serves, or another authenticator. */
personRoutes.delete("/:id/authenticator", async (c) => {
  const id = c.req.param("id");
  const db = openDatabase(c.env.DB);
  const set = { authenticator: null, updatedAt: Date.now() };
  const done = await db.update(persons).set(set).where(eq(persons.id, id)).returning({ id: persons.id });
  return done.length === 0 ? respondNotFound(`person "${id}"`) : c.body(null, 204);
});

/** Makes a secret for an authenticator app, and the address of a page that shows it, once. An address that was made before is void. */
personRoutes.post("/:id/enrolments", async (c) => {
  const id = c.req.param("id");
  const body = await parseOptionalBody(c, enrolmentSchema);
  if (!body.ok) return toProblemResponse(body.failure);
  const keyProblem = checkMasterKey(c.env.MASTER_KEY);
  if (keyProblem !== null) return toProblemResponse(createProblem(503, keyProblem));
  const db = openDatabase(c.env.DB);
  if ((await findPerson(db, id)) === undefined) return respondNotFound(`person "${id}"`);
  const vault = await openVault(c.env.MASTER_KEY);
  const bytes = toBase64(crypto.getRandomValues(new Uint8Array(TOTP_SECRET_BYTES)));
  const secret = await vault.seal(bytes, toAuthenticatorPurpose(id));
  const { token, hash } = await createPageToken();
  const now = Date.now();
  const expiresAt = now + ENROLMENT_MILLISECONDS;
  await db.delete(identityPages).where(and(eq(identityPages.purpose, "enrolment"), eq(identityPages.subject, id)));
  await saveIdentityPage(
    db,
    { hash, purpose: "enrolment", subject: id, secret, issuer: body.value.issuer, expiresAt },
    now,
  );
  const url = `${resolvePublicOrigin(c.env, c.req.url)}/enrol/${token}`;
  return c.json({ url, expiresAt: new Date(expiresAt).toISOString() }, 201);
});

/** Many persons at once, as CSV: each row that is right is saved, each that is wrong is told. */
personRoutes.post("/imports", async (c) => {
  const type = c.req.header("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
  if (type !== "text/csv") return toProblemResponse(createProblem(415, "The body must be text/csv."));
  const keyProblem = checkMasterKey(c.env.MASTER_KEY);
  if (keyProblem !== null) return toProblemResponse(createProblem(503, keyProblem));
  const read = parsePersonImport(await c.req.text());
  if (!read.ok) return toProblemResponse(createProblem(422, read.failure));
  const { rows, errors } = read.value;
  const db = openDatabase(c.env.DB);
  const now = Date.now();
  const before = await findPersonPhones(
    db,
    rows.map(({ id }) => id),
  );
  for (const some of splitIntoChunks(rows, ROWS_PER_BATCH)) {
    const saved = some.map(({ id, person }) => saving(c.env, db, id, person, before.get(id) ?? [], now));
    await run(db, (await Promise.all(saved)).flat());
  }
  await updateLinkedSenders(c.env);
  return c.json({ imported: rows.length, errors });
});

/** A batch is one round trip to D1, and all or nothing. */
const ROWS_PER_BATCH = 25;

/** Everything that saving a person does. @param before the phones that it may be linked on: they hear of it afterwards */
async function saving(
  env: Env,
  db: DrizzleDatabase,
  id: string,
  { name, phones, pin, languages, attributes }: PersonBody,
  before: readonly string[],
  now: number,
): Promise<readonly BatchItem<"sqlite">[]> {
  const hashed =
    typeof pin === "string"
      ? await hashPin(env.MASTER_KEY, id, pin, crypto.getRandomValues(new Uint8Array(PIN_SALT_BYTES)))
      : null;
  const fields = {
    name,
    languages: JSON.stringify(languages),
    attributes: JSON.stringify(attributes),
    updatedAt: now,
    ...(pin === undefined ? {} : { pin: hashed }),
  };
  const added = {
    id,
    pin: null,
    authenticator: null,
    attempts: JSON.stringify(NO_ATTEMPTS),
    createdAt: now,
    ...fields,
  };
  return [
    db.insert(persons).values(added).onConflictDoUpdate({ target: persons.id, set: fields }),
    db.delete(personPhones).where(eq(personPhones.person, id)),
    ...phones.map((phone) => db.insert(personPhones).values({ person: id, phone })),
    ...insertPersonChanges(db, id, before, now),
  ];
}

async function run(db: DrizzleDatabase, [first, ...rest]: readonly BatchItem<"sqlite">[]): Promise<void> {
  if (first !== undefined) await db.batch([first, ...rest]);
}

async function find(db: DrizzleDatabase, id: string) {
  const row = await findPerson(db, id);
  return row === undefined ? null : show(row, (await findPersonPhones(db, [id])).get(id) ?? []);
}

/** Everything but the PIN and the secret. */
function show(row: PersonRow, phones: readonly string[]) {
  const attempts = parseAttempts(row);
  return {
    ...toPerson(row),
    phones,
    hasPin: row.pin !== null,
    hasAuthenticator: row.authenticator !== null,
    lockedAt: attempts.status === "locked" ? new Date(attempts.at).toISOString() : null,
    createdAt: new Date(row.createdAt).toISOString(),
    updatedAt: new Date(row.updatedAt).toISOString(),
  };
}
