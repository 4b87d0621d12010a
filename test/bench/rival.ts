import { fork } from "node:child_process";
import path from "node:path";
import { ACCOUNT } from "./texts.ts";

/** What a person would write instead, as a process of its own. */
export interface Rival {
  readonly pid: number;
  readonly origin: string;
  readonly stop: () => Promise<void>;
}

/** @param folder where its database is kept */
export async function startExpress(folder: string, twilio: string): Promise<Rival> {
  const child = fork(path.join(import.meta.dirname, "programs/express.ts"), {
    env: {
      ...process.env,
      NODE_ENV: "production",
      ACCOUNT_SID: ACCOUNT.sid,
      AUTH_TOKEN: ACCOUNT.authToken,
      TWILIO: twilio,
      DATABASE: path.join(folder, "express.sqlite"),
    },
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    child.once("message", (message) => resolve(message as number));
    child.once("exit", (code) => reject(new Error(`The express program ended at once (${code}).`)));
  });
  return {
    pid: child.pid ?? 0,
    origin: `http://127.0.0.1:${port}`,
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}
