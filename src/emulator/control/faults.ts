import type { Handler } from "hono";
import type { EmulatorContext } from "../context.ts";
import { FAULT_PLAN } from "../faults/fault-plan.ts";
import { parseDocument, refuseRequest } from "./json-documents.ts";

/** Routes of `/faults`: the plan of Twilio's faults, and a report of those that happened. */
export function createFaultRoutes(context: EmulatorContext): Readonly<Record<"put" | "get" | "remove", Handler>> {
  return {
    put: async (c) => {
      const plan = parseDocument(FAULT_PLAN, await c.req.text());
      if (!plan.ok) return refuseRequest(400, plan.failure);
      context.faults.startPlan(plan.value);
      return c.json(context.faults.createReport());
    },

    get: (c) => c.json(context.faults.createReport()),

    remove: (c) => {
      context.faults.endPlan();
      return c.json(context.faults.createReport());
    },
  };
}
