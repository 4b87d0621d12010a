import { app } from "./app.ts";
import { textLots } from "./broadcasts/consumer.ts";
import { wakeBroadcasts } from "./broadcasts/sweep.ts";
import { tellSenders } from "./linking/sweep.ts";
import { sweep } from "./sender/sweep.ts";

export { Meter } from "./brakes/object.ts";
export { Broadcasts } from "./broadcasts/object.ts";
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
