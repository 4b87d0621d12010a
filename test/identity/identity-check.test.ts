import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  abandonIdentityCheck,
  applyIdentityResult,
  countStrayText,
  findPendingResultId,
  type IdentityCheck,
  type IdentityDecision,
  type IdentityResult,
  isAwaitingGuess,
  startIdentityCheck,
  submitGuess,
} from "../../src/identity/identity-check.ts";

const RUNS = Number(process.env["PROPERTY_RUNS"] ?? 500);
const ADA = { id: "ada", name: "Ada", languages: [], attributes: {} };
const GUESS = { id: "g", sealed: "s" };
const PAGE = { url: "https://parley.example/link/t", hash: "h" };
const OUTCOMES: readonly IdentityResult[] = [
  { kind: "nobody" },
  { kind: "locked" },
  { kind: "found", person: "ada", page: null },
  { kind: "found", person: "ada", page: PAGE },
  { kind: "wrong" },
  { kind: "right", code: null },
  { kind: "right", code: { digits: "123456", hash: "x" } },
  { kind: "linked", person: ADA },
];

const looking = startIdentityCheck("b", { by: "text", codeByText: true });
const pin: IdentityCheck = { phase: "pin", person: "ada", page: null, strays: 0 };
const onPage: IdentityCheck = { ...pin, page: "h" };
const code: IdentityCheck = { phase: "code", person: "ada", page: null, strays: 0, texted: null };
const checkingPin = submitGuess(pin, GUESS) ?? pin;
const checkingCode = submitGuess(code, GUESS) ?? code;

const saysOf = (next: IdentityDecision | null) =>
  next?.says.map((saying) => ("name" in saying ? saying.name : saying.url));

describe("the next state after", () => {
  it.each<[string, IdentityCheck, IdentityResult, string | null, readonly string[]]>([
    ["a phone without a person", looking, { kind: "nobody" }, "guest", ["linkFailed"]],
    ["a locked person's phone", looking, { kind: "locked" }, "guest", ["linkLocked"]],
    ["a person's phone", looking, { kind: "found", person: "ada", page: null }, "pin", ["linkPin"]],
    ["a person's phone, with a page", looking, { kind: "found", person: "ada", page: PAGE }, "pin", [PAGE.url]],
    ["a wrong PIN", checkingPin, { kind: "wrong" }, "pin", ["linkWrong"]],
    ["a wrong PIN on a page", submitGuess(onPage, GUESS) ?? pin, { kind: "wrong" }, "pin", []],
    ["a right PIN", checkingPin, { kind: "right", code: null }, "code", ["linkCode"]],
    ["a right PIN on a page", submitGuess(onPage, GUESS) ?? pin, { kind: "right", code: null }, "code", []],
    [
      "a right PIN, a code by text",
      checkingPin,
      { kind: "right", code: { digits: "1", hash: "x" } },
      "code",
      ["linkTextedCode"],
    ],
    ["one wrong PIN too many", checkingPin, { kind: "locked" }, "guest", ["linkLocked"]],
    ["a wrong code", checkingCode, { kind: "wrong" }, "code", ["linkWrong"]],
    ["one wrong code too many", checkingCode, { kind: "locked" }, "guest", ["linkLocked"]],
    ["a right code", checkingCode, { kind: "linked", person: ADA }, "linked", ["linked"]],
    ["linked by a PIN alone", checkingPin, { kind: "linked", person: ADA }, null, []],
    ["a right PIN while a code is compared", checkingCode, { kind: "right", code: null }, null, []],
    ["a right PIN that was not submitted", looking, { kind: "right", code: null }, null, []],
  ])("%s", (_, check, result, phase, says) => {
    const next = applyIdentityResult(check, result);
    const nextPhase = next?.kind === "goes-on" ? next.linking.phase : (next?.kind ?? null);
    expect(nextPhase).toBe(phase);
    expect(saysOf(next) ?? []).toEqual(says);
  });

  it("three texts that cannot be a PIN", () => {
    const first = countStrayText(pin);
    const second = first.kind === "goes-on" ? countStrayText(first.linking) : first;
    expect([saysOf(first), saysOf(second)]).toEqual([["linkPin"], ["linkPin"]]);
    expect(second.kind === "goes-on" && countStrayText(second.linking)).toMatchObject({ kind: "guest" });
    expect(saysOf(countStrayText({ ...code, texted: "x" }))).toEqual(["linkSentCode"]);
    expect(saysOf(countStrayText(onPage))).toEqual(["linkOnPage"]);
  });
});

describe("any sequence of events", () => {
  const event = fc.oneof(
    fc.constantFrom(...OUTCOMES).map((outcome) => ({ kind: "told", outcome }) as const),
    fc.constant({ kind: "guess" } as const),
    fc.constant({ kind: "stray" } as const),
    fc.constant({ kind: "leave" } as const),
  );

  it("links only after a right PIN and then a right code", () => {
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 40 }),
        fc.constantFrom<"text" | "page">("text", "page"),
        (events, by) => {
          let linking = startIdentityCheck("b", { by, codeByText: true });
          let rightPin = false;
          for (const each of events) {
            if (each.kind === "guess") {
              const checking = submitGuess(linking, GUESS);
              expect(checking !== null).toBe(isAwaitingGuess(linking));
              if (checking !== null) linking = checking;
              continue;
            }
            const wasChecking = linking.phase;
            const next =
              each.kind === "told"
                ? applyIdentityResult(linking, each.outcome)
                : each.kind === "stray"
                  ? countStrayText(linking)
                  : abandonIdentityCheck();
            if (next === null) continue;
            if (next.kind === "linked") {
              expect([wasChecking, rightPin]).toEqual(["checking-code", true]);
              return;
            }
            if (next.kind === "guest") return;
            if (each.kind === "told" && each.outcome.kind === "right") rightPin = wasChecking === "checking-pin";
            linking = next.linking;
            expect(findPendingResultId(linking) === null).toBe(isAwaitingGuess(linking));
          }
        },
      ),
      { numRuns: RUNS },
    );
  });
});
