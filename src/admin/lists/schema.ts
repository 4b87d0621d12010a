import * as z from "zod/mini";
import { PROOF_CHARACTERS } from "../../core/limits/consent.ts";
import { listSchema } from "../../notify/list.ts";
import { letterFirstSlug } from "../../schema/ids.ts";
import { named } from "../../schema/named.ts";
import { rowProblem, times } from "../http/schema.ts";

export const listBody = named("ListBody", listSchema);

export const LIST_EXAMPLE = { title: "Offers", number: "+12025550100", audience: "anyone" };

export const listResource = named("List", z.extend(listSchema, { id: letterFirstSlug, ...times }));

const proof = z.string().check(z.maxLength(PROOF_CHARACTERS));

/** Subscribes a contact. */
export const subscriberBody = named(
  "SubscriberBody",
  z.strictObject({
    proof: proof.check(
      z.minLength(1),
      z.describe(
        "How you know that the contact wants the list: a form's URL, a sentence, a case number; kept for good",
      ),
    ),
  }),
);

export const SUBSCRIBER_EXAMPLE = { proof: "Form of 2026-11-02, line 17" };

/** Unsubscribes a contact. */
export const unsubscribeBody = named(
  "UnsubscribeBody",
  z.strictObject({ proof: z._default(proof.check(z.describe("How you know it. Default: empty")), "") }),
);

export const subscriptionStatus = z
  .enum(["on", "off", "asked"])
  .check(
    z.describe(
      "`on`: subscribed; `off`: unsubscribed; `asked`: subscribed by text; the confirming YES has not arrived",
    ),
  );

export const subscriptionSource = z
  .enum(["person", "carrier", "admin", "import"])
  .check(z.describe("`person`: the contact; `carrier`: Twilio; `admin`: this API; `import`: a CSV file"));

export const subscriberResource = named(
  "Subscriber",
  z.strictObject({
    phone: z.string(),
    status: subscriptionStatus,
    since: z.iso.datetime(),
    by: subscriptionSource,
    proof: z.string().check(z.describe("The SID of the contact's text, or the proof that was given")),
  }),
);

export const savedSubscriber = named(
  "SavedSubscriber",
  z.pick(subscriberResource, { phone: true, status: true, since: true, by: true }),
);

export const importResource = named(
  "SubscriberImport",
  z.strictObject({
    changed: z.int().check(z.describe("Rows that changed a subscription")),
    unchanged: z.int().check(z.describe("Rows that changed nothing")),
    errors: z.array(rowProblem).check(z.describe("Rows that were not imported")),
  }),
);
