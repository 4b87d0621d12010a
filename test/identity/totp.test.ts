import fc from "fast-check";
import { Secret, TOTP, URI } from "otpauth";
import { describe, expect, it } from "vitest";
import { findTotpCounter, toOtpauthUri } from "../../src/identity/totp.ts";

const RUNS = Number(process.env["PROPERTY_RUNS"] ?? 500);
const secrets = fc.uint8Array({ minLength: 16, maxLength: 32 });
/** Times from 1970 to after 2100. */
const times = fc.integer({ min: 60_000, max: 5_000_000_000_000 });

/** The code of another implementation at a time. */
function shown(secret: Uint8Array, timestamp: number): string {
  return new TOTP({ secret: new Secret({ buffer: Uint8Array.from(secret).buffer }) }).generate({ timestamp });
}

describe("codes of authenticator apps", () => {
  it.each([
    [59, "287082"],
    [1_111_111_109, "081804"],
    [1_111_111_111, "050471"],
    [1_234_567_890, "005924"],
    [2_000_000_000, "279037"],
    [20_000_000_000, "353130"],
  ])("match RFC 6238 at second %i", (seconds, code) => {
    const secret = new TextEncoder().encode("12345678901234567890");
    expect(findTotpCounter(secret, code, seconds * 1_000)).toBe(Math.floor(seconds / 30));
  });

  it("match another implementation, one step early or late", () => {
    fc.assert(
      fc.property(secrets, times, fc.constantFrom(-1, 0, 1), (secret, now, drift) => {
        const code = shown(secret, now + drift * 30_000);
        const counters = [0, -1, 1].map((each) => Math.floor(now / 30_000) + each);
        const first = counters.find((counter) => shown(secret, counter * 30_000) === code);
        expect(findTotpCounter(secret, code, now)).toBe(first);
      }),
      { numRuns: RUNS },
    );
  });

  it("do not match anything else", () => {
    fc.assert(
      fc.property(secrets, times, fc.integer({ min: 0, max: 999_999 }), (secret, now, number) => {
        const code = String(number).padStart(6, "0");
        const near = [-1, 0, 1].some((drift) => shown(secret, now + drift * 30_000) === code);
        expect(findTotpCounter(secret, code, now) !== null).toBe(near);
      }),
      { numRuns: RUNS },
    );
    const secret = new Uint8Array(20).fill(7);
    for (const steps of [-2, 2])
      expect(findTotpCounter(secret, shown(secret, 1_000_000_000 + steps * 30_000), 1_000_000_000)).toBeNull();
    expect(findTotpCounter(secret, "", 1_000_000_000)).toBeNull();
  });
});

describe("the URI of a QR code", () => {
  it("is parsed correctly by another implementation", () => {
    fc.assert(
      fc.property(
        secrets,
        fc.string({ minLength: 1, maxLength: 30, unit: "grapheme" }),
        fc.string({ minLength: 1, maxLength: 30, unit: "grapheme" }),
        (secret, issuer, account) => {
          fc.pre(issuer.trim() !== "" && account.trim() !== "" && `${issuer}${account}`.isWellFormed());
          const read = URI.parse(toOtpauthUri(secret, issuer, account)) as TOTP;
          expect(toOtpauthUri(secret, issuer, account)).toContain(`?secret=${read.secret.base32}&`);
          expect([...read.secret.bytes]).toEqual([...secret]);
          expect([read.algorithm, read.digits, read.period]).toEqual(["SHA1", 6, 30]);
          expect(read.issuer).toBe(issuer.replaceAll(":", " "));
          expect(read.label).toBe(account.replaceAll(":", " "));
        },
      ),
      { numRuns: RUNS },
    );
  });
});
