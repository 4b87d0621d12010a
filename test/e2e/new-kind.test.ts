import { execFile } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { json } from "node:stream/consumers";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROJECT_ROOT } from "../../src/cli/bundle.ts";
import { createSecrets } from "../../src/cli/secrets.ts";
import { prepareWorker, type RunningWorker, startWorker } from "../../src/cli/worker.ts";
import { send } from "../torture/setup.ts";

const FOLDER = path.join(PROJECT_ROOT, "src/assistants");

/** The sources with the kind that the README shows. */
async function withExample(folder: string): Promise<string> {
  for (const name of ["src", "migrations", "wrangler.toml", "package.json", "tsconfig.json"])
    await cp(path.join(PROJECT_ROOT, name), path.join(folder, name), { recursive: true });
  await symlink(path.join(PROJECT_ROOT, "node_modules"), path.join(folder, "node_modules"));
  const readme = await readFile(path.join(FOLDER, "README.md"), "utf8");
  const [, file = "", code = ""] = /<!-- (\S+\/kind\.ts) -->\n```ts\n(.*?)```/su.exec(readme) ?? [];
  const [, kind = ""] = /(\w+)\/kind\.ts$/u.exec(file) ?? [];
  await mkdir(path.dirname(path.join(folder, file)));
  await writeFile(path.join(folder, file), code);
  const table = path.join(folder, "src/assistants/connector-kinds.ts");
  const before = await readFile(table, "utf8");
  const line = before.replace("export const CONNECTOR_KINDS = {\n", `export const CONNECTOR_KINDS = {\n  ${kind},\n`);
  await writeFile(table, `import { ${kind} } from "./${kind}/kind.ts";\n${line}`);
  return kind;
}

describe("the kind of assistant that the README shows", () => {
  const secrets = createSecrets();
  const asked: unknown[] = [];
  const server = createServer((incoming, response) => void answer(incoming, response));
  let folder = "";
  let kind = "";
  let worker: RunningWorker;

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    asked.push(await json(incoming));
    response.setHeader("content-type", "application/json").end(JSON.stringify({ answer: "Till **nine**." }));
  }

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "parley-kind-"));
    kind = await withExample(folder);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const prepared = await prepareWorker(path.join(folder, "bundle"), folder);
    worker = await startWorker({ port: 0, state: null, secrets, prepared, onLog: () => undefined });
  });

  afterAll(async () => {
    await worker?.stop();
    server.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("is one folder and one line, that the compiler takes", async () => {
    const tsc = path.join(PROJECT_ROOT, "node_modules/typescript/bin/tsc");
    const run = promisify(execFile)(process.execPath, [tsc, "-p", folder], { cwd: folder });
    await expect(run.then(({ stdout }) => stdout)).resolves.toBe("");
  });

  it("is saved, described and tried as all others are", async () => {
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const api = async (method: string, to: string, body?: object) =>
      (await send(method, `${worker.origin}/v1${to}`, body, secrets.ADMIN_KEY)) as Record<string, unknown>;
    const assistant = { kind, url: `http://${host}/ask` };
    const saved = await api("PUT", "/applications/faq", { name: "FAQ", assistant, allowedHosts: [host] });
    expect(saved).toMatchObject({ assistant: { ...assistant, timeoutSeconds: 30 }, warnings: [] });
    const tried = await api("POST", "/applications/faq/trials", { texts: ["How long are you open?"] });
    expect(tried).toMatchObject({ turns: [{ messages: [{ text: "Till nine." }], notes: [] }] });
    expect(asked).toEqual([{ question: "Are you there?" }, { question: "How long are you open?" }]);
    expect(JSON.stringify(await api("GET", "/openapi.json"))).toContain(`"const":"${kind}"`);
    const wrong = api("PUT", "/applications/faq", { name: "FAQ", assistant: { ...assistant, uri: "" } });
    await expect(wrong).rejects.toThrow("/assistant/uri");
  });
});
