import { spawn } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROJECT_ROOT } from "../../src/cli/bundle.ts";

const GOOD = "test/chats/pizza-stop.chat";

describe("npm run chat", { timeout: 60_000 }, () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "chat-"));
  });

  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  async function file(name: string, text: string): Promise<string> {
    const whole = path.join(folder, name);
    await mkdir(path.dirname(whole), { recursive: true });
    await writeFile(whole, text);
    return whole;
  }

  it("prints ok for conversations that match their files", async () => {
    const { code, out } = await chat([GOOD, "test/chats/clinic-menu.chat"]);
    expect({ code, out }).toEqual({ code: 0, out: `ok       ${GOOD}\nok       test/chats/clinic-menu.chat\n` });
  });

  it("prints the differences, fails, and plays the other files", async () => {
    const wrong = await file(
      "wrong.chat",
      "application pizza\n> order\n< Which pie?\n  1. Margherita\n> STOP\n< Bye\n",
    );
    const { code, out } = await chat([wrong, GOOD]);
    expect(code).toBe(1);
    expect(out).toContain(`differs  ${wrong}

  ${wrong}:2
      > order
    - < Which pie?
    + < Which pizza?
        1. Margherita
    +   2. Funghi
    +   3. Pear and walnut

  ${wrong}:5
      > STOP
    - < Bye
    + (no more texts)
`);
    expect(out).toContain(`ok       ${GOOD}`);
    expect(await readFile(wrong, "utf8")).toContain("Which pie?");
  });

  it("updates only what has changed, with --update", async () => {
    const old = await file(
      "old.chat",
      "# kept\napplication pizza\n\n> order\n< Which pie?\n# kept, too\n> STOP\n(no more texts)\n",
    );
    expect(await chat(["--update", old])).toMatchObject({
      code: 0,
      out: expect.stringContaining(`updated  ${old}`) as string,
    });
    expect(await readFile(old, "utf8")).toBe(
      "# kept\napplication pizza\n\n> order\n< Which pizza?\n  1. Margherita\n  2. Funghi\n  3. Pear and walnut\n# kept, too\n> STOP\n(no more texts)\n",
    );
    expect(await chat([old])).toEqual({ code: 0, out: `ok       ${old}\n`, err: "" });
  });

  it("finds documents by path, beside the file and in given folders", async () => {
    const ferry = JSON.stringify({
      id: "x",
      createdAt: "y",
      title: "Ferry",
      keywords: ["go"],
      steps: [{ kind: "say", id: "a", text: "Ahoy" }],
    });
    const application = JSON.stringify({ name: "Ferry", assistant: { kind: "topics", topics: ["ferry"] } });
    await file("one/topics/ferry.json", ferry);
    await file("two/applications/boats.json", application);
    await file("two/topics/ferry.json", ferry);
    const said = "> go\n< Ahoy\n";
    const files = [
      await file("one/beside.chat", `topics ferry\n${said}`),
      await file("path.chat", `topics one/topics/ferry.json\n${said}`),
      await file("application.chat", `application two/applications/boats.json\n${said}`),
    ];
    expect(await chat(files)).toMatchObject({ code: 0, err: "" });
    const told = await file("told.chat", `application boats\n${said}`);
    expect(await chat(["--documents", path.join(folder, "two"), told])).toMatchObject({ code: 0, err: "" });
    expect(await chat([told])).toMatchObject({
      code: 1,
      err: expect.stringContaining(`${told}:1: application "boats" not found`) as string,
    });
  });

  it.each([
    ["an invalid line", "application pizza\n> hi\nwait 5\n", /:3: "wait" takes days/u],
    ["a missing application", "> hi\n", /:1: no application or topics/u],
    ["an unknown topic", "# a\ntopics nothing\n> hi\n", /:2: topic "nothing" not found/u],
    ["a document that is not JSON", "topics ./bad.json\n> hi\n", /bad\.json is not valid JSON/u],
    ["an invalid document", "topics ./misfit.json\n> hi\n", /misfit\.json at \/steps\/0\/id/u],
    ["a topic with an unknown target", "topics ./astray.json\n> hi\n", /goes to "elsewhere"/u],
  ])("prints file and line of %s", async (name, text, message) => {
    await file("bad.json", "{");
    await file("misfit.json", JSON.stringify({ title: "x", steps: [{ kind: "say", id: "A b", text: "x" }] }));
    await file("astray.json", JSON.stringify({ title: "x", steps: [{ kind: "topic", id: "a", topic: "elsewhere" }] }));
    const { code, out, err } = await chat([await file(`${name}.chat`, text)]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(message);
    expect(err).not.toContain("    at ");
  });

  it("prints errors for a missing file and an unknown option, and its help", async () => {
    expect(await chat(["nowhere.chat"])).toMatchObject({ code: 1, err: "nowhere.chat cannot be read.\n" });
    expect(await chat(["--nonsense"])).toMatchObject({ code: 1, err: expect.stringContaining("--nonsense") as string });
    expect(await chat([])).toMatchObject({
      code: 1,
      err: expect.stringContaining("Pass the path of a .chat file") as string,
    });
    expect(await chat(["--help"])).toMatchObject({
      code: 0,
      out: expect.stringContaining("--record") as string,
      err: "",
    });
  });

  it("records a typed conversation, which then matches its file", async () => {
    const recorded = path.join(folder, "recorded.chat");
    const typed = [
      "# by hand",
      "sign up",
      "1",
      "wait a moment please",
      "1",
      "wait 10m",
      "[picture] me",
      "> wait 5m",
      "= 200",
      "STOP",
    ].join("\n");
    const { code, out } = await chat(["--record", recorded, "--application", "courses"], `${typed}\n`);
    expect({ code, out }).toMatchObject({
      code: 0,
      out: expect.stringContaining("(no request is waiting for a response)") as string,
    });
    const written = await readFile(recorded, "utf8");
    expect(written).toMatch(/^application courses\n# by hand\n> sign up\n< Which course\?\n/u);
    expect(written).toContain("wait 10m\n< We'll hold your place");
    expect(written).toMatch(
      /> wait a moment please\n<[^]*> \[image\/png\] me\n<[^]*> wait 5m\n<[^]*> STOP\n\(no more texts\)\n$/u,
    );
    expect(await chat([recorded])).toMatchObject({ code: 0, out: `ok       ${recorded}\n` });
    expect(await chat(["--record", recorded, "--application", "courses"])).toMatchObject({
      code: 1,
      err: expect.stringContaining("already exists") as string,
    });
  });

  it("records topics by paths relative to the recorded file", async () => {
    const topic = path.join(folder, "papers", "order.json");
    await mkdir(path.dirname(topic), { recursive: true });
    await copyFile(path.join(PROJECT_ROOT, "src/cli/sample/topics/pizza-order.json"), topic);
    const recorded = path.join(folder, "papers", "order.chat");
    expect(await chat(["--record", recorded, "--topics", topic], "order\n")).toMatchObject({ code: 0 });
    expect(await readFile(recorded, "utf8")).toMatch(/^topics order\.json\n> order\n< Which pizza\?/u);
    expect(await chat([recorded])).toMatchObject({ code: 0 });
    const nowhere = path.join(folder, "nowhere", "order.chat");
    expect(await chat(["--record", nowhere, "--topics", topic], "order\n")).toEqual({
      code: 1,
      out: "",
      err: `${nowhere} cannot be written.\n`,
    });
    expect(await chat(["--record", path.join(folder, "nobody.chat")])).toMatchObject({
      code: 1,
      err: expect.stringContaining("Pass either --application") as string,
    });
  });
});

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function chat(options: readonly string[], typed = ""): Promise<Ended> {
  const child = spawn(process.execPath, ["src/cli/chat.ts", ...options], { cwd: PROJECT_ROOT });
  const [out, err] = [child.stdout, child.stderr].map(async (stream) => await new Response(stream as never).text());
  child.stdin.end(typed);
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, out: (await out) ?? "", err: (await err) ?? "" };
}
