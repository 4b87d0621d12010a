import { eq } from "drizzle-orm";
import type { Account } from "../../configuration/schemas.ts";
import { createProblem, type ProblemDocument } from "../../core/problem-document.ts";
import type { DrizzleDatabase } from "../../db/database.ts";
import { numbers } from "../../db/schema.ts";
import { fetchAccount } from "../../twilio/client.ts";

/** Checks that a cap in money, of the account or one of its numbers, has prices. @returns the problem, or null */
export async function checkPrices(
  db: DrizzleDatabase,
  sid: string,
  { prices, caps }: Account,
): Promise<ProblemDocument | null> {
  if (prices !== undefined) return null;
  const detail = "A cap in money (moneyPerDay) needs the account's prices. Add prices.";
  if (caps?.moneyPerDay !== undefined) return createProblem(422, detail, [{ pointer: "/prices", detail }]);
  const own = await db.select().from(numbers).where(eq(numbers.account, sid));
  const capped = own.find((number) => number.caps?.moneyPerDay !== undefined);
  if (capped === undefined) return null;
  const reason = `Number ${capped.number} has a cap in money (moneyPerDay), which needs the account's prices. Add prices.`;
  return createProblem(422, reason, [{ pointer: "/prices", detail: reason }]);
}

/** Fetches the account from Twilio. @returns why the account cannot be saved, in Twilio's words, or null */
export async function checkAtTwilio(sid: string, { authToken, baseUrl }: Account): Promise<ProblemDocument | null> {
  const answer = await fetchAccount({ sid, baseUrl, authTokens: [authToken] });
  switch (answer.kind) {
    case "done": {
      if (answer.value.status === "active") return null;
      return createProblem(
        422,
        `Twilio reports the account as ${answer.value.status}. Only an active account can send.`,
      );
    }
    case "refused": {
      const { httpStatus, code, message } = answer.refusal;
      const refusal = `Twilio refused: ${message}${code === null ? "" : ` (${code})`}`;
      const detail = httpStatus === 401 ? "The auth token does not belong to the account SID." : refusal;
      return createProblem(422, refusal, [{ pointer: httpStatus === 404 ? "/sid" : "/authToken", detail }]);
    }
    case "busy":
      return createProblem(502, `${baseUrl} is busy (429). Try again in a moment.`);
    case "unsure":
      return createProblem(502, `${baseUrl} gave no usable answer: ${answer.reason}.`, [
        { pointer: "/baseUrl", detail: "Must be the origin of Twilio's REST API." },
      ]);
  }
}
