import * as z from "zod/mini";
import { secretName, secretSchema } from "../../configuration/schemas.ts";
import { named } from "../../schema/named.ts";
import { times } from "../http/schema.ts";

export const secretBody = named("SecretBody", secretSchema);

export const SECRET_EXAMPLE = { value: "a-key-of-the-crm", hosts: ["crm.example.com"] };

export const secretResource = named(
  "Secret",
  z.extend(z.pick(secretSchema, { hosts: true }), { name: secretName, ...times }),
);
