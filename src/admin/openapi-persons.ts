import { enrolmentSchema, personId } from "../identity/person-schema.ts";
import { content, jsonSchema, operation, problemAnswer, ref } from "./openapi-parts.ts";
import { enrolmentResource, importResource } from "./resources.ts";

const ID = { name: "id", in: "path", required: true, schema: jsonSchema(personId, "input") };
const DONE = { 204: { description: "Done" }, 404: problemAnswer("There is none") };

/** What can be done with persons beside saving them. */
export function personPaths(): object {
  return {
    "/v1/persons/imports": {
      post: {
        ...operation("importPersons", "Save many persons, from CSV; each row that is wrong is told", [], {
          200: content(ref("PersonImport")),
          415: problemAnswer("It is not text/csv"),
          422: problemAnswer("Nothing of it can be read"),
        }),
        requestBody: { required: true, content: { "text/csv": { schema: { type: "string" } } } },
      },
    },
    "/v1/persons/{id}/enrolments": {
      post: {
        ...operation("enrolPerson", "Make an authenticator secret, and a page that shows it", [ID], {
          201: content(ref("Enrolment")),
          404: problemAnswer("There is none"),
        }),
        requestBody: { content: { "application/json": { schema: jsonSchema(enrolmentSchema, "input") } } },
      },
    },
    "/v1/persons/{id}/authenticator": {
      delete: operation("forgetAuthenticator", "Forget the authenticator of a person", [ID], DONE),
    },
    "/v1/persons/{id}/lock": {
      delete: operation("unlockPerson", "Unlock a person who was locked after three wrong tries", [ID], DONE),
    },
  };
}

export function personSchemas(): object {
  return { Enrolment: jsonSchema(enrolmentResource, "output"), PersonImport: jsonSchema(importResource, "output") };
}
