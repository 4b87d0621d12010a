import { expect, it } from "vitest";
import type { TemplateScope } from "../../src/templates/template.ts";
import { createTemplateRenderer } from "../../src/templates/template.ts";

const { render, renderUrl } = createTemplateRenderer();

const SCOPE: TemplateScope = {
  text: "a & b",
  number: 3.5,
  zero: 0,
  truth: true,
  lie: false,
  nothing: null,
  list: ["x", 2, null, ["y", { z: 1 }]],
  object: { name: "n", size: 7, deep: { list: [1, 2, 3] } },
  conversation: { language: "en" },
  zone: "UTC",
  now: "2026-03-02T23:30:00.000Z",
};

const TEMPLATES = [
  ..."text number zero truth lie nothing list object missing object.name object.size list.size list.first list.last".split(
    " ",
  ),
  ..."object.deep.list missing.name text.size list[1] object['name'] object[text] toString object.constructor nil".split(
    " ",
  ),
  ..."'quoted' 12 -1.5 true empty (1..3) text==text".split(" "),
  "text | upcase | append: number",
  "list | join: ', '",
  "list | map: 'z'",
  "missing | default: 'none'",
  "lie | default: true, allow_false: true",
  "number | times: 2 | currency: 'USD'",
  "'now' | date: '%Y'",
  "object | json",
].map((value) => `<{{ ${value} }}>{{- text -}} .\n`);

/** A tag without effect, which makes Liquid render the template. */
const byLiquid = (template: string): string => `${template}{% comment %}{% endcomment %}`;

it.each(TEMPLATES)("renders templates without tags as Liquid does: %s", (template) => {
  expect(render(template, SCOPE)).toBe(render(byLiquid(template), SCOPE));
  expect(renderUrl(template, SCOPE)).toBe(renderUrl(byLiquid(template), SCOPE));
});

it("refuses too large outputs as Liquid does, with the position", () => {
  const scope = { text: "x".repeat(30_000) };
  const template = "First {{ text }}, then\n {{ text }}";
  const problem = /^memory alloc limit exceeded, line:2, col:2$/u;
  expect(() => render(template, scope)).toThrow(problem);
  expect(() => render(byLiquid(template), scope)).toThrow(problem);
});
