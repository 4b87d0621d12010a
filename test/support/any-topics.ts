import fc from "fast-check";
import { type NamedTopic, topicSchema } from "../../src/topics/definition.ts";

const TOPICS = ["one", "two", "three"];
const LABELS = ["Red", "Green", "Small", "Small with cheese", "7 pm", "Nothing"];
const step = (count: number) => fc.nat({ max: count - 1 }).map((index) => `s${index}`);

const wording = fc.constantFrom<string | Record<string, string>>(
  "Hello.",
  "You said {{ text }}.",
  "{{ name | upcase }}, {{ other.deep }} and {{ count | plus: 1 }}",
  "{% if name %}I know you, {{ name }}.{% else %}Who?{% endif %}",
  { en: "Hello {{ sender | phone }}", es: "Hola {{ name }}", de: "{{ now | local_date: 'long' }}" },
);
const silenceOver = (to: fc.Arbitrary<string>) =>
  fc.option(
    fc.record({
      after: fc.constantFrom(60, 600),
      giveUp: fc.option(fc.record({ after: fc.constant(60), next: fc.option(to, { nil: undefined }), text: wording }), {
        nil: undefined,
      }),
    }),
    { nil: undefined },
  );
/** What a choice offers now may depend on what is known. */
const label = fc.constantFrom(...LABELS, "{% if name %}Again{% endif %}", "{{ text }}");
const answer = fc.constantFrom(
  { is: "text" },
  { is: "text", pattern: "AA-9?" },
  { is: "number", minimum: 1 },
  { is: "date" },
  { is: "email" },
  { is: "phone", country: "US" },
);
const request = fc.constantFrom(
  { url: "https://crm.example.com/{{ name }}?q={{ text }}" },
  { url: "https://crm.example.com", method: "POST", body: { a: ["{{ text }}"] } },
);
const address = fc.constantFrom("https://example.com/{{ name }}", "https://example.com/a.png");
const link = fc.record({ url: address, label: fc.option(wording, { nil: undefined }) });
const field = fc.record({ label: wording, value: wording });
const variable = fc.constantFrom("name", "other", "count", "language");

/** The step at an index of so many. */
function anyStep(index: number, count: number): fc.Arbitrary<object> {
  const to = step(count);
  const next = fc.option(to, { nil: undefined });
  const base = { id: fc.constant(`s${index}`), next };
  const silence = silenceOver(to);
  const options = fc
    .uniqueArray(label, { minLength: 1, maxLength: 6 })
    .chain((labels) => fc.tuple(...labels.map((each) => fc.record({ label: fc.constant(each), next }))));
  const from = fc.record({
    request,
    label: fc.constantFrom("{{ item.label }}", "{{ item }}"),
    value: fc.option(fc.constant("{{ item.id }}"), { nil: undefined }),
    none: next,
    failed: to,
  });
  return fc.oneof(
    fc.record({ ...base, kind: fc.constant("say"), text: wording }),
    fc.record({ ...base, kind: fc.constant("say"), card: fc.record({ title: wording, fields: fc.tuple(field) }) }),
    fc.record({ ...base, kind: fc.constant("say"), text: wording, image: address, links: fc.tuple(link, link), link }),
    fc.record({ ...base, kind: fc.constant("ask"), text: wording, save: variable, silence }),
    fc.record({ ...base, kind: fc.constant("ask"), text: wording, answer, save: variable, silence }),
    fc.record({ ...base, kind: fc.constant("choice"), text: wording, options, save: variable, silence }),
    fc.record({ ...base, kind: fc.constant("choice"), text: wording, from, save: variable, silence }),
    fc.record({ id: base.id, kind: fc.constant("confirm"), text: wording, yes: next, no: next, silence }),
    fc.record({ ...base, kind: fc.constant("upload"), text: wording, save: variable }),
    fc.record({
      ...base,
      kind: fc.constant("set"),
      values: fc.dictionary(variable, fc.constantFrom("{{ text }}", "es", "x")),
    }),
    fc.record({
      ...base,
      kind: fc.constant("branch"),
      cases: fc.tuple(fc.record({ when: fc.constantFrom("name", "count > 1", 'text == "a"'), next: to })),
    }),
    fc.record({ ...base, kind: fc.constant("call"), request, save: variable, failed: to }),
    fc.record({ ...base, kind: fc.constant("search"), request, result: wording, failed: to }),
    fc.record({ ...base, kind: fc.constant("wait"), seconds: fc.constant(10) }),
    fc.record({ id: base.id, kind: fc.constant("topic"), topic: fc.constantFrom(...TOPICS), returns: fc.boolean() }),
    fc.record({ id: base.id, kind: fc.constant("end"), text: fc.option(wording, { nil: undefined }) }),
  );
}

/** Topics that go to one another and ask the operator's system, whatever sense they make. */
export const anyTopics: fc.Arbitrary<readonly NamedTopic[]> = fc
  .tuple(
    ...TOPICS.map((id) =>
      fc
        .integer({ min: 1, max: 7 })
        .chain((count) =>
          fc.tuple(fc.constant(id), fc.tuple(...Array.from({ length: count }, (_, index) => anyStep(index, count)))),
        ),
    ),
  )
  .map((topics) =>
    topics.map(([id, steps]) => ({ ...topicSchema.parse({ title: id, keywords: [id], steps: clean(steps) }), id })),
  );

/** @returns what is left when it has been stored */
export function clean<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}
