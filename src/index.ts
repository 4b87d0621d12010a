import { app } from "./app.ts";
import { textLots } from "./broadcasts/consumer.ts";
import { wakeBroadcasts } from "./broadcasts/sweep.ts";
import { tellSenders } from "./identity/sweep.ts";
import { sweep } from "./sender/errands/overdue-watch.ts";

export { Broadcasts } from "./broadcasts/object.ts";
export { Meter } from "./send-limits/object.ts";
export { Sender } from "./sender/object.ts";

export default {
  fetch: app.fetch,
  queue: textLots,
  scheduled: async ({ scheduledTime }, env) => {
    await sweep(env, scheduledTime);
    await tellSenders(env);
    await wakeBroadcasts(env);
  },
} satisfies ExportedHandler<Env>;
