/** Every possible problem of a topic, each alone, with its pointer and a part of its sentence. */
export interface Broken {
  readonly what: string;
  readonly severity: "error" | "warning";
  /** Fields of the document besides title and steps. */
  readonly head?: object;
  readonly keywords?: readonly unknown[];
  readonly steps?: readonly unknown[];
  readonly at: string;
  readonly says: string;
  /** Whether the problem cannot be in one document with the others. */
  readonly alone?: true;
}

const LONG = "x".repeat(4_001);
const error = (
  what: string,
  at: string,
  says: string,
  rest: Omit<Broken, "what" | "severity" | "at" | "says">,
): Broken => ({
  ...rest,
  what,
  severity: "error",
  at,
  says,
});
const warning = (...[what, at, says, rest]: Parameters<typeof error>): Broken => ({
  ...error(what, at, says, rest),
  severity: "warning",
});
/** A valid step, except for the given fields. */
const say = (id: string, more: object = {}) => ({ kind: "say", id, text: "Hello", ...more });
const ask = (id: string, more: object = {}) => ({ kind: "ask", id, text: "Well?", save: "answer", ...more });
const choice = (id: string, labels: readonly unknown[], more: object = {}) => ({
  kind: "choice",
  id,
  text: "Which?",
  options: labels.map((label) => (typeof label === "string" ? { label } : label)),
  ...more,
});
const call = (id: string, request: object, more: object = {}) => ({
  kind: "call",
  id,
  request: { url: "https://crm.example.com/", ...request },
  failed: id,
  ...more,
});
const branch = (id: string, when: string, next: string, more: object = {}) => ({
  kind: "branch",
  id,
  cases: [{ when, next }],
  ...more,
});
const set = (id: string, values: object, more: object = {}) => ({ kind: "set", id, values, ...more });

const HEAD: readonly Broken[] = [
  error("no title", "/title", '"title" is missing: it must be a string.', { head: { title: undefined }, alone: true }),
  error("an empty title", "/title", '"title" is empty', { head: { title: "" }, alone: true }),
  error("a long title", "/title", '"title" has 101 characters: the maximum is 100.', {
    head: { title: "x".repeat(101) },
  }),
  error("another version", "/version", '"version" must be 1, not 2.', { head: { version: 2 } }),
  error("a misspelt field", "/keyword", '"keyword" is not a known field here. Did you mean "keywords"?', {
    head: { keyword: ["x"] },
  }),
  error("a field with a slash and a tilde", "/a~1b~0c", '"a/b~c" is not a known field here', { head: { "a/b~c": 1 } }),
  error("keywords in one text", "/keywords", '"keywords" must be a list, not "hi, hello".', {
    head: { keywords: "hi, hello" },
    alone: true,
  }),
  error("too many keywords", "/keywords", '"keywords" has 51 entries: the maximum is 50.', {
    head: { keywords: Array.from({ length: 51 }, (_, index) => `word ${index}`) },
    alone: true,
  }),
  error("a keyword without a letter", "/keywords/0", "must contain a letter or a digit", { keywords: ["?!"] }),
  error("a keyword that is a number", "/keywords/0", 'Entry 1 of "keywords" must be a string, not 7.', {
    keywords: [7],
    alone: true,
  }),
  error("a carriers' word as a keyword", "/keywords/0", "on most numbers Twilio answers it", { keywords: ["Cancel"] }),
  warning("a keyword twice", "/keywords/1", "repeats keyword", { keywords: ["boat", "BOAT!"] }),
  warning("a word that always works as a keyword", "/keywords/0", "is a command that ends the conversation", {
    keywords: ["exit"],
  }),
  error("no steps at all", "/steps", '"steps" is missing', { head: { steps: undefined }, alone: true }),
  error("an empty list of steps", "/steps", "the minimum is 1", { head: { steps: [] }, alone: true }),
  error("steps that are no list", "/steps", "must be a list, not an object", { head: { steps: {} }, alone: true }),
  error("too many steps", "/steps", "has 1001 entries: the maximum is 1000", {
    head: { steps: Array.from({ length: 1001 }, (_, index) => ask(`s${index}`)) },
    alone: true,
  }),
];

const SHAPES: readonly Broken[] = [
  error("a step that is a text", "/steps/0", 'must be an object with "kind" and "id", not "hello".', {
    steps: ["hello"],
  }),
  error("no kind", "/steps/0/kind", '"kind" is missing. The kinds are say, ask,', { steps: [{ id: "kindless" }] }),
  error("a kind that is a number", "/steps/0/kind", '"kind" must be a string, not 4.', {
    steps: [{ kind: 4, id: "four" }],
  }),
  error("a misspelt kind", "/steps/0/kind", 'there is no step kind "asc". Did you mean "ask"?', {
    steps: [{ kind: "asc", id: "asc" }],
  }),
  error("a kind that is on every object", "/steps/0/kind", 'no step kind "constructor"', {
    steps: [{ kind: "constructor", id: "built" }],
  }),
  ...["handoff"].map((kind) =>
    error(`a step to come: ${kind}`, "/steps/0/kind", "This release of Parley does not support it yet.", {
      steps: [{ kind, id: `later-${kind}` }],
    }),
  ),
  error("no id", "/steps/0/id", 'Step 3: "id" is missing: it must be a string.', {
    steps: [{ kind: "say", text: "Hello" }],
    alone: true,
  }),
  error("a wrong id", "/steps/0/id", '"id" must be lowercase letters, digits and hyphens', {
    steps: [say("Wrong Id")],
  }),
  error("an id twice", "/steps/1/id", "has the same id. Give each step a different id.", {
    steps: [say("double"), say("double")],
  }),
  error(
    "a misspelt field of a step",
    "/steps/0/nxt",
    'Step "misspelt": "nxt" is not a known field here. Did you mean "next"?',
    {
      steps: [say("misspelt", { nxt: "misspelt" })],
    },
  ),
  error("a field that another kind has", "/steps/0/save", 'Known fields: "kind", "id", "text"', {
    steps: [say("saves", { save: "x" })],
  }),
  error(
    "a say that says nothing",
    "/steps/0/text",
    '"text" is required unless there is "image", "card", "link" or "links".',
    {
      steps: [{ kind: "say", id: "mute" }],
    },
  ),
  error("a text that is missing", "/steps/0/text", '"text" is missing: it must be a string or an object.', {
    steps: [ask("textless", { text: undefined })],
  }),
  error("a text that is a number", "/steps/0/text", "must be a string or an object, not 5.", {
    steps: [ask("number", { text: 5 })],
  }),
  error("an empty text", "/steps/0/text", '"text" is empty', { steps: [ask("empty", { text: "" })] }),
  error("a long text", "/steps/0/text", '"text" has 4001 characters: the maximum is 4000.', {
    steps: [ask("long", { text: LONG })],
  }),
  error("a variable that is missing", "/steps/0/save", '"save" is missing: it must be a string.', {
    steps: [ask("saveless", { save: undefined })],
  }),
  error("a variable of ours", "/steps/0/save", "is a name that Parley uses", {
    steps: [ask("ours", { save: "sender" })],
  }),
  error(
    "a variable with a hyphen",
    "/steps/0/save",
    "must be letters, digits and underscores, beginning with a lowercase letter",
    {
      steps: [ask("hyphen", { save: "first-name" })],
    },
  ),
  error(
    "a choice without options",
    "/steps/0/options",
    '"options" is required unless there is "from"; a step cannot have both.',
    {
      steps: [choice("optionless", [], { options: undefined })],
    },
  ),
  error("no option at all", "/steps/0/options", "has too few entries: the minimum is 1", {
    steps: [choice("none", [])],
  }),
  error("too many options", "/steps/0/options", '"options" has 21 entries: the maximum is 20.', {
    steps: [
      choice(
        "many",
        Array.from({ length: 21 }, (_, index) => `Day ${index + 1}`),
      ),
    ],
  }),
  error("an option that is a number", "/steps/0/options/1", 'entry 2 of "options" must be an object, not 7.', {
    steps: [choice("seven", ["One", 7])],
  }),
  error("an option without a label", "/steps/0/options/0/label", '"label" is missing', {
    steps: [choice("labelless", [{ value: "x" }])],
  }),
  error("a negative pause", "/steps/0/seconds", '"seconds" must be at least 1, not -5.', {
    steps: [{ kind: "wait", id: "negative", seconds: -5 }],
  }),
  error("half a second", "/steps/0/seconds", '"seconds" must be a whole number, not 1.5.', {
    steps: [{ kind: "wait", id: "half", seconds: 1.5 }],
  }),
  error("a reminder after a month", "/steps/0/silence/after", '"after" must be at most 604800, not 2592000.', {
    steps: [ask("month", { silence: { after: 2_592_000 } })],
  }),
  error("a yes that is no truth", "/steps/0/returns", '"returns" must be true or false, not "yes".', {
    steps: [{ kind: "topic", id: "yes", topic: "other", returns: "yes" }],
  }),
  error("a misspelt type of answer", "/steps/0/answer/is", 'not "nmber". Did you mean "number"?', {
    steps: [ask("nmber", { answer: { is: "nmber" } })],
  }),
  error("a misspelt limit of an answer", "/steps/0/answer/minimun", 'Did you mean "minimum"?', {
    steps: [ask("minimun", { answer: { is: "number", minimun: 1 } })],
  }),
  error("a number that no answer can be", "/steps/0/answer/maximum", "no answer could fit", {
    steps: [ask("between", { answer: { is: "number", minimum: 5, maximum: 1 } })],
  }),
  error("a day that does not exist", "/steps/0/answer/earliest", '"earliest" is a day that does not exist.', {
    steps: [ask("leap", { answer: { is: "date", earliest: "2026-02-30" } })],
  }),
  error("dates the wrong way round", "/steps/0/answer/latest", 'is before "earliest"', {
    steps: [ask("dates", { answer: { is: "date", earliest: "2026-02-03", latest: "2026-02-01" } })],
  }),
  error("a method in small letters", "/steps/0/request/method", 'not "get". Did you mean "GET"?', {
    steps: [call("small", { method: "get" }, { failed: "first" })],
  }),
  error("a header with a space", "/steps/0/request/headers/a b", "must be the name of a header", {
    steps: [call("header", { headers: { "a b": "x" } }, { failed: "first" })],
  }),
  error("a path with brackets", "/steps/0/pick", "must be names and indexes joined by dots", {
    steps: [call("brackets", {}, { pick: "a[0]", failed: "first" })],
  }),
  error(
    "a variable in a set with a capital",
    "/steps/0/values/Name",
    '"Name" must be letters, digits and underscores, beginning with a lowercase letter',
    {
      steps: [set("capital", { Name: "x" })],
    },
  ),
];

const WAYS: readonly Broken[] = [
  error(
    "a misspelt target",
    "/steps/0/next",
    'there is no step "first-stp" in this topic. Did you mean "first-step"?',
    {
      steps: [say("goes", { next: "first-stp" }), say("first-step")],
    },
  ),
  error("an unknown target of an option", "/steps/0/options/0/next", 'no step "nowhere"', {
    steps: [choice("lost-option", [{ label: "Go", next: "nowhere" }])],
  }),
  error("an unknown target of a case", "/steps/0/cases/0/next", 'no step "nowhere"', {
    steps: [branch("lost-case", "text", "nowhere")],
  }),
  error("an unknown target of giving up", "/steps/0/silence/giveUp/next", 'no step "nowhere"', {
    steps: [ask("lost-silence", { silence: { after: 60, giveUp: { after: 60, next: "nowhere" } } })],
  }),
  error("an unknown target of a failure", "/steps/0/failed", 'no step "nowhere"', {
    steps: [call("lost-call", {}, { failed: "nowhere" })],
  }),
  error("a step behind an end", "/steps/1", 'Step "behind": no other step leads here.', {
    steps: [{ kind: "end", id: "over" }, say("behind")],
  }),
  error(
    "a step behind a choice whose every option goes elsewhere",
    "/steps/1",
    'Step "skipped": no other step leads here.',
    {
      steps: [choice("elsewhere", [{ label: "On", next: "on" }]), say("skipped"), say("on")],
    },
  ),
  error("a circle for ever", "/steps/0", 'repeats "round" and "about" forever', {
    steps: [say("round"), say("about", { next: "round" })],
  }),
  error("a circle of branches without a way out", "/steps/0", 'repeats "here" and "there" forever', {
    steps: [branch("here", "text", "there"), branch("there", "text", "here", { next: "here" })],
  }),
  warning("a circle that a case leaves", "/steps/0", 'may repeat "maybe" and "back"', {
    steps: [branch("maybe", "text", "out"), set("back", { count: "1" }, { next: "maybe" }), say("out")],
  }),
  warning("a request that is made again and again", "/steps/0", "Each round sends a request to your system", {
    steps: [call("again", {})],
  }),
  warning("a list that is asked for again and again", "/steps/0", 'may repeat "list"', {
    steps: [
      {
        kind: "choice",
        id: "list",
        text: "Which?",
        from: { request: { url: "https://crm.example.com/" }, label: "{{ item }}", failed: "list" },
      },
    ],
  }),
  warning("more messages than a turn has", "/steps/0", "from here on 12 messages may follow each other", {
    steps: Array.from({ length: 11 }, (_, index) => say(`many-${index}`)),
  }),
  warning("more steps than a turn has", "/steps/0", "from here on 102 steps may follow each other", {
    steps: Array.from({ length: 101 }, (_, index) => set(`set-${index}`, { x: "1" })),
  }),
  warning("a circle with a pause", "/steps/0", "texts the contact without end", {
    steps: [say("nag"), { kind: "wait", id: "later", seconds: 60, next: "nag" }],
  }),
];

const OPTIONS: readonly Broken[] = [
  error("a label twice", "/steps/0/options/1/label", 'option 1 has the label "red!" too', {
    steps: [choice("twice", ["Red", "red!"])],
  }),
  error("a label twice in one language", "/steps/0/options/1/label/es", 'option 1 has the label "Sí" too', {
    steps: [choice("si", [{ label: { en: "Yes", es: "Sí" } }, { label: { en: "Right", es: "Sí" } }])],
  }),
  error("a label that is another's number", "/steps/0/options/0/label", "which is the number of another option", {
    steps: [choice("two", ["2", "Three"])],
  }),
  warning("a carriers' word as a label", "/steps/0/options/0/label", "can be chosen only by its number", {
    steps: [choice("stops", ["Stop", "Go"])],
  }),
  warning("a value twice", "/steps/0/options/1/value", 'option 1 saves the value "x" too', {
    steps: [
      choice("values", [
        { label: "Left", value: "x" },
        { label: "Right", value: "X" },
      ]),
    ],
  }),
  warning("a value that is another's label", "/steps/0/options/1/value", "is the label of option 1", {
    steps: [choice("hides", ["Left", { label: "Right", value: "left" }])],
  }),
];

const LIQUID: readonly Broken[] = [
  error("an output that is not closed", "/steps/0/text", "at character 7: {{ must be closed by }}.", {
    steps: [say("open", { text: "Hello {{ name" })],
  }),
  error("an if that is not closed", "/steps/0/text", "{% if … %} must be closed by {% endif %}", {
    steps: [say("if", { text: "{% if text %}x" })],
  }),
  error("an endif without an if", "/steps/0/text", "{% endif %} has no opening tag", {
    steps: [say("endif", { text: "x{% endif %}" })],
  }),
  error(
    "a misspelt filter",
    "/steps/0/text",
    'line 2, character 1: there is no filter "upcas". Did you mean "upcase"?',
    {
      steps: [say("filter", { text: "Hello,\n{{ text | upcas }}" })],
    },
  ),
  error("a filter that we do not have", "/steps/0/text", 'there is no filter "shuffle"', {
    steps: [say("shuffle", { text: "{{ text | shuffle }}" })],
  }),
  error("a tag that reads other files", "/steps/0/text", 'there is no tag "include"', {
    steps: [say("include", { text: "{% include 'secrets' %}" })],
  }),
  error("an output of nothing", "/steps/0/text", "a value is missing", { steps: [say("nothing", { text: "{{ }}" })] }),
  error("a retry that does not parse", "/steps/0/retry", "not valid Liquid", {
    steps: [ask("retry", { retry: "{{" })],
  }),
  error("a reminder that does not parse", "/steps/0/silence/text", "not valid Liquid", {
    steps: [ask("reminder", { silence: { after: 60, text: "{{" } })],
  }),
  error("a value of a set that does not parse", "/steps/0/values/x", "not valid Liquid", {
    steps: [set("value", { x: "{% if %}" })],
  }),
  error("a body that does not parse", "/steps/0/request/body/a~1b/0", "not valid Liquid", {
    steps: [call("body", { body: { "a/b": ["{{"] } }, { failed: "first" })],
  }),
  error(
    "a condition in braces",
    "/steps/0/cases/0/when",
    "a condition must be written as in Liquid's if, without {% %} and {{ }}",
    {
      steps: [branch("braces", "{{ text }}", "out-1"), say("out-1")],
    },
  ),
  error("a condition that breaks out", "/steps/0/cases/0/when", "a condition must be written as in Liquid's if", {
    steps: [branch("breaks", "text %}y{% if text", "out-2"), say("out-2")],
  }),
  error("a condition with one =", "/steps/0/cases/0/when", "at character 6: compare values by ==", {
    steps: [branch("equals", 'text = "a"', "out-3"), say("out-3")],
  }),
  error("a condition of two values", "/steps/0/cases/0/when", '"text number" is not a valid condition', {
    steps: [branch("values-2", "text number", "out-4"), say("out-4")],
  }),
  error("a comparison with nothing", "/steps/0/cases/0/when", '"text ==" is not a valid condition', {
    steps: [branch("half-2", "text ==", "out-5"), say("out-5")],
  }),
  error("a text that can never be rendered", "/steps/0/text", "Invalid currency code : XX", {
    steps: [say("currency", { text: "{{ 5 | currency: 'XX' }}" })],
  }),
  error("a loop that is too long", "/steps/0/text", "the template produces too much text, or loops too often", {
    steps: [say("loop", { text: "{% for i in (1..1000000) %}x{% endfor %}" })],
  }),
  warning("a text that fails for some values", "/steps/0/text", "this may fail", {
    steps: [ask("price", { save: "price" }), say("euros", { text: "{{ price | currency: 'XX' }}" })].toReversed(),
  }),
  warning("a currency that the conversation decides", "/steps/0/text", "this may fail", {
    steps: [ask("code", { save: "code" }), say("any-currency", { text: "{{ 5 | currency: code }}" })].toReversed(),
  }),
  error("a text of spaces", "/steps/0/text", "this is always an empty text", {
    steps: [say("spaces", { text: "  " })],
  }),
  error("a text of a remark only", "/steps/0/text", "this is always an empty text", {
    steps: [say("remark", { text: "{% comment %}hi{% endcomment %}" })],
  }),
  warning(
    "a misspelt variable",
    "/steps/1/text",
    'no step sets the variable "frist_name". Did you mean "first_name"?',
    {
      steps: [ask("name", { save: "first_name" }), say("hello", { text: "Hello {{ frist_name }}" })],
    },
  ),
  warning("an unknown variable in a condition", "/steps/0/cases/0/when", 'no step sets the variable "vehicle"', {
    steps: [branch("vehicle", 'vehicle == "boat"', "out-6"), say("out-6")],
  }),
  warning("an item where there is no list", "/steps/0/text", 'no step sets the variable "item"', {
    steps: [say("item", { text: "{{ item }}" })],
  }),
];

const TEXTS: readonly Broken[] = [
  warning(
    "one quote that doubles the price",
    "/steps/0/text",
    "2 segments instead of 1, and each costs money. Replace ’ (U+2019) by ', or switch on the application's",
    {
      steps: [say("quote", { text: `It’s ${"x".repeat(80)}` })],
    },
  ),
  warning("letters that double the price", "/steps/0/text", "Replace á (U+00E1) by a; replace í (U+00ED) by i.", {
    steps: [say("letters", { text: `á í ${"x".repeat(80)}` })],
  }),
  warning("a space that nobody sees", "/steps/0/text", "Replace U+00A0 by a space, or switch on", {
    steps: [say("space", { text: `a\u00a0b ${"x".repeat(80)}` })],
  }),
  warning("an emoji that doubles the price", "/steps/0/text", "Remove 🎉 (U+1F389).", {
    steps: [say("emoji", { text: `🎉 ${"x".repeat(80)}` })],
  }),
  warning("a quote in an option that doubles the price of all", "/steps/0/text", "Replace ’ (U+2019)", {
    steps: [choice("menu", ["Today’s special", "x".repeat(60)])],
  }),
  warning("a quote beside Liquid", "/steps/0/text", "at least 2 segments instead of 1", {
    steps: [say("beside", { text: `It’s {{ text }} ${"x".repeat(80)}` })],
  }),
  warning("a text that is cut", "/steps/0/text", "has 1601 characters, so it is split", {
    steps: [say("cut", { text: "x".repeat(1_601) })],
  }),
  warning("a text of many segments", "/steps/0/text", "takes 12 segments", {
    steps: [say("dear", { text: "नमस्ते ".repeat(110) })],
  }),
  error("a language that is none", "/steps/0/text/xq", 'there is no language "xq"', {
    steps: [say("tongue", { text: { en: "Hello", es: "Hola", xq: "?" } })],
  }),
  error("a language by its name", "/steps/0/text/spanish", '"spanish" must be a language such as en or pt-BR', {
    steps: [say("name-of", { text: { en: "Hello", es: "Hola", spanish: "?" } })],
  }),
  error("a text in no language", "/steps/0/text", "must have a text in at least one language", {
    steps: [say("nobody", { text: {} })],
  }),
  warning("a language that one text lacks", "/steps/1/text", 'other texts of this topic are also in "es"', {
    steps: [say("both", { text: { en: "Hello", es: "Hola" } }), say("english", { text: { en: "Bye" } })],
  }),
];

const ADDRESSES: readonly Broken[] = [
  error("a picture that is not https", "/steps/0/image", "is not an address that begins with https://", {
    steps: [say("picture", { image: "http://example.com/a.png" })],
  }),
  error("a link that is none", "/steps/0/link/url", '"example.com" is not an address', {
    steps: [say("linked", { link: { url: "example.com" } })],
  }),
  error("a link that begins wrongly", "/steps/0/link/url", "is not an address that begins with https://", {
    steps: [say("begins", { link: { url: "http://example.com/{{ text }}" } })],
  }),
  warning(
    "a request that is not https",
    "/steps/0/request/url",
    '"allowedHosts" names its host: it does not begin with https://',
    {
      steps: [call("http", { url: "http://crm.example.com/" }, { failed: "first" })],
    },
  ),
  warning("a request to a private host", "/steps/0/request/url", "its host is not public", {
    steps: [call("private", { url: "https://10.0.0.1/" }, { failed: "first" })],
  }),
  error("a request with a password", "/steps/0/request/url", "it contains a user name or a password", {
    steps: [call("password", { url: "https://a:b@crm.example.com/" }, { failed: "first" })],
  }),
  error("a request to no address", "/steps/0/request/url", '"orders" is not an address', {
    steps: [call("orders", { url: "orders" }, { failed: "first" })],
  }),
];

export const BROKEN: readonly Broken[] = [...HEAD, ...SHAPES, ...WAYS, ...OPTIONS, ...LIQUID, ...TEXTS, ...ADDRESSES];
