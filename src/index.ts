import { app } from "./app.ts";
import { tellSenders } from "./linking/sweep.ts";
import { sweep } from "./sender/sweep.ts";

export { Sender } from "./sender/object.ts";

export default {
  fetch: app.fetch,
  scheduled: async ({ scheduledTime }, env) => {
    await sweep(env, scheduledTime);
    await tellSenders(env);
  },
} satisfies ExportedHandler<Env>;
