import { parseArgs } from "node:util";
import { requireFreePort } from "./free-port.ts";
import { loadLocalSecrets } from "./secrets.ts";
import { startStack } from "./stack.ts";

const HELP = `npm start -- [options]   Runs Parley and a Twilio emulator with phones on this machine

  --port N            port of Parley (8787)
  --emulator-port N   port of the emulator and its phones (8788)
  --state DIR         folder for conversations and configuration (.state)`;

async function startParley(): Promise<void> {
  const options = {
    port: { type: "string", default: "8787" },
    "emulator-port": { type: "string", default: "8788" },
    state: { type: "string", default: ".state" },
    help: { type: "boolean", default: false },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help) return console.log(HELP);
  const port = parsePort(values.port, "--port");
  const emulatorPort = parsePort(values["emulator-port"], "--emulator-port");
  await requireFreePort(port, "--port");
  await requireFreePort(emulatorPort, "--emulator-port");
  const secrets = await loadLocalSecrets();
  console.log("Starting …");
  const stack = await startStack({ port, emulatorPort, state: values.state, secrets, onLog: printWarning });
  console.log(`
  Phones      ${stack.emulator}   open this page to text Parley
  Parley      ${stack.worker}   the Worker; check it with GET /health
  Admin API   ${stack.worker}/v1/openapi.json   Authorization: Bearer ${stack.adminKey}
  State       ${values.state}   delete this folder to start over

  Press Ctrl-C to stop.
`);
  stopOnSignal(stack.stop);
}

function parsePort(text: string, option: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`${option} ${text}: not a port. Pass a number from 0 to 65535.`);
  return port;
}

function printWarning(level: string, line: string): void {
  if (level === "warn" || level === "error") console.log(`  ${level}  ${line}`);
}

function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    // Miniflare's listener would exit the process before everything has stopped.
    process.removeAllListeners(signal);
    process.on(signal, () => {
      if (stopping) process.exit(1);
      stopping = true;
      console.log("Stopping …");
      stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
}

await startParley().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
