import { app } from "./app.ts";
import { sweep } from "./sender/sweep.ts";

export { Sender } from "./sender/object.ts";

export default {
  fetch: app.fetch,
  scheduled: async ({ scheduledTime }, env) => void (await sweep(env, scheduledTime)),
} satisfies ExportedHandler<Env>;
