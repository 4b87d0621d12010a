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

describe("what follows", () => {
  it.each<[string, IdentityCheck, IdentityResult, string | null, readonly string[]]>([
    ["nobody's phone", looking, { kind: "nobody" }, "guest", ["linkFailed"]],
    ["a locked person's", looking, { kind: "locked" }, "guest", ["linkLocked"]],
    ["somebody's", looking, { kind: "found", person: "ada", page: null }, "pin", ["linkPin"]],
    ["somebody's, on a page", looking, { kind: "found", person: "ada", page: PAGE }, "pin", [PAGE.url]],
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
    ["a right PIN where a code is compared", checkingCode, { kind: "right", code: null }, null, []],
    ["a right PIN that nobody gave", looking, { kind: "right", code: null }, null, []],
  ])("%s", (_, linking, outcome, to, says) => {
    const next = applyIdentityResult(linking, outcome);
    const came = next?.kind === "goes-on" ? next.linking.phase : (next?.kind ?? null);
    expect(came).toBe(to);
    expect(saysOf(next) ?? []).toEqual(says);
  });

  it("three texts that can be no PIN are enough", () => {
    const first = countStrayText(pin);
    const second = first.kind === "goes-on" ? countStrayText(first.linking) : first;
    expect([saysOf(first), saysOf(second)]).toEqual([["linkPin"], ["linkPin"]]);
    expect(second.kind === "goes-on" && countStrayText(second.linking)).toMatchObject({ kind: "guest" });
    expect(saysOf(countStrayText({ ...code, texted: "x" }))).toEqual(["linkSentCode"]);
    expect(saysOf(countStrayText(onPage))).toEqual(["linkOnPage"]);
  });
});

describe("whatever happens", () => {
  const event = fc.oneof(
    fc.constantFrom(...OUTCOMES).map((outcome) => ({ kind: "told", outcome }) as const),
    fc.constant({ kind: "guess" } as const),
    fc.constant({ kind: "stray" } as const),
    fc.constant({ kind: "leave" } as const),
  );

  it("nobody is linked without a PIN that was right and a code that was right after it", () => {
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
