import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { WorkerdLogReporter } from "./workerd-log.ts";

const ENTRY =
  "uncaught exception; exception = workerd/jsg/value.h:1: disconnected: lost\nstack: /bin/workerd@1 /bin/workerd@2\n";

let written: string;
let reporter: WorkerdLogReporter;

beforeEach(() => {
  written = "";
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, "write").mockImplementation((chunk) => {
      written += String(chunk);
      return true;
    });
  }
  reporter = new WorkerdLogReporter();
  reporter.onInit();
  process.stdout.write("a test\n");
  process.stdout.write(ENTRY);
  process.stderr.write(ENTRY);
  process.stderr.write("a warning\n");
});

afterEach(() => {
  vi.restoreAllMocks();
});

it("a run that passes shows nothing of workerd's log, and everything else", () => {
  reporter.onTestRunEnd([], [], "passed");
  expect(written).toBe("a test\na warning\n");
});

it("a run that fails shows each entry once, with its count, at the end", () => {
  reporter.onTestRunEnd([], [], "failed");
  expect(written).toBe(
    "a test\na warning\n\nThe log of workerd:\n2 × uncaught exception; exception = workerd/jsg/value.h:1: disconnected: lost\n",
  );
});
