import { scryptSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { hashPin, isCorrectPin } from "../../src/identity/pin-hash.ts";
import { maskDigits, parseGuess } from "../../src/identity/pin-mask.ts";

const KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const OTHER_KEY = Buffer.alloc(32, 9).toString("base64");
const SALT = new Uint8Array(16).fill(3);

describe("a PIN", () => {
  it("matches its hash, and no other PIN does", async () => {
    const stored = await hashPin(KEY, "ada", "4711", SALT);
    expect(stored).not.toContain("4711");
    expect(await isCorrectPin(KEY, "ada", "4711", stored)).toBe(true);
    expect(await isCorrectPin(KEY, "ada", "4712", stored)).toBe(false);
    expect(await isCorrectPin(KEY, "ada", "04711", stored)).toBe(false);
    expect(await isCorrectPin(KEY, "bob", "4711", stored)).toBe(false);
    expect(await isCorrectPin(OTHER_KEY, "ada", "4711", stored)).toBe(false);
    for (const broken of ["", "scrypt", "scrypt$4096$8$1$AAAA", "md5$4096$8$1$AAAA$AAAA"])
      expect(await isCorrectPin(KEY, "ada", "4711", broken)).toBe(false);
  });

  it("is hashed with scrypt after adding the pepper, as Node does", async () => {
    const [, N, r, p, salt = "", hash] = (await hashPin(KEY, "ada", "4711", SALT)).split("$");
    const material = await crypto.subtle.importKey("raw", Buffer.from(KEY, "base64"), "HKDF", false, ["deriveBits"]);
    const derivation = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: Buffer.from("pins") };
    const pepper = await crypto.subtle.deriveBits(derivation, material, 512);
    const hmac = await crypto.subtle.importKey("raw", pepper, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    const password = Buffer.from(await crypto.subtle.sign("HMAC", hmac, Buffer.from("ada\n4711")));
    const expected = scryptSync(password, Buffer.from(salt, "base64"), 32, {
      N: Number(N),
      r: Number(r),
      p: Number(p),
    });
    expect(hash).toBe(expected.toString("base64"));
  });
});

it("a text is shown without its code", () => {
  expect(maskDigits("123456 is your code for 10 minutes: 123 456, 123-456.")).toBe(
    "•••••• is your code for 10 minutes: ••• •••, •••-•••.",
  );
});

describe("a text", () => {
  it.each([
    ["4711", "4711"],
    [" 47 11 ", "4711"],
    ["123-456", "123456"],
    ["123.456", "123456"],
    ["１２３４", "1234"],
    ["0000", "0000"],
    ["123456789012", "123456789012"],
  ])("%j may be a guess", (text, digits) => {
    expect(parseGuess(text)).toBe(digits);
  });

  it.each(["", "123", "1234567890123", "my pin is 4711", "4711!", "••••", "exit", "12,34"])(
    "%j is no guess",
    (text) => {
      expect(parseGuess(text)).toBeNull();
    },
  );
});
