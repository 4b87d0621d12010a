import { spawn } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createPageApp } from "../../src/emulator/phone-page.ts";
import { createEmulator, startEmulator } from "../../src/emulator/server.ts";
import { ACCOUNT, NUMBER, PHONE, startReceiver, waitFor } from "./support.ts";

describe("the server", () => {
  test("names the port that is in use", async () => {
    const first = await startEmulator({ port: 0 });
    const port = Number(new URL(first.origin).port);
    await expect(startEmulator({ port })).rejects.toThrow(new RegExp(`Port ${port} is in use.*--emulator-port`, "su"));
    await first.stop();
    const second = await startEmulator({ port });
    expect(second.origin).toBe(first.origin);
    await second.stop();
  });

  test("can be called without a socket", async () => {
    const { app } = createEmulator();
    expect((await app.request("/emulator/state")).status).toBe(200);
    expect((await app.request("/nothing")).status).toBe(404);
  });

  test("lets the process exit after a stop, with work in flight", async () => {
    const receiver = await startReceiver(() => null);
    const script = `
      import { startEmulator } from ${JSON.stringify(join(import.meta.dirname, "../../src/emulator/server.ts"))};
      const { origin, stop } = await startEmulator({ port: 0, pace: { queuedMs: 600_000, sentMs: 0 } });
      const send = (method, path, body) => fetch(origin + path, { method, body: JSON.stringify(body) });
      await send("PUT", "/emulator/accounts/${ACCOUNT}", { friendlyName: "N", authToken: "t" });
      await send("PUT", "/emulator/numbers/${NUMBER}", { accountSid: "${ACCOUNT}", smsUrl: "${receiver.origin}/m" });
      await send("POST", "/emulator/phones", { number: "${PHONE}" });
      await send("POST", "/emulator/phones/${PHONE}/messages", { to: "${NUMBER}", body: "HELP" });
      fetch(origin + "/emulator/events").then((response) => response.text()).catch(() => {});
      process.stdin.once("data", async () => { await stop(); process.stdin.destroy(); });
    `;
    const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", script], {
      stdio: ["pipe", "inherit", "inherit"],
    });
    try {
      await waitFor("the webhook", () => receiver.received.length === 1);
      const exited = new Promise((resolve) => child.once("exit", resolve));
      child.stdin.write("stop\n");
      expect(await Promise.race([exited, new Promise((resolve) => setTimeout(resolve, 3_000, "still there"))])).toBe(0);
    } finally {
      child.kill();
      await receiver.stop();
    }
  }, 15_000);
});

const folderWith = async (files: Record<string, string>) => {
  const folder = `${await mkdtemp(join(tmpdir(), "page-"))}/`;
  for (const [name, text] of Object.entries(files)) await writeFile(folder + name, text);
  return folder;
};

describe("the phone page", () => {
  test("is bundled and served", async () => {
    const app = createPageApp(
      await folderWith({ "index.html": "<p>Phone", "main.tsx": "alert(1 as number)", "page.css": "p { color: red }" }),
    );
    const page = await app.request("/");
    expect([page.status, await page.text()]).toEqual([200, "<p>Phone"]);
    expect(page.headers.get("content-security-policy")).toMatch(/default-src 'self'/u);
    const script = await app.request("/page.js");
    expect(script.headers.get("content-type")).toMatch(/^text\/javascript/u);
    expect(await script.text()).toBe("alert(1);\n");
    expect(await (await app.request("/page.css")).text()).toBe("p{color:red}\n");
  });

  test("that cannot be built shows the reason", async () => {
    const app = createPageApp(await folderWith({ "index.html": "", "main.tsx": "import './<gone>'" }));
    const page = await app.request("/");
    expect([page.status, await page.text()]).toEqual([500, expect.stringContaining("&lt;gone>")]);
  });

  test("that is missing does not affect the rest", async () => {
    const app = createPageApp(await folderWith({}));
    expect((await app.request("/")).status).toBe(500);
    expect((await app.request("/page.css")).status).toBe(500);
  });
});
