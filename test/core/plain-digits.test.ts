import { expect, it } from "vitest";
import { toPlainDigits } from "../../src/core/plain-digits.ts";

it.each([
  ["٠١٢٣٤٥٦٧٨٩"],
  ["۰۱۲۳۴۵۶۷۸۹"],
  ["०१२३४५६७८९"],
  ["๐๑๒๓๔๕๖๗๘๙"],
  ["໐໑໒໓໔໕໖໗໘໙"],
  ["༠༡༢༣༤༥༦༧༨༩"],
  ["០១២៣៤៥៦៧៨៩"],
  ["߀߁߂߃߄߅߆߇߈߉"],
  ["𞥐𞥑𞥒𞥓𞥔𞥕𞥖𞥗𞥘𞥙"],
  ["𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"],
  ["𝟘𝟙𝟚𝟛𝟜𝟝𝟞𝟟𝟠𝟡"],
])("converts %s to ASCII digits", (digits) => {
  expect(toPlainDigits(`a ${digits}, b`)).toBe("a 0123456789, b");
});

it("changes nothing but digits", () => {
  for (const text of ["½ ² Ⅳ 二 一", "12 a", "", "\ud835"]) expect(toPlainDigits(text)).toBe(text);
});
