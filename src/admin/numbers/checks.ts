import { eq } from "drizzle-orm";
import { checkNumberType, type NumberBody } from "../../configuration/schemas.ts";
import type { FieldProblem } from "../../core/problem-document.ts";
import type { DrizzleDatabase } from "../../db/database.ts";
import { accounts, applications } from "../../db/schema.ts";

/** @returns why a number cannot be saved */
export async function checkNumber(
  db: DrizzleDatabase,
  number: string,
  body: NumberBody,
): Promise<readonly FieldProblem[]> {
  const [account, application] = await Promise.all([
    db
      .select({ sid: accounts.sid, prices: accounts.prices })
      .from(accounts)
      .where(eq(accounts.sid, body.account))
      .get(),
    db.select({ id: applications.id }).from(applications).where(eq(applications.id, body.application)).get(),
  ]);
  const type = checkNumberType(number, body.type);
  return [
    ...(account === undefined
      ? [{ pointer: "/account", detail: `Account ${body.account} does not exist. Save the account first.` }]
      : []),
    ...(application === undefined
      ? [
          {
            pointer: "/application",
            detail: `Application "${body.application}" does not exist. Save the application first.`,
          },
        ]
      : []),
    ...(type === null ? [] : [{ pointer: "/type", detail: type }]),
    ...(body.caps?.moneyPerDay !== undefined && account?.prices === null
      ? [
          {
            pointer: "/caps/moneyPerDay",
            detail: `Account ${body.account} has no prices, which a cap in money needs. Save the account's prices first.`,
          },
        ]
      : []),
  ];
}
