import { expect, it } from "vitest";
import { receiveText } from "../../../src/sender/events/text-received.ts";
import { nextDueAt } from "../../../src/sender/events/timeouts.ts";
import type { DecisionContext } from "../../../src/sender/model/context.ts";
import { migrateState, migrateTurn, type StoredState, type StoredTurn } from "../../../src/sender/model/migrate.ts";
import { answeringWith, inbound, topic } from "../../support/chat.ts";

/** A state as version 1 stored it, with an open question. */
const OLD: StoredState = {
  version: 1,
  phone: "+12025550140",
  nextTurn: 3,
  firstUnsent: 3,
  origin: "https://sms.example.com",
  lines: {
    "+12025550100": {
      account: `AC${"0".repeat(32)}`,
      consent: { status: "unstated" },
      conversation: {
        status: "open",
        id: "2",
        application: "sample",
        openedAt: 1_000,
        idleAt: 3_601_000,
        memory: { variables: { greeted: true }, at: { topic: "main", step: "name" } },
      },
    },
    "+12025550101": {
      account: `AC${"0".repeat(32)}`,
      consent: { status: "withdrawn", at: 5 },
      conversation: { status: "closed", id: "1", at: 5, reason: "stopped" },
    },
  },
};

const main = topic("main", {
  keywords: ["go"],
  steps: [
    { kind: "ask", id: "name", text: "Name?", save: "name" },
    { kind: "say", id: "hello", text: "Hello {{ name }}{% if greeted %} again{% endif %}" },
  ],
});
const context: DecisionContext = {
  now: 2_000,
  origin: "https://sms.example.com",
  findApplication: () => answeringWith([main]),
};

it("a conversation of version 1 continues", () => {
  const state = migrateState(OLD);
  expect(nextDueAt(state)).toBe(3_601_000);
  const { turn } = receiveText(state, inbound(3, "Ada"), context);
  expect([turn.conversation, turn.parts.map(({ text }) => text)]).toEqual(["2", ["Hello Ada again"]]);
  const stopped = receiveText(state, { ...inbound(4, "hi"), to: "+12025550101" }, context);
  expect(stopped.turn.parts).toEqual([]);
});

it("an opt-out of version 1 came from the carrier, which also answers YES", () => {
  const { state, turn } = receiveText(migrateState(OLD), { ...inbound(3, "yes"), to: "+12025550101" }, context);
  expect([state.lines["+12025550101"]?.consent.status, turn.parts]).toEqual(["given", []]);
});

it("a state of the present version stays as it is", () => {
  const state = migrateState(OLD);
  expect(migrateState(state)).toBe(state);
});

it("a turn of a release without notices began with a text", () => {
  const { turn } = receiveText(null, inbound(1, "go"), context);
  if (turn.kind !== "heard") throw new Error("a text began it");
  const { kind: _, ...old } = turn;
  expect(migrateTurn(JSON.parse(JSON.stringify(old)) as StoredTurn)).toEqual(turn);
  expect(migrateTurn(turn)).toBe(turn);
});
