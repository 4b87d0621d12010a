import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isAnsweredUpstream, isCarrierKeyword, type OptOutHandler } from "../../src/consent/carrier-keywords.ts";
import { parseConsentIntent } from "../../src/consent/consent-intent.ts";
import { PHRASE_SETS } from "../../src/consent/words/catalog.ts";
import { OPT_OUT_CHARACTERS } from "../../src/core/limits/consent.ts";
import { LANGUAGES } from "../../src/languages/catalog.ts";

const RUNS = Number(process.env["CONSENT_RUNS"] ?? 300);

describe("STOP", () => {
  it.each([
    "STOP",
    " stop ",
    "Stop.",
    "'stop'",
    "«Stop»",
    "STOP!!!",
    "🛑 stop 🛑",
    "stop\n",
    "Stopp",
    "sttoopp",
    "S T O P",
    "s.t.o.p.",
    "ＳＴＯＰ",
    "stop stop STOP",
    "Unsubscribe!",
    "(cancel)",
    "END.",
    "opt-out",
  ])("is %j", (text) => {
    expect(parseConsentIntent(text, false)).toBe("stop");
  });

  it.each([
    ["with a threat after it", "Stop texting me or I will report you to the FCC, my lawyer and the mayor"],
    ["with a reason after it", "please remove me from your list because I moved to Ohio"],
    ["with a story before it", "My name is not Dave. I have never lived in Boston. Stop texting me!"],
    ["among accompanying phrases without punctuation", "wrong number i never signed up not interested stop"],
    ["in two lines", "wrong number\nstop"],
    ["in capitals with accents", "NE M'ÉCRIVEZ PLUS"],
    ["with umlauts spelt out", "Bitte loeschen Sie meine Nummer"],
    ["with a dotted I", "LÜTFEN MESAJ GÖNDERMEYİN"],
  ])("%s", (_, text) => {
    expect(parseConsentIntent(text, false)).toBe("stop");
  });

  it.each([
    "",
    "?",
    "🛑",
    "stop the delivery on Monday",
    "end of the month",
    "no more onions please",
    "remove the olives",
    "I want to quit smoking",
    "cancel my order",
    "cancel please",
    "don't stop texting me",
    "Stop, I want pepperoni",
    "stop sending me the wrong size",
    "my ex should stop texting me",
    "can I stop now and pay later",
    "remove me from your list and put me on the one for Friday",
    `stop texting me ${"and ".repeat(OPT_OUT_CHARACTERS)}`,
  ])("is not %j", (text) => {
    expect(parseConsentIntent(text, false)).not.toBe("stop");
  });
});

describe("START", () => {
  it.each(["unstop please", "sign me up again", "resume messages", "Subscribe me", "Quiero recibir mensajes de nuevo"])(
    "is %j for whom has opted out, and nothing for others",
    (text) => {
      expect([parseConsentIntent(text, true), parseConsentIntent(text, false)]).toEqual(["start", null]);
    },
  );

  it("is no ordinary text of a contact that has opted out", () => {
    for (const text of ["hello?", "I want pizza", "why don't you answer", "no", "start the car"])
      expect(parseConsentIntent(text, true)).toBeNull();
  });
});

describe("HELP", () => {
  it.each(["help", "HELP!", "Ayuda", "Hilfe", "aide", "मदद", "yardım"])("is %j", (text) => {
    expect(parseConsentIntent(text, false)).toBe("help");
  });

  it.each([
    "How do I unsubscribe?",
    "how can I stop these messages",
    "¿Cómo me doy de baja?",
    "Wie kann ich mich abmelden?",
  ])("is requested by %j, which does not opt out", (text) => {
    expect(parseConsentIntent(text, false)).toBe("how");
  });
});

describe("the phrases of a language", () => {
  it.each(PHRASE_SETS)("$code: no word of a topic expresses consent", ({ code }) => {
    const language = Object.values(LANGUAGES).find((each) => each.code === code);
    const { yes, no, commands } = language?.words ?? { yes: [], no: [], commands: {} };
    const words = [...yes, ...no, ...Object.values(commands).flat()].filter((word) => !isCarrierKeyword(word));
    expect(words.filter((word) => parseConsentIntent(word, false) === "stop")).toEqual([]);
  });

  it("are recognised in any case, with any punctuation", () => {
    const texts = ["please stop texting me", "no quiero más mensajes", "ne m'envoyez plus de sms", "मुझे मैसेज मत भेजो"];
    const signs = fc.constantFrom("", "!", "...", " 🙏", '"', "?!");
    fc.assert(
      fc.property(fc.constantFrom(...texts), signs, signs, fc.boolean(), (text, before, after, upper) => {
        const said = before + (upper ? text.toUpperCase() : text) + after;
        expect(parseConsentIntent(said, false)).toBe("stop");
      }),
      { numRuns: RUNS },
    );
  });

  it("never take long to match, whatever the text", () => {
    const words = PHRASE_SETS.flatMap(({ small, whole, beside }) => [...small, ...whole, ...beside])
      .join(" ")
      .replace(/[[\]/<>_]/gu, " ")
      .split(/\s+/u);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { minLength: 20, maxLength: 60 }), (made) => {
        const since = performance.now();
        parseConsentIntent(made.join(" ").slice(0, OPT_OUT_CHARACTERS), true);
        expect(performance.now() - since).toBeLessThan(250);
      }),
      { numRuns: RUNS },
    );
  });
});

describe("who answers", () => {
  it.each([
    // text, handler, blocked → has Twilio or the network answered it?
    ["STOP", "twilio", false, true],
    ["quit", "twilio", false, true],
    ["Stop.", "twilio", false, false],
    ["please stop", "twilio", false, false],
    ["START", "twilio", false, true],
    ["yes", "twilio", true, true],
    ["yes", "twilio", false, false],
    ["STOP", "network", false, true],
    ["unsubscribe", "network", false, false],
    ["start", "network", true, true],
    ["start", "network", false, false],
    ["STOP", "parley", false, false],
    ["START", "parley", true, false],
  ] as const satisfies readonly (readonly [string, OptOutHandler, boolean, boolean])[])(
    "%j on a number of %s, blocked %j: somebody else %j",
    (text, guard, blocked, answered) => {
      expect(isAnsweredUpstream(text, guard, blocked)).toBe(answered);
    },
  );
});
