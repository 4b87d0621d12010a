import { phoneNumber, slug } from "../schema/ids.ts";
import { content, jsonSchema, operation, pageOf, pageParameters, problemAnswer, ref } from "./openapi-parts.ts";
import { publicationItem, publicationResource, publicationSchema, testerResource } from "./resources.ts";

/** Of a topic or an application. */
export const ID = { name: "id", in: "path", required: true, schema: jsonSchema(slug, "input") };
export const ABSENT = { 404: problemAnswer("There is none") };

/** Publications of topics and applications, and the trials of topics. */
export function versionPaths(): object {
  return {
    ...publicationPaths("topics", "Topic"),
    ...publicationPaths("applications", "Application"),
    ...trialPaths(),
  };
}

export function versionSchemas(): object {
  return {
    PublicationItem: jsonSchema(publicationItem, "output"),
    Publication: jsonSchema(publicationResource, "output"),
    Trial: jsonSchema(testerResource, "output"),
  };
}

function publicationPaths(collection: string, singular: string): object {
  const version = { name: "version", in: "path", required: true, schema: { type: "integer", minimum: 1 } };
  const one = content(ref("Publication"));
  return {
    [`/v1/${collection}/{id}/publications`]: {
      get: operation(
        `list${singular}Publications`,
        "List what was published, the latest first",
        [ID, ...pageParameters()],
        { 200: content(pageOf("PublicationItem")), ...ABSENT },
      ),
      post: {
        ...operation(`publish${singular}`, "Publish what was saved last, or an older version once more", [ID], {
          200: one,
          201: one,
          ...ABSENT,
          409: problemAnswer("In conflict with what is there"),
          422: problemAnswer("It cannot be published as it is"),
        }),
        requestBody: { content: { "application/json": { schema: jsonSchema(publicationSchema, "input") } } },
      },
    },
    [`/v1/${collection}/{id}/publications/{version}`]: {
      get: operation(`get${singular}Publication`, "Get a version with its document", [ID, version], {
        200: one,
        ...ABSENT,
      }),
    },
  };
}

function trialPaths(): object {
  const phone = { name: "phone", in: "path", required: true, schema: jsonSchema(phoneNumber, "input") };
  const one = content(ref("Trial"));
  return {
    "/v1/topics/{id}/trials": {
      get: operation("listTrials", "List the phones that get the draft", [ID, ...pageParameters()], {
        200: content(pageOf("Trial")),
        ...ABSENT,
      }),
    },
    "/v1/topics/{id}/trials/{phone}": {
      put: operation(
        "putTrial",
        "Let a phone get the draft in the conversations that it begins from now on",
        [ID, phone],
        {
          200: one,
          201: one,
          ...ABSENT,
          409: problemAnswer("As many phones as can be try it"),
        },
      ),
      delete: operation("deleteTrial", "Let a phone get what is published again", [ID, phone], {
        204: { description: "Deleted" },
        ...ABSENT,
      }),
    },
  };
}
