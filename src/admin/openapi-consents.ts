import { phoneNumber } from "../schema/ids.ts";
import { content, jsonSchema, operation, pageOf, pageParameters, problemAnswer, ref } from "./openapi-parts.ts";
import {
  CONSENT_SOURCES,
  CONSENT_STATUSES,
  consentBody,
  consentImportResource,
  consentReportResource,
  consentResource,
} from "./resources.ts";

export function consentSchemas(): object {
  return {
    Consent: jsonSchema(consentResource, "output"),
    ConsentReport: jsonSchema(consentReportResource, "output"),
    ConsentBody: jsonSchema(consentBody, "input"),
    ConsentImport: jsonSchema(consentImportResource, "output"),
  };
}

export function consentPaths(): object {
  const number = jsonSchema(phoneNumber, "input");
  const phone = { name: "phone", in: "path", required: true, schema: number };
  const report = { 200: content(ref("ConsentReport")) };
  return {
    "/v1/senders/{phone}/consents": {
      get: operation("getConsents", "How a sender's consent stands, and what was said of it", [phone], report),
    },
    "/v1/senders/{phone}/consents/{number}": {
      put: {
        ...operation(
          "putConsent",
          "Record that a person wants texts from one of our numbers, or does not",
          [phone, { ...phone, name: "number" }],
          {
            ...report,
            404: problemAnswer("It is none of our numbers"),
            409: problemAnswer("An opt-out is not undone without a proof"),
            422: problemAnswer("Fields that are wrong"),
          },
        ),
        requestBody: { required: true, content: { "application/json": { schema: ref("ConsentBody") } } },
      },
    },
    "/v1/consents": { get: listConsents(number) },
    "/v1/consents/imports": {
      post: {
        ...operation("importConsents", "Record many statements; each row stands for itself", [], {
          200: content(ref("ConsentImport")),
          422: problemAnswer("It is no such CSV"),
        }),
        requestBody: {
          required: true,
          content: { "text/csv": { schema: { type: "string" }, example: "phone,number,status,at,proof\n" } },
        },
      },
    },
  };
}

function listConsents(number: object): object {
  const filters = [
    query("number", number),
    query("scope", { type: "string" }),
    query("status", { type: "string", enum: CONSENT_STATUSES }),
    query("by", { type: "string", enum: CONSENT_SOURCES }),
    query("format", { type: "string", enum: ["json", "csv"], default: "json" }),
  ];
  const page = content(pageOf("Consent")) as { readonly content: object };
  return operation("listConsents", "How consent stands, of all senders", [...filters, ...pageParameters()], {
    200: { ...page, content: { ...page.content, "text/csv": { schema: { type: "string" } } } },
  });
}

function query(name: string, schema: object): object {
  return { name, in: "query", schema };
}
