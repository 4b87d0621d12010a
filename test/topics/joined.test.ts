import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Scope } from "../../src/topics/joined.ts";
import { createTemplates } from "../../src/topics/template.ts";

const { render } = createTemplates();

const piece = fc.oneof(
  fc.constantFrom("Hello ", "\n", " ", "{", "}", "{% raw %}{{ a }}{% endraw %}", "{% comment %}a{% endcomment %}"),
  fc.constantFrom(
    "{{ a }}",
    "{{a}}",
    "{{- a }}",
    "{{ a -}}",
    "{{ b }}",
    "{{ missing }}",
    "{{ 'a' }}",
    "{{ 1 }}",
    "{{ a.size }}",
  ),
  fc.constantFrom(
    "{{ a | upcase }}",
    "{{ a b }}",
    "{{ ['a'] }}",
    "{{ [a] }}",
    "{{ }}",
    "{{ constructor }}",
    "{{ size }}",
    "{{ a == b }}",
  ),
);
const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.string()), fc.object());

/** @returns what comes of it: the text, or that there is none */
function outcome(template: string, scope: Scope): string {
  try {
    return `= ${render(template, scope)}`;
  } catch {
    return "does not render";
  }
}

describe("a template without filters and tags", () => {
  it("says what Liquid itself says", () => {
    const scopes = fc.record({ a: value, b: value, size: value, constructor: value }, { requiredKeys: [] });
    fc.assert(
      fc.property(fc.array(piece), scopes, (pieces, scope) => {
        const template = pieces.join("");
        // Where there is a tag it is Liquid who renders all of it.
        const asked = `{% if true %}{% endif %}${template}`;
        expect(outcome(template, scope)).toBe(outcome(asked, scope));
      }),
      { numRuns: 3_000 },
    );
  });

  it("says as much as others may, and no more", () => {
    const a = "x".repeat(25_000);
    expect(render("{{ a }}{{ a }}!", { a })).toHaveLength(50_001);
    expect(() => render("{{ a }}{{ a }}{{ b }}", { a, b: "y" })).toThrow(/memory/iu);
  });
});
