import { createServer } from "node:net";

/** @throws with a sentence that says what to do, where something else listens on the port */
export async function requireFreePort(port: number, option: string): Promise<void> {
  if (port === 0) return;
  await new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once("error", () => reject(new PortInUse(port, option)));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve()));
  });
}

export class PortInUse extends Error {
  constructor(port: number, option: string) {
    super(`Port ${port} is in use. Stop what listens there, or choose another: npm start -- ${option} ${port + 10}`);
  }
}
