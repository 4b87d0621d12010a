import type { Handler } from "hono";
import type { EmulatorWorld } from "../context.ts";
import { FAULT_PLAN } from "../faults/fault-plan.ts";
import { parseDocument, refuseRequest } from "./json-documents.ts";

/** `/faults`: how Twilio is to misbehave, and how it did. */
export function createFaultRoutes(world: EmulatorWorld): Readonly<Record<"put" | "get" | "remove", Handler>> {
  return {
    put: async (c) => {
      const plan = parseDocument(FAULT_PLAN, await c.req.text());
      if (!plan.ok) return refuseRequest(400, plan.failure);
      world.faults.startPlan(plan.value);
      return c.json(world.faults.createReport());
    },

    get: (c) => c.json(world.faults.createReport()),

    remove: (c) => {
      world.faults.endPlan();
      return c.json(world.faults.createReport());
    },
  };
}
