import { startEmulator } from "../emulator/server.ts";
import type { Pace } from "../emulator/world.ts";
import { configureSample } from "./sample.ts";
import type { Secrets } from "./secrets.ts";
import { type PreparedWorker, startWorker } from "./worker.ts";

export interface StackOptions {
  readonly port: number;
  readonly emulatorPort: number;
  /** Where conversations and configuration are kept; null: in memory. */
  readonly state: string | null;
  readonly secrets: Secrets;
  readonly onLog?: (level: string, line: string) => void;
  /** How long a message is on its way at the emulator; without it, long enough to watch. */
  readonly pace?: Pace;
  /** Without it the Worker is bundled anew. */
  readonly prepared?: PreparedWorker;
}

/** Everything on this machine: the Worker, and the Twilio that it talks to. */
export interface Stack {
  readonly worker: string;
  readonly emulator: string;
  readonly adminKey: string;
  readonly stop: () => Promise<void>;
}

export async function startStack(options: StackOptions): Promise<Stack> {
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
    const stop = async (): Promise<void> => {
      await emulator.stop();
      await worker.stop();
    };
    const stack = { worker: worker.origin, emulator: emulator.origin, adminKey: secrets.ADMIN_KEY, stop };
    await configureSample(stack).catch(async (error: unknown) => {
      await stop();
      throw error;
    });
    return stack;
  } catch (error) {
    await emulator.stop();
    throw error;
  }
}
