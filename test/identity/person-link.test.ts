import { describe, expect, it } from "vitest";
import { prepareApplication } from "../../src/configuration/ready-application.ts";
import { applicationSchema } from "../../src/configuration/schemas.ts";
import { isRecord } from "../../src/core/json.ts";
import { findLinkedPerson } from "../../src/identity/person.ts";
import type { SenderState } from "../../src/sender/model/state.ts";
import { updateLinkedPerson } from "../../src/sender/rules/identity-check.ts";
import { Caller } from "../support/caller.ts";

const ADA = { id: "ada", name: "Ada", languages: ["pt-BR"], attributes: { branch: "Lisbon" } };
const NUMBER = "+12025550100";
const DAY = 24 * 3_600_000;

/** A contact that texts an application with a webhook assistant. */
class BotCaller extends Caller {
  constructor(linking: object = {}) {
    const assistant = { kind: "webhook", url: "https://bot.example.com/", signature: "bot" };
    const application = applicationSchema.parse({ name: "Bot", assistant, linking, idleSeconds: 60 });
    super(prepareApplication("bot", application, new Map(), 1));
  }

  /** The person that the assistant gets. */
  get told(): unknown {
    const body = this.rest?.kind === "request" ? this.rest.request.body : null;
    return isRecord(body) && isRecord(body["data"]) ? body["data"]["person"] : null;
  }
}

describe("a webhook assistant", () => {
  it("gets the person while the contact is linked, and no text of the identity check", () => {
    const caller = new BotCaller().text("hi");
    expect(caller.told).toEqual({ phone: "+12025550140", linked: null });
    const linked = new BotCaller().login(ADA);
    expect(linked.said).toEqual(["You are signed in, Ada."]);
    expect(linked.rest?.kind).toBe("text");
    expect(linked.text("hi").told).toEqual({ phone: "+12025550140", linked: ADA });
  });

  it("does not get the person after LOGOUT", () => {
    const caller = new BotCaller().login(ADA).text("log out");
    expect(caller.said).toEqual(["You are signed out."]);
    expect(caller.text("hi").told).toMatchObject({ linked: null });
  });
});

describe("a link", () => {
  it("lasts for the days that the application sets", () => {
    const caller = new BotCaller({ keepDays: 2 }).login(ADA);
    caller.now += 2 * DAY - 1;
    expect(caller.text("hi").told).toMatchObject({ linked: ADA });
    const late = new BotCaller({ keepDays: 2 }).login(ADA);
    late.now += 2 * DAY;
    expect(late.text("hi").told).toMatchObject({ linked: null });
  });

  it("of zero days lasts until the conversation ends", () => {
    const caller = new BotCaller({ keepDays: 0 }).login(ADA);
    caller.now += 30_000;
    expect(caller.text("hi").told).toMatchObject({ linked: ADA });
    const late = new BotCaller({ keepDays: 0 }).login(ADA);
    late.now += 61_000;
    expect(late.text("hi").told).toMatchObject({ linked: null });
  });

  it("ends or changes with the person", () => {
    const { state, now } = new BotCaller().login(ADA);
    const line = (after: SenderState | null) => after?.lines[NUMBER] ?? { conversation: { status: "none" } };
    expect(findLinkedPerson(line(state), now)).toEqual(ADA);
    if (state === null) throw new Error("there is no state");
    expect(updateLinkedPerson(state, "bob", null)).toBe(state);
    expect(findLinkedPerson(line(updateLinkedPerson(state, "ada", { ...ADA, name: "A." })), now)?.name).toBe("A.");
    expect(findLinkedPerson(line(updateLinkedPerson(state, "ada", null)), now)).toBeNull();
  });
});

describe("a text during an identity check", () => {
  it("is masked while a PIN or code is requested, even if it is early or late", () => {
    const caller = new BotCaller().text("login");
    for (const [text, kept, guess] of [
      ["4711", "••••", "sealed"],
      ["my PIN is 4711", "•••• ••••", null],
    ] as const) {
      caller.text(text, "sealed");
      expect(caller.turn).toMatchObject({ heard: { text: kept, masked: { guess } } });
    }
    expect(JSON.stringify(caller.state)).not.toContain("4711");
    expect(caller.text("exit").turn).toMatchObject({ heard: { text: "exit" } });
    expect(caller.text("STOP").turn).toMatchObject({ heard: { text: "STOP" } });
    expect(caller.rest).toBeNull();
  });

  it("is masked for a minute after a lock if it looks like a guess", () => {
    const caller = new BotCaller().text("login").found({ kind: "locked" });
    expect(caller.text("4711").turn).toMatchObject({ heard: { text: "••••" }, parts: [] });
    expect(caller.text("hello").told).toMatchObject({ linked: null });
    const late = new BotCaller().text("login").found({ kind: "locked" });
    late.now += 60_000;
    expect(late.text("4711").turn).toMatchObject({ heard: { text: "4711" } });
  });

  it("that could not be encrypted in time is requested again and not counted", () => {
    const caller = new BotCaller().text("login").found({ kind: "found", person: "ada", page: null });
    expect(caller.text("4711").said).toEqual(["To sign in, please send your PIN, or EXIT to cancel."]);
    expect(caller.turn).toMatchObject({ heard: { text: "••••" } });
  });
});
