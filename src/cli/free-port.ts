import { createServer } from "node:net";

/**
 * Checks that a port is free.
 * @param option the command-line option that sets the port
 * @throws PortInUse with a message that tells the developer what to do
 */
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
    super(`Port ${port} is in use. Stop the other process, or choose a port: npm start -- ${option} ${port + 10}`);
  }
}
