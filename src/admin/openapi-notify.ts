import { notificationSchema } from "../notify/notification.ts";
import { letterFirstSlug, phoneNumber } from "../schema/ids.ts";
import { content, jsonSchema, operation, pageOf, pageParameters, problemAnswer, ref } from "./openapi-parts.ts";
import {
  importResource,
  notificationResource,
  subscribedResource,
  subscriberResource,
  subscriberSchema,
  subscriptionsResource,
  unsubscribeSchema,
} from "./resources-notify.ts";

const ID = { name: "id", in: "path", required: true, schema: jsonSchema(letterFirstSlug, "input") };
const PHONE = { name: "phone", in: "path", required: true, schema: jsonSchema(phoneNumber, "input") };
const ABSENT = { 404: problemAnswer("There is none") };

/** Who gets lists, and notifications. */
export function notifyPaths(): object {
  return { ...subscriberPaths(), ...subscriptionsPath(), ...notificationPaths() };
}

export function notifySchemas(): object {
  return {
    Subscriber: jsonSchema(subscriberResource, "output"),
    Notification: jsonSchema(notificationResource, "output"),
  };
}

function subscriberPaths(): object {
  const status = { name: "status", in: "query", schema: { type: "string", enum: ["on", "off", "asked"] } };
  const csv = { description: "Done", content: { "text/csv": { schema: { type: "string" } } } };
  const refused = problemAnswer("Only the person themselves can switch it on");
  return {
    "/v1/lists/{id}/subscribers": {
      get: operation(
        "listSubscribers",
        "Who has a list on, had it or was asked, by their phones",
        [ID, status, ...pageParameters()],
        {
          200: content(pageOf("Subscriber")),
          ...ABSENT,
        },
      ),
    },
    "/v1/lists/{id}/subscribers.csv": {
      get: operation("exportSubscribers", "All of them as CSV, as it can be imported", [ID], { 200: csv, ...ABSENT }),
    },
    "/v1/lists/{id}/subscribers/{phone}": {
      put: {
        ...operation("putSubscriber", "Switch a list on for a person, with proof that they want it", [ID, PHONE], {
          200: content(jsonSchema(subscribedResource, "output")),
          201: content(jsonSchema(subscribedResource, "output")),
          ...ABSENT,
          409: refused,
        }),
        requestBody: jsonBody(subscriberSchema, true),
      },
      delete: {
        ...operation("deleteSubscriber", "Switch a list off for a person", [ID, PHONE], {
          204: { description: "It is off" },
          ...ABSENT,
        }),
        requestBody: jsonBody(unsubscribeSchema, false),
      },
    },
    "/v1/lists/{id}/imports": {
      post: {
        ...operation(
          "importSubscribers",
          "Switch a list on or off for the people of a CSV file: phone, status, proof",
          [ID],
          {
            200: content(jsonSchema(importResource, "output")),
            ...ABSENT,
            422: problemAnswer("The file cannot be read"),
          },
        ),
        requestBody: { required: true, content: { "text/csv": { schema: { type: "string" } } } },
      },
    },
  };
}

function subscriptionsPath(): object {
  return {
    "/v1/senders/{phone}/subscriptions": {
      get: operation("listSubscriptions", "What a person gets, and every change of it", [PHONE, ...pageParameters()], {
        200: content(jsonSchema(subscriptionsResource, "output")),
      }),
    },
  };
}

function notificationPaths(): object {
  const key = {
    name: "Idempotency-Key",
    in: "header",
    schema: { type: "string", maxLength: 200 },
    description:
      "However often a request with it comes, everybody is notified once; those who could not be asked are asked again. The id of a notification is a key of it too, also where it was made without one (`idempotencyKey` of the answer)",
  };
  const one = content(ref("Notification"));
  return {
    "/v1/notifications": {
      post: {
        ...operation("notify", "Text people first: at once, or when their conversation is over", [key], {
          200: one,
          201: one,
          422: problemAnswer(
            "Nobody can be notified so, the key came with another body before, or is the id of no notification",
          ),
        }),
        requestBody: jsonBody(notificationSchema, true),
      },
    },
    "/v1/notifications/{id}": {
      get: operation(
        "getNotification",
        "What has become of it, for each recipient",
        [{ ...ID, schema: { type: "string" } }],
        {
          200: one,
          ...ABSENT,
        },
      ),
    },
  };
}

function jsonBody(schema: Parameters<typeof jsonSchema>[0], required: boolean): object {
  return { required, content: { "application/json": { schema: jsonSchema(schema, "input") } } };
}
