import type { DeliveryPace } from "../emulator/context.ts";
import { startEmulator } from "../emulator/server.ts";
import { configureSample } from "./sample-configuration.ts";
import type { LocalSecrets } from "./secrets.ts";
import { type PreparedWorker, startWorker } from "./worker.ts";

export interface StackOptions {
  readonly port: number;
  readonly emulatorPort: number;
  /** Folder for conversations and configuration; null keeps them in memory. */
  readonly state: string | null;
  readonly secrets: LocalSecrets;
  readonly onLog?: (level: string, line: string) => void;
  /** How long a message is on its way at the emulator; without it, long enough to watch. */
  readonly pace?: DeliveryPace;
  /** Without it the Worker is bundled anew. */
  readonly prepared?: PreparedWorker;
}

/** The Worker and the Twilio emulator, running on this machine. Addresses are origins without a trailing slash. */
export interface RunningStack {
  readonly worker: string;
  readonly emulator: string;
  readonly adminKey: string;
  readonly stop: () => Promise<void>;
}

export async function startStack(options: StackOptions): Promise<RunningStack> {
  const { port, emulatorPort, state, secrets, onLog = () => undefined, pace, prepared } = options;
  const emulator = await startEmulator({ port: emulatorPort, ...(pace === undefined ? {} : { pace }) });
  try {
    const worker = await startWorker({
      port,
      state,
      secrets,
      onLog,
      ...(prepared === undefined ? {} : { prepared }),
    });
    const stopStack = async (): Promise<void> => {
      await emulator.stop();
      await worker.stop();
    };
    const stack = { worker: worker.origin, emulator: emulator.origin, adminKey: secrets.ADMIN_KEY, stop: stopStack };
    await configureSample(stack).catch(async (error: unknown) => {
      await stopStack();
      throw error;
    });
    return stack;
  } catch (error) {
    await emulator.stop();
    throw error;
  }
}
