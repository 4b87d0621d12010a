import { beforeAll, describe, expect, inject, it } from "vitest";
import { assistantOf, BOTS, heardBy, saveSecrets, setFault, Talk } from "../support/talking.ts";
import { ECHO, emulate, eventually, migrateDatabase, ONE, put } from "../support/worker.ts";

const NUMBER = "+18015550100";
const PHONES = Array.from({ length: 60 }, (_, index) => `+180155501${10 + index}`);

/** Each kind is followed by the next one, and the last one by topics. */
const SWITCHES = BOTS.map((kind, index) => [kind, BOTS[index + 1] ?? "topics"] as const);

const HOSTS = BOTS.flatMap((kind) => assistantOf(kind).allowedHosts);

let used = 0;

beforeAll(async () => {
  await migrateDatabase();
  await emulate(ONE, [NUMBER], PHONES);
  await put(`/v1/accounts/${ONE.sid}`, { name: "Test", authToken: ONE.token, baseUrl: inject("emulator") });
  await put("/v1/topics/echo", { ...ECHO, keywords: ["again"], steps: [{ kind: "say", id: "say", text: "Topics." }] });
  for (const kind of BOTS) await saveSecrets(kind);
});

async function answerWith(kind: string): Promise<void> {
  const own = kind === "topics" ? { assistant: { kind: "topics", topics: ["echo"] } } : assistantOf(kind);
  await put("/v1/applications/switched", { name: "Switched", ...own, allowedHosts: HOSTS });
  await put(`/v1/numbers/${NUMBER}`, { account: ONE.sid, application: "switched", type: "long-code" });
}

function person(kind: string): Talk {
  used += 1;
  return new Talk(kind, PHONES[used - 1] ?? "", NUMBER);
}

const wordsOf = async (kind: string) => (await heardBy(kind)).map(({ text }) => text);

describe.each(SWITCHES)("an application that is switched from %s to %s", (before, after) => {
  const word = after === "topics" ? "again" : `${before} and ${after}`;
  const answer = after === "topics" ? "Topics." : `You said ${word}.`;

  it("changes new conversations only", async () => {
    await answerWith(before);
    const [early, late] = [person(before), person(after)];
    await early.text(`${before} one`);
    await early.got(1);
    await answerWith(after);
    await early.text(`${before} two`);
    expect(await early.got(2)).toEqual([`You said ${before} one.`, `You said ${before} two.`]);
    expect(await wordsOf(before)).toContain(`${before} two`);
    if (after !== "topics") expect(await wordsOf(after)).not.toContain(`${before} two`);

    await late.text(word);
    expect(await late.got(1)).toEqual([answer]);
    expect(await wordsOf(before)).not.toContain(word);
    await early.text("STOP");
    await early.text("START");
    await early.text(word);
    expect((await new Talk(after, early.phone, NUMBER).got(3)).at(-1)).toBe(answer);
  });

  it("still sends the pending answer", async () => {
    await answerWith(before);
    const early = person(before);
    await early.text("Hello");
    await early.got(1);
    await setFault(before, "slow");
    const patient = { ...assistantOf(before, { timeoutSeconds: 5, ...laterIn(before) }), allowedHosts: HOSTS };
    await put("/v1/applications/switched", { name: "Switched", ...patient });
    await early.text("STOP");
    await early.text("START");
    const heard = (await heardBy(before)).length;
    await early.text("Slow");
    await eventually(
      async () => await heardBy(before),
      ({ length }) => length > heard,
    );
    await setFault(before, null);
    await answerWith(after);
    expect((await early.got(2)).at(-1)).toBe("You said Slow.");
  });
});

/** A promised answer may take longer than the usual second. */
function laterIn(kind: string) {
  return "laterSeconds" in assistantOf(kind).assistant ? { laterSeconds: 5 } : {};
}
