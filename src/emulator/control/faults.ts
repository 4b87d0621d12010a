import type { Handler } from "hono";
import { FAULT_PLAN } from "../faults/plan.ts";
import type { World } from "../world.ts";
import { read, refuse } from "./answers.ts";

/** `/faults`: how Twilio is to misbehave, and how it did. */
export function faultRoutes(world: World): Readonly<Record<"put" | "get" | "remove", Handler>> {
  return {
    put: async (c) => {
      const plan = read(FAULT_PLAN, await c.req.text());
      if (!plan.ok) return refuse(400, plan.failure);
      world.faults.begin(plan.value);
      return c.json(world.faults.report());
    },

    get: (c) => c.json(world.faults.report()),

    remove: (c) => {
      world.faults.end();
      return c.json(world.faults.report());
    },
  };
}
