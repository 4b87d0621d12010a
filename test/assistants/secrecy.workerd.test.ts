import { afterEach, beforeAll, expect, inject, it, vi } from "vitest";
import { SCRIPTED, SECOND, saveScripted, says, script } from "../support/scripted.ts";
import { Talk } from "../support/talking.ts";
import { api, emulate, emulator, migrateDatabase, ONE, put, UNBRAKED } from "../support/worker.ts";

const NUMBER = "+17025550100";
const PHONES = Array.from({ length: 5 }, (_, index) => `+170255501${10 + index}`);

/** A value that only the assistant may see. */
const PRIVATE = "private-8d1f";
const WORDS = "persons-words-77aa";

const logged: string[] = [];

beforeAll(async () => {
  await migrateDatabase();
  await emulate(ONE, [NUMBER], PHONES);
  await put(`/v1/accounts/${ONE.sid}`, { name: "Test", authToken: ONE.token, baseUrl: inject("emulator") });
  await saveScripted();
  for (const level of ["log", "debug", "info", "warn", "error", "trace"] as const)
    vi.spyOn(console, level).mockImplementation((...words) => void logged.push(words.map(String).join(" ")));
});

afterEach(() => {
  logged.length = 0;
});

/** Everything that an admin can see of a conversation. */
async function shown(phone: string): Promise<string> {
  const path = `/v1/senders/${encodeURIComponent(phone)}/conversations/${encodeURIComponent(NUMBER)}`;
  const pages = await Promise.all(
    ["/messages", "/chat", "/chat?mask=true"].map(async (end) => await api("GET", path + end)),
  );
  return (await Promise.all(pages.map(async (page) => await page.text()))).join("\n");
}

it("sends variables below private to the assistant only", async () => {
  const asked = script(({ text }) =>
    text === "fail"
      ? new Response(null, { status: 500 })
      : says("Noted.", {
          variables: { private: { pin: PRIVATE }, cart: 2 },
          handover: { to: "desk", context: { cart: 2 } },
        }),
  );
  const application = { name: "Private", assistant: { ...SCRIPTED, second: { url: SECOND } } };
  await put("/v1/applications/private", application);
  await put(`/v1/numbers/${NUMBER}`, { account: ONE.sid, application: "private", type: "long-code", ...UNBRAKED });
  const talk = new Talk("webhook", PHONES[0] ?? "", NUMBER);
  for (const [index, text] of ["one", "fail", "two"].entries()) {
    await talk.text(text);
    await talk.got(index + 1);
  }
  expect(asked.at(-1)?.variables).toEqual({ private: { pin: PRIVATE }, cart: 2 });
  const trial = await api("POST", "/v1/applications/private/trials", { texts: ["one", "two"] });
  const outside = [
    await trial.text(),
    await shown(talk.phone),
    JSON.stringify(await emulator("GET", `/emulator/phones/${encodeURIComponent(talk.phone)}/messages`)),
    logged.join("\n"),
  ];
  expect(outside[1]).toContain("Noted.");
  for (const words of outside) expect(words).not.toContain(PRIVATE);
});

it("logs no text, phone number or answer, however the assistant fails", async () => {
  const failures: readonly (() => Response | Promise<Response>)[] = [
    () => new Response(null, { status: 500 }),
    () => new Response(`<h1>${WORDS}</h1>`),
    () => Response.json({ answers: [{ kind: WORDS }] }),
    () => Promise.reject(new Error(`cannot send ${WORDS}`)),
    () => Response.json({ [WORDS]: WORDS }),
    () => Response.redirect(`https://10.0.0.1/${WORDS}`),
  ];
  const asked = script(
    async (_, count) => (await failures[Math.floor((count - 1) / 1) % failures.length]?.()) ?? says(""),
  );
  await put("/v1/applications/log", { name: "Log", assistant: SCRIPTED });
  await put(`/v1/numbers/${NUMBER}`, { account: ONE.sid, application: "log", type: "long-code", ...UNBRAKED });
  const talk = new Talk("webhook", PHONES[1] ?? "", NUMBER);
  for (let count = 1; count <= 8; count += 1) {
    await talk.text(`${WORDS} ${count}`);
    await talk.got(count);
  }
  expect(asked.length).toBeGreaterThan(failures.length);
  const notes = (await talk.notes()).flat().join("\n");
  expect(notes).toContain("could not answer");
  for (const secret of [WORDS, talk.phone.slice(1), "scripted-secret"]) {
    expect(logged.join("\n")).not.toContain(secret);
    expect(notes).not.toContain(secret);
  }
});
