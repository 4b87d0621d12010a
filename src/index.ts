import { app } from "./app.ts";
import { sendBatches } from "./broadcasts/consumer.ts";
import { wakeBroadcasts } from "./broadcasts/sweep.ts";
import { updateLinkedSenders } from "./identity/sweep.ts";
import { wakeOverdueSenders } from "./sender/errands/overdue-watch.ts";

export { Broadcasts } from "./broadcasts/object.ts";
export { Meter } from "./send-limits/object.ts";
export { Sender } from "./sender/object.ts";

export default {
  fetch: app.fetch,
  queue: sendBatches,
  scheduled: async ({ scheduledTime }, env) => {
    await wakeOverdueSenders(env, scheduledTime);
    await updateLinkedSenders(env);
    await wakeBroadcasts(env);
  },
} satisfies ExportedHandler<Env>;
