import { describe, expect, it } from "vitest";
import type { EmulatorState } from "../../../src/emulator/contract.ts";
import {
  createInitialState,
  EMPTY_LAYOUT,
  listMissingPhones,
  type PageState,
  reduceState,
} from "../../../src/emulator/page/page-state.ts";
import { parseLayout } from "../../../src/emulator/page/saved-layout.ts";
import { attempt, message, number, PHONE, SHOP } from "./fixtures.ts";

const OTHER = "+15550101002";

function loaded(snapshot: Partial<EmulatorState> = {}, layout = EMPTY_LAYOUT): PageState {
  const full = {
    accounts: [],
    numbers: [number(SHOP, "Shop")],
    phones: [{ number: PHONE }],
    messages: [],
    ...snapshot,
  };
  return reduceState(createInitialState(layout), { type: "loaded", snapshot: full, attempts: [] });
}

describe("texts", () => {
  it("arrive once, whether by the answer to a POST, an event, or both", () => {
    const text = message({ status: "receiving" });
    const event = { type: "event", event: { kind: "message", message: text } } as const;
    expect(reduceState(reduceState(loaded(), event), event).messages).toEqual([text]);
  });

  it("never go back to an older status", () => {
    const newer = message({ status: "received", updatedAt: 20 });
    const older = message({ status: "receiving", updatedAt: 10 });
    const state = loaded({ messages: [newer] });
    const after = reduceState(state, { type: "event", event: { kind: "message", message: older } });
    expect(after.messages[0]?.status).toBe("received");
  });

  it("stand in the order in which they were made, however they arrive", () => {
    const state = loaded({
      messages: [message({ sid: "SM3", createdAt: 30 }), message({ sid: "SM1", createdAt: 10 })],
    });
    const late = message({ sid: "SM2", createdAt: 20 });
    const after = reduceState(state, { type: "event", event: { kind: "message", message: late } });
    expect(after.messages.map((one) => one.sid)).toEqual(["SM1", "SM2", "SM3"]);
  });

  it("keep what their webhooks answered, each call once", () => {
    const call = { type: "event", event: { kind: "webhook", attempt: attempt({ messageSid: "SM1" }) } } as const;
    const state = reduceState(reduceState(loaded({ messages: [message({ sid: "SM1" })] }), call), call);
    expect(state.attempts["SM1"]).toHaveLength(1);
  });
});

describe("phones", () => {
  it("are made for a newcomer, and made again for whoever had some", () => {
    expect(listMissingPhones([], EMPTY_LAYOUT)).toEqual([null]);
    expect(listMissingPhones([], { ...EMPTY_LAYOUT, order: [PHONE, OTHER] })).toEqual([PHONE, OTHER]);
    expect(listMissingPhones([], { ...EMPTY_LAYOUT, order: [] })).toEqual([]);
    expect(listMissingPhones([{ number: OTHER }], EMPTY_LAYOUT)).toEqual([]);
  });

  it("stand in the remembered order, new ones at the end", () => {
    const layout = { ...EMPTY_LAYOUT, order: [OTHER, PHONE] };
    const phones = ["+15550101009", PHONE, OTHER].map((one) => ({ number: one }));
    expect(loaded({ phones }, layout).phones.map((phone) => phone.number)).toEqual([OTHER, PHONE, "+15550101009"]);
  });

  it("take the keyboard on the first load and when they are added here, not when they appear by themselves", () => {
    const first = loaded();
    expect(first.focus).toBe(PHONE);
    const calm = reduceState(first, { type: "focused" });
    const phone = { number: OTHER };
    expect(reduceState(calm, { type: "event", event: { kind: "phone", phone } }).focus).toBeNull();
    expect(reduceState(calm, { type: "phone-added", phone })).toMatchObject({
      focus: OTHER,
      layout: { active: OTHER },
    });
  });

  it("leave nothing behind when they are removed, and hand the screen to a neighbour", () => {
    let state = loaded({ phones: [{ number: PHONE }, { number: OTHER }] });
    state = reduceState(state, { type: "activated", number: PHONE, focus: false });
    state = reduceState(state, { type: "target-picked", phone: PHONE, number: SHOP });
    state = reduceState(state, { type: "seen", phone: PHONE, number: SHOP, at: 5 });
    state = reduceState(state, { type: "phone-removed", number: PHONE });
    expect(state.phones).toEqual([{ number: OTHER }]);
    expect(state.focus).toBe(OTHER);
    expect(state.layout).toEqual({ order: [OTHER], active: OTHER, targets: {}, seen: {} });
  });

  it("keep their places through a reset, which empties everything else", () => {
    const state = loaded({ messages: [message({})] });
    const after = reduceState(state, { type: "event", event: { kind: "reset" } });
    expect(after).toMatchObject({ phones: [], messages: [], numbers: [], loaded: true });
    expect(after.layout.order).toEqual([PHONE]);
  });
});

describe("numbers", () => {
  it("are replaced when they change, added when they are new", () => {
    const renamed = { type: "event", event: { kind: "number", number: number(SHOP, "Store") } } as const;
    const added = { type: "event", event: { kind: "number", number: number("55501", "Alerts") } } as const;
    const state = reduceState(reduceState(loaded(), renamed), added);
    expect(state.numbers.map((one) => one.friendlyName)).toEqual(["Store", "Alerts"]);
  });
});

describe("the remembered layout", () => {
  it("survives whatever is found in the browser's storage", () => {
    for (const stored of [null, "", "{", "null", "7", "[]", '{"order":7,"targets":[],"seen":"x","active":{}}']) {
      expect(parseLayout(stored)).toMatchObject({ order: null, active: null, targets: {}, seen: {} });
    }
    const layout = { order: [PHONE], active: PHONE, targets: { [PHONE]: SHOP }, seen: { "a b": 3 } };
    expect(parseLayout(JSON.stringify(layout))).toEqual(layout);
  });
});
