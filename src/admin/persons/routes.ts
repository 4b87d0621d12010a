import { and, eq } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import * as z from "zod/mini";
import { resolvePublicOrigin } from "../../configuration/public-origin.ts";
import { toBase64 } from "../../core/bytes.ts";
import { ENROLMENT_MILLISECONDS } from "../../core/limits/identity.ts";
import { createProblem } from "../../core/problem-document.ts";
import { checkMasterKey, openVault } from "../../core/vault.ts";
import { type DrizzleDatabase, openDatabase, splitIntoChunks } from "../../db/database.ts";
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
} from "../../db/persons.ts";
import { identityPages, personPhones, persons } from "../../db/schema.ts";
import { type PersonBody, personId } from "../../identity/person-schema.ts";
import { NO_ATTEMPTS, unlockAttempts } from "../../identity/pin-attempts.ts";
import { hashPin, PIN_SALT_BYTES } from "../../identity/pin-hash.ts";
import { createPageToken, toAuthenticatorPurpose } from "../../identity/store.ts";
import { updateLinkedSenders } from "../../identity/sweep.ts";
import { TOTP_SECRET_BYTES } from "../../identity/totp.ts";
import { phoneNumber } from "../../schema/ids.ts";
import { answer, empty, json, NO_CONTENT, respondNotFound } from "../http/answer.ts";
import { csvBody, jsonBody, optionalJsonBody } from "../http/body.ts";
import { createListPage } from "../http/page.ts";
import { lookup, type Route, route } from "../http/route.ts";
import { pageQuery, pageSchema } from "../http/schema.ts";
import { readPersons } from "./csv-import.ts";
import {
  enrolmentBody,
  enrolmentResource,
  importResource,
  PERSON_EXAMPLE,
  personBody,
  personResource,
} from "./schema.ts";

const NOUN = { path: "/v1/persons/{id}", tag: "Persons" } as const;
const ABSENT = "The person does not exist.";
const NO_MASTER_KEY = "MASTER_KEY is missing or invalid.";
const id = lookup(personId);

const unlock = (before: Parameters<typeof unlockAttempts>[0]) => ({ attempts: unlockAttempts(before), value: true });

const personsQuery = z.extend(pageQuery, {
  phone: z.optional(phoneNumber.check(z.describe("Only persons with this phone"))),
});

export const personRoutes: readonly Route[] = [
  route({
    tag: NOUN.tag,
    method: "get",
    path: "/v1/persons",
    operationId: "listPersons",
    summary: "List persons",
    query: personsQuery,
    responses: { 200: json("One page of persons, by id.", pageSchema(personResource)) },
    handle: async ({ query: { phone = null, after, limit } }, c) => {
      const db = openDatabase(c.env.DB);
      const rows = await listPersons(db, { after, limit, phone });
      const phones = await findPersonPhones(
        db,
        rows.map((row) => row.id),
      );
      return answer(
        200,
        createListPage(
          rows,
          limit,
          (row) => row.id,
          (row) => showPerson(row, phones.get(row.id) ?? []),
        ),
      );
    },
  }),
  route({
    ...NOUN,
    method: "get",
    operationId: "getPerson",
    summary: "Get a person",
    parameters: { id },
    responses: { 200: json("The person, without the PIN.", personResource), 404: ABSENT },
    handle: async ({ parameters }, c) => {
      const shown = await findShownPerson(openDatabase(c.env.DB), parameters.id);
      return shown === null ? respondNotFound(`person "${parameters.id}"`) : answer(200, shown);
    },
  }),
  route({
    ...NOUN,
    method: "put",
    operationId: "savePerson",
    summary: "Create or replace a person",
    parameters: { id: personId },
    body: jsonBody(personBody, PERSON_EXAMPLE),
    responses: {
      200: json("The person was replaced.", personResource),
      201: json("The person was created.", personResource),
      404: "The person was deleted at the same time.",
      503: NO_MASTER_KEY,
    },
    handle: async ({ parameters, body }, c) => {
      const keyProblem = checkMasterKey(c.env.MASTER_KEY);
      if (keyProblem !== null) return createProblem(503, keyProblem);
      const db = openDatabase(c.env.DB);
      const before = await findPerson(db, parameters.id);
      const phones = (await findPersonPhones(db, [parameters.id])).get(parameters.id) ?? [];
      await runBatch(db, await saveStatements(c.env, db, parameters.id, body, phones, Date.now()));
      await updateLinkedSenders(c.env, parameters.id);
      const shown = await findShownPerson(db, parameters.id);
      if (shown === null) return respondNotFound(`person "${parameters.id}"`);
      return answer(before === undefined ? 201 : 200, shown);
    },
  }),
  route({
    ...NOUN,
    method: "delete",
    operationId: "deletePerson",
    summary: "Delete a person and its links to contacts",
    parameters: { id },
    responses: { 204: empty("The person was deleted."), 404: ABSENT },
    handle: async ({ parameters }, c) => {
      const db = openDatabase(c.env.DB);
      if ((await findPerson(db, parameters.id)) === undefined) return respondNotFound(`person "${parameters.id}"`);
      const phones = (await findPersonPhones(db, [parameters.id])).get(parameters.id) ?? [];
      await runBatch(db, [
        ...insertPersonChanges(db, parameters.id, phones, Date.now()),
        db.delete(persons).where(eq(persons.id, parameters.id)),
      ]);
      await updateLinkedSenders(c.env, parameters.id);
      return NO_CONTENT;
    },
  }),
  route({
    tag: NOUN.tag,
    method: "delete",
    path: "/v1/persons/{id}/lock",
    operationId: "unlockPerson",
    summary: "Unlock a person after three incorrect tries",
    parameters: { id },
    responses: { 204: empty("The person is not locked."), 404: ABSENT },
    handle: async ({ parameters }, c) => {
      const done = await changeAttempts(openDatabase(c.env.DB), parameters.id, unlock);
      return done === null ? respondNotFound(`person "${parameters.id}"`) : NO_CONTENT;
    },
  }),
  route({
    tag: NOUN.tag,
    method: "delete",
    path: "/v1/persons/{id}/authenticator",
    operationId: "deleteAuthenticator",
    summary: "Delete a person's authenticator, for example a lost phone",
    parameters: { id },
    responses: {
      204: empty("The person has no authenticator; a code by text, or a new authenticator, takes its place."),
      404: ABSENT,
    },
    handle: async ({ parameters }, c) => {
      const db = openDatabase(c.env.DB);
      const set = { authenticator: null, updatedAt: Date.now() };
      const done = await db.update(persons).set(set).where(eq(persons.id, parameters.id)).returning({ id: persons.id });
      return done.length === 0 ? respondNotFound(`person "${parameters.id}"`) : NO_CONTENT;
    },
  }),
  route({
    tag: NOUN.tag,
    method: "post",
    path: "/v1/persons/{id}/enrolments",
    operationId: "createEnrolment",
    summary: "Create a page that sets up an authenticator app",
    parameters: { id },
    body: optionalJsonBody(enrolmentBody, { issuer: "Corner Logistics" }),
    responses: {
      201: json("The page was created. The person's earlier pages no longer work.", enrolmentResource),
      404: ABSENT,
      503: NO_MASTER_KEY,
    },
    handle: async ({ parameters, body: { issuer } }, c) => {
      const keyProblem = checkMasterKey(c.env.MASTER_KEY);
      if (keyProblem !== null) return createProblem(503, keyProblem);
      const db = openDatabase(c.env.DB);
      const subject = parameters.id;
      if ((await findPerson(db, subject)) === undefined) return respondNotFound(`person "${subject}"`);
      const vault = await openVault(c.env.MASTER_KEY);
      const bytes = toBase64(crypto.getRandomValues(new Uint8Array(TOTP_SECRET_BYTES)));
      const secret = await vault.seal(bytes, toAuthenticatorPurpose(subject));
      const { token, hash } = await createPageToken();
      const now = Date.now();
      const expiresAt = now + ENROLMENT_MILLISECONDS;
      await db
        .delete(identityPages)
        .where(and(eq(identityPages.purpose, "enrolment"), eq(identityPages.subject, subject)));
      await saveIdentityPage(db, { hash, purpose: "enrolment", subject, secret, issuer, expiresAt }, now);
      const url = `${resolvePublicOrigin(c.env, c.req.url)}/enrol/${token}`;
      return answer(201, { url, expiresAt: new Date(expiresAt).toISOString() });
    },
  }),
  route({
    tag: NOUN.tag,
    method: "post",
    path: "/v1/persons/imports",
    operationId: "importPersons",
    summary: "Create or replace persons from a CSV file",
    body: csvBody(
      "id,name,phones,pin,languages,attributes.department\n4711,Contractor 4711,+12025550140,9047,en,logistics\n",
    ),
    responses: {
      200: json("The number of saved rows, and what is wrong with the others.", importResource),
      503: NO_MASTER_KEY,
    },
    handle: async ({ body }, c) => {
      const keyProblem = checkMasterKey(c.env.MASTER_KEY);
      if (keyProblem !== null) return createProblem(503, keyProblem);
      const read = readPersons(body);
      if (!read.ok) return createProblem(422, read.failure);
      const { rows, errors } = read.value;
      const db = openDatabase(c.env.DB);
      const now = Date.now();
      const before = await findPersonPhones(
        db,
        rows.map((row) => row.id),
      );
      for (const some of splitIntoChunks(rows, ROWS_PER_BATCH)) {
        const saved = some.map((row) => saveStatements(c.env, db, row.id, row.person, before.get(row.id) ?? [], now));
        await runBatch(db, (await Promise.all(saved)).flat());
      }
      await updateLinkedSenders(c.env);
      return answer(200, { imported: rows.length, errors });
    },
  }),
];

/** A batch is one round trip to D1, all or nothing. */
const ROWS_PER_BATCH = 25;

/** Makes the statements that save a person. @param before phones that may be linked, whose Senders must be told */
async function saveStatements(
  env: Env,
  db: DrizzleDatabase,
  person: string,
  { name, phones, pin, languages, attributes }: PersonBody,
  before: readonly string[],
  now: number,
): Promise<readonly BatchItem<"sqlite">[]> {
  const hashed =
    typeof pin === "string"
      ? await hashPin(env.MASTER_KEY, person, pin, crypto.getRandomValues(new Uint8Array(PIN_SALT_BYTES)))
      : null;
  const fields = {
    name,
    languages: JSON.stringify(languages),
    attributes: JSON.stringify(attributes),
    updatedAt: now,
    ...(pin === undefined ? {} : { pin: hashed }),
  };
  const added = {
    id: person,
    pin: null,
    authenticator: null,
    attempts: JSON.stringify(NO_ATTEMPTS),
    createdAt: now,
    ...fields,
  };
  return [
    db.insert(persons).values(added).onConflictDoUpdate({ target: persons.id, set: fields }),
    db.delete(personPhones).where(eq(personPhones.person, person)),
    ...phones.map((phone) => db.insert(personPhones).values({ person, phone })),
    ...insertPersonChanges(db, person, before, now),
  ];
}

async function runBatch(db: DrizzleDatabase, [first, ...rest]: readonly BatchItem<"sqlite">[]): Promise<void> {
  if (first !== undefined) await db.batch([first, ...rest]);
}

async function findShownPerson(db: DrizzleDatabase, person: string) {
  const row = await findPerson(db, person);
  return row === undefined ? null : showPerson(row, (await findPersonPhones(db, [person])).get(person) ?? []);
}

/** Shows everything but the PIN and the authenticator's secret. */
function showPerson(row: PersonRow, phones: readonly string[]) {
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
