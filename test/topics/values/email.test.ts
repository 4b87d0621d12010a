import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseEmailAnswer } from "../../../src/topics/values/email.ts";

describe("readEmail", () => {
  it.each([
    ["a@example.com", "a@example.com"],
    [" a@example.com ", "a@example.com"],
    ["A.B@Example.COM", "A.B@example.com"],
    ["a@example.com.", "a@example.com"],
    ["a@example.com!", "a@example.com"],
    ["a@example.com, thanks", "a@example.com"],
    ["mailto:a@example.com", "a@example.com"],
    ["MAILTO:a@example.com?subject=hi", "a@example.com"],
    ["<a@example.com>", "a@example.com"],
    ["Front Desk <a@example.com>", "a@example.com"],
    ["“a@example.com”", "a@example.com"],
    ["a @ example.com", "a@example.com"],
    ["a@ example.com", "a@example.com"],
    ["a@example.com\n", "a@example.com"],
    ["ａ＠ｅｘａｍｐｌｅ．ｃｏｍ", "a@example.com"],
    ["a+b@mail.example.co.uk", "a+b@mail.example.co.uk"],
    ["o'neill@example.com", "o'neill@example.com"],
    ["a_b-c@ex-ample.com", "a_b-c@ex-ample.com"],
    ["1@123.com", "1@123.com"],
    ["a@bücher.example", "a@xn--bcher-kva.example"],
    ["a@xn--bcher-kva.example", "a@xn--bcher-kva.example"],
    ["my email is a@example.com", "a@example.com"],
    ["It's a@example.com.", "a@example.com"],
    ["email: a@example.com", "a@example.com"],
    ["mi correo es a@example.com", "a@example.com"],
    ["mon adresse est a@example.com", "a@example.com"],
    ["मेरा ईमेल a@example.com है", "a@example.com"],
    ["a@example.com a@EXAMPLE.com", "a@example.com"],
  ])("%j is %s", (text, value) => {
    expect(parseEmailAnswer(text)).toEqual({ ok: true, value });
  });

  it.each(["", "none", "a at example dot com", "example.com", "I have no email", `${"a".repeat(400)}@example.com`])(
    "%j is none",
    (text) => {
      expect(parseEmailAnswer(text)).toEqual({ ok: false, problem: "none" });
    },
  );

  it.each([
    "@",
    "a@",
    "@example.com",
    "a@example",
    "a@b@example.com",
    ".a@example.com",
    "a.@example.com",
    "a..b@example.com",
    "a@.example.com",
    "a@example..com",
    "a@-example.com",
    "a@example-.com",
    "a@exa_mple.com",
    "a@example.c",
    "a@example.123",
    "a@1.2.3.4",
    "a@[1.2.3.4]",
    "a@example.com/path",
    "a@example.com:25",
    "ä@example.com",
    `${"a".repeat(65)}@example.com`,
    `a@${"a".repeat(64)}.com`,
    "@home a@example.com",
  ])("%j is malformed", (text) => {
    expect(parseEmailAnswer(text)).toEqual({ ok: false, problem: "malformed" });
  });

  it.each([
    ["a b@example.com", ["b@example.com"]],
    ["a@example. com", null],
    ["a@example.com or b@example.com", ["a@example.com", "b@example.com"]],
    ["not a@example.com", ["a@example.com"]],
  ])("%j is not sure", (text, candidates) => {
    expect(parseEmailAnswer(text)).toEqual(
      candidates === null ? { ok: false, problem: "malformed" } : { ok: false, problem: "ambiguous", candidates },
    );
  });

  it("takes an address as typed, whatever is around it", () => {
    const local = fc.stringMatching(/^[a-zA-Z0-9_+-]{1,20}(?:\.[a-z0-9]{1,9})?$/u);
    const domain = fc.stringMatching(/^[a-z][a-z0-9]{0,20}\.(?:[a-z]{1,9}\.)?(?:com|de|in|museum)$/u);
    fc.assert(
      fc.property(local, domain, fc.constantFrom("", " ", "mailto:", "it is "), (name, host, before) => {
        expect(parseEmailAnswer(`${before}${name}@${host}.`)).toEqual({ ok: true, value: `${name}@${host}` });
        const upper = host.toUpperCase();
        expect(parseEmailAnswer(`${name} @ ${upper}`)).toEqual({ ok: true, value: `${name}@${host}` });
      }),
    );
  });

  it("reads its own value back, and never throws", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[a-z@. <>:]{0,20}$/u)), (text) => {
        const answer = parseEmailAnswer(text);
        if (answer.ok) expect(parseEmailAnswer(answer.value)).toEqual(answer);
      }),
    );
  });
});
