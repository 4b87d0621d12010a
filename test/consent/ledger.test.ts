import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Consent, type ConsentChange, explainConsentRefusal, resolveConsent } from "../../src/consent/ledger.ts";
import { decideConsentStatement } from "../../src/sender/events/consent-stated.ts";
import { receiveText } from "../../src/sender/events/text-received.ts";
import { createSenderState } from "../../src/sender/model/turn.ts";
import { applyConsentChange } from "../../src/sender/rules/opt-out.ts";
import { answeringWith, inbound } from "../support/chat.ts";

const RUNS = Number(process.env["CONSENT_RUNS"] ?? 300);

const statement: fc.Arbitrary<ConsentChange> = fc.record({
  status: fc.constantFrom("given", "withdrawn"),
  by: fc.constantFrom("person", "carrier", "admin", "import"),
  at: fc.integer({ min: 1, max: 20 }),
  text: fc.constantFrom(null, "", "proof"),
  blocked: fc.boolean(),
});

const UNSTATED: Consent = { status: "unstated" };

describe("consent", () => {
  it("is the latest statement, in whatever order statements arrive", () => {
    fc.assert(
      fc.property(fc.uniqueArray(statement, { minLength: 1, selector: ({ at }) => at }), (said) => {
        const heard = said.reduce<Consent>((consent, each) => resolveConsent(each, consent), UNSTATED);
        const last = said.toSorted((one, other) => one.at - other.at).at(-1);
        expect(heard.status).toBe(last?.status);
      }),
      { numRuns: RUNS },
    );
  });

  it("does not change by repeated statements", () => {
    fc.assert(
      fc.property(statement, (said) => {
        const once = resolveConsent(said, UNSTATED);
        expect(resolveConsent({ ...said, at: said.at - 1 }, once)).toBe(once);
        expect(resolveConsent({ ...said, at: said.at + 1 }, once).status).toBe(once.status);
      }),
      { numRuns: RUNS },
    );
  });

  it("that was withdrawn can be given again without a proof only by the contact", () => {
    const withdrawn: Consent = { status: "withdrawn", at: 1, by: "carrier", blocked: true };
    const given = (by: ConsentChange["by"], text: string | null) =>
      explainConsentRefusal({ status: "given", by, at: 2, text, blocked: false }, withdrawn);
    expect([
      given("person", null),
      given("carrier", null),
      given("admin", "signed"),
      given("import", "signed"),
    ]).toEqual([null, null, null, null]);
    for (const by of ["admin", "import"] as const)
      for (const text of [null, "", "  "]) expect(given(by, text)).toMatch(/proof/u);
  });

  it("is marked as blocked by a carrier, even if the contact opted out before", () => {
    const said: Consent = { status: "withdrawn", at: 1, by: "person" };
    const after = resolveConsent({ status: "withdrawn", by: "carrier", at: 2, text: "21610", blocked: true }, said);
    expect(after).toEqual({ ...said, againAt: 2, blocked: true });
  });
});

describe("the ledger", () => {
  const NUMBERS = ["+12025550100", "+12025550101", "55501"];
  const claim = fc.record({
    number: fc.constantFrom(...NUMBERS),
    account: fc.constant("AC"),
    status: fc.constantFrom("given" as const, "withdrawn" as const),
    by: fc.constantFrom("admin" as const, "import" as const),
    at: fc.integer({ min: 1, max: 9 }),
    proof: fc.constantFrom(null, "signed"),
  });

  it("numbers entries without gaps, and repeated statements change nothing", () => {
    fc.assert(
      fc.property(fc.array(claim, { maxLength: 12 }), (claims) => {
        let state = createSenderState("+12025550140");
        const entries: NonNullable<ReturnType<typeof decideConsentStatement>["entry"]>[] = [];
        const take = (each: (typeof claims)[number]) => {
          const after = decideConsentStatement(state, each, entries, 10);
          if (after.entry !== null) entries.push(after.entry);
          ({ state } = after);
          return after.outcome.kind;
        };
        claims.forEach(take);
        expect(entries.map(({ id }) => id)).toEqual(entries.map((_, index) => index + 1));
        const before = JSON.stringify([state.lines, entries]);
        const last = new Map(claims.map((each) => [each.number, each]));
        const again = [...last.values()].filter((each) =>
          claims.every((other) => other.number !== each.number || other.at <= each.at),
        );
        for (const each of again) expect(take(each)).not.toBe("recorded");
        expect(JSON.stringify([state.lines, entries])).toBe(before);
      }),
      { numRuns: RUNS },
    );
  });

  it("is shared by the numbers of a Messaging Service, and no others", () => {
    const world = { now: 5, origin: "https://x", findApplication: () => answeringWith([]) };
    const texts = [
      { ...inbound(1, "a"), service: "MG1" },
      { ...inbound(2, "b"), to: "+12025550101", service: "MG1" },
      { ...inbound(3, "c"), to: "+12025550102" },
    ];
    const state = texts.reduce(
      (before, text) => receiveText(before, text, world).state,
      createSenderState("+12025550140"),
    );
    const said = { status: "withdrawn", by: "carrier", at: 6, text: "21610", blocked: true } as const;
    const { state: after, entry } = applyConsentChange(state, "+12025550101", said, 6);
    expect(Object.values(after.lines).map(({ consent }) => consent.status)).toEqual([
      "withdrawn",
      "withdrawn",
      "unstated",
    ]);
    expect(entry).toMatchObject({ id: 1, number: "+12025550101", scope: "MG1" });
    // A number that leaves the service is separate again; its consents stay.
    const left = receiveText(after, inbound(4, "START"), { ...world, now: 9 }).state;
    expect(Object.values(left.lines).map(({ consent }) => consent.status)).toEqual(["given", "withdrawn", "unstated"]);
  });
});
