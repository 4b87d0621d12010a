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
  it("are added once if they arrive by a POST response, an event or both", () => {
    const text = message({ status: "receiving" });
    const event = { type: "event", event: { kind: "message", message: text } } as const;
    expect(reduceState(reduceState(loaded(), event), event).messages).toEqual([text]);
  });

  it("never return to an older status", () => {
    const newer = message({ status: "received", updatedAt: 20 });
    const older = message({ status: "receiving", updatedAt: 10 });
    const state = loaded({ messages: [newer] });
    const after = reduceState(state, { type: "event", event: { kind: "message", message: older } });
    expect(after.messages[0]?.status).toBe("received");
  });

  it("are sorted by creation, in whichever order they arrive", () => {
    const state = loaded({
      messages: [message({ sid: "SM3", createdAt: 30 }), message({ sid: "SM1", createdAt: 10 })],
    });
    const late = message({ sid: "SM2", createdAt: 20 });
    const after = reduceState(state, { type: "event", event: { kind: "message", message: late } });
    expect(after.messages.map((one) => one.sid)).toEqual(["SM1", "SM2", "SM3"]);
  });

  it("have their webhook attempts, each of them once", () => {
    const call = { type: "event", event: { kind: "webhook", attempt: attempt({ messageSid: "SM1" }) } } as const;
    const state = reduceState(reduceState(loaded({ messages: [message({ sid: "SM1" })] }), call), call);
    expect(state.attempts["SM1"]).toHaveLength(1);
  });
});

describe("phones", () => {
  it("are created on the first visit, and restored on later visits", () => {
    expect(listMissingPhones([], EMPTY_LAYOUT)).toEqual([null]);
    expect(listMissingPhones([], { ...EMPTY_LAYOUT, order: [PHONE, OTHER] })).toEqual([PHONE, OTHER]);
    expect(listMissingPhones([], { ...EMPTY_LAYOUT, order: [] })).toEqual([]);
    expect(listMissingPhones([{ number: OTHER }], EMPTY_LAYOUT)).toEqual([]);
  });

  it("are in the saved order, with new ones at the end", () => {
    const layout = { ...EMPTY_LAYOUT, order: [OTHER, PHONE] };
    const phones = ["+15550101009", PHONE, OTHER].map((one) => ({ number: one }));
    expect(loaded({ phones }, layout).phones.map((phone) => phone.number)).toEqual([OTHER, PHONE, "+15550101009"]);
  });

  it("get the focus on the first load and when the reader adds them, not when they appear by an event", () => {
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

  it("are removed with all their settings, and the next phone becomes active", () => {
    let state = loaded({ phones: [{ number: PHONE }, { number: OTHER }] });
    state = reduceState(state, { type: "activated", number: PHONE, focus: false });
    state = reduceState(state, { type: "target-picked", phone: PHONE, number: SHOP });
    state = reduceState(state, { type: "seen", phone: PHONE, number: SHOP, at: 5 });
    state = reduceState(state, { type: "phone-removed", number: PHONE });
    expect(state.phones).toEqual([{ number: OTHER }]);
    expect(state.focus).toBe(OTHER);
    expect(state.layout).toEqual({ order: [OTHER], active: OTHER, targets: {}, seen: {} });
  });

  it("keep their order after a reset, which clears everything else", () => {
    const state = loaded({ messages: [message({})] });
    const after = reduceState(state, { type: "event", event: { kind: "reset" } });
    expect(after).toMatchObject({ phones: [], messages: [], numbers: [], loaded: true });
    expect(after.layout.order).toEqual([PHONE]);
  });
});

describe("numbers", () => {
  it("are replaced when they change, and added when they are new", () => {
    const renamed = { type: "event", event: { kind: "number", number: number(SHOP, "Store") } } as const;
    const added = { type: "event", event: { kind: "number", number: number("55501", "Alerts") } } as const;
    const state = reduceState(reduceState(loaded(), renamed), added);
    expect(state.numbers.map((one) => one.friendlyName)).toEqual(["Store", "Alerts"]);
  });
});

describe("the saved layout", () => {
  it("ignores invalid data in the browser's storage", () => {
    for (const stored of [null, "", "{", "null", "7", "[]", '{"order":7,"targets":[],"seen":"x","active":{}}']) {
      expect(parseLayout(stored)).toMatchObject({ order: null, active: null, targets: {}, seen: {} });
    }
    const layout = { order: [PHONE], active: PHONE, targets: { [PHONE]: SHOP }, seen: { "a b": 3 } };
    expect(parseLayout(JSON.stringify(layout))).toEqual(layout);
  });
});
