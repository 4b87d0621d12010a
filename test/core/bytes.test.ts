import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { basicAuthorization, fromLooseBase64, parseBase64, toBase64 } from "../../src/core/bytes.ts";

describe("base64", () => {
  it("agrees with Node, and reads back what it writes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const text = toBase64(bytes);
        expect(text).toBe(Buffer.from(bytes).toString("base64"));
        expect(parseBase64(text)).toEqual(bytes);
      }),
    );
  });

  it.each(["QQ", "QQ=", "QR==", "QUI", " QQ==", "QQ==\n", "Q===", "=", "-_8=", "é", "QQ==QQ=="])(
    "%j is not canonical",
    (text) => {
      expect(parseBase64(text)).toBeNull();
    },
  );

  it.each(["QQ", "QQ==", "QR==", " Q\nQ== "])("%j is read loosely", (text) => {
    expect(fromLooseBase64(text)).toEqual(Uint8Array.of(65));
  });

  it.each(["Q", "QQ=", "=", "-_8=", "é", "QQ==QQ=="])("%j is not base64 at all", (text) => {
    expect(fromLooseBase64(text)).toBeNull();
  });
});

describe("basicAuthorization", () => {
  it("writes a user name and a password in UTF-8", () => {
    expect(basicAuthorization("user", "pässword")).toBe("Basic dXNlcjpww6Rzc3dvcmQ=");
  });
});
