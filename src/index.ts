import { app } from "./app.ts";

export { Sender } from "./sender/object.ts";

export default { fetch: app.fetch };
