import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { getField, parseForm } from "../../src/twilio/form.ts";
import { parseInboundText } from "../../src/twilio/inbound-text.ts";
import {
  type DeliveryStatus,
  formatPartId,
  isLaterStatus,
  parsePartId,
  parseStatusReport,
  toDeliveryStatus,
} from "../../src/twilio/status-callback.ts";

const SID = `SM${"0123456789abcdef".repeat(2)}`;
const ACCOUNT = `AC${"f".repeat(32)}`;

const INBOUND = {
  MessageSid: SID,
  AccountSid: ACCOUNT,
  From: "+12025550140",
  To: "+12025550100",
  Body: "Hello",
  NumMedia: "0",
  NumSegments: "1",
};

function form(fields: Readonly<Record<string, string>>) {
  return parseForm(new URLSearchParams(fields).toString());
}

describe("parseForm", () => {
  it("keeps every value of a repeated key, and the first one is the field", () => {
    const parsed = parseForm("a=2&b=&a=1&a=2&%61=3");
    expect(parsed.get("a")).toEqual(["2", "1", "2", "3"]);
    expect(getField(parsed, "a")).toBe("2");
    expect(getField(parsed, "b")).toBe("");
    expect(getField(parsed, "absent")).toBe("");
  });

  it("brings any text through", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(getField(form({ Body: text }), "Body")).toBe(text.toWellFormed());
      }),
    );
  });

  it("reads whatever comes as the platform's own URLSearchParams does", () => {
    const piece = fc.constantFrom(
      "&",
      "=",
      "+",
      "%",
      "%2",
      "%41",
      "%C3%A9",
      "%C3",
      "%FF",
      "%EF%BB%BF",
      "%00",
      "a",
      "é",
      "😀",
      "#",
    );
    fc.assert(
      fc.property(
        fc.array(piece).map((pieces) => pieces.join("")),
        (body) => {
          const theirs = [...new URLSearchParams(body)];
          const names = new Set(theirs.map(([name]) => name));
          const expected = [...names].map((name) => [
            name,
            theirs.filter(([each]) => each === name).map(([, value]) => value),
          ]);
          expect([...parseForm(body)]).toEqual(expected);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe("parseInbound", () => {
  it("reads a text and ignores unknown parameters", () => {
    const parsed = parseInboundText(form({ ...INBOUND, FromCity: "Albany", ButtonPayload: "x" }));
    expect(parsed).toEqual({
      ok: true,
      value: {
        sid: SID,
        accountSid: ACCOUNT,
        from: "+12025550140",
        to: "+12025550100",
        text: "Hello",
        media: [],
        segments: 1,
        optOut: null,
      },
    });
  });

  it("accepts a picture without a text", () => {
    const picture = { Body: "", NumMedia: "1", MediaUrl0: "https://api.twilio.com/m", MediaContentType0: "image/png" };
    const parsed = parseInboundText(form({ ...INBOUND, ...picture, MessageSid: SID.replace("SM", "MM") }));
    expect(parsed.ok && parsed.value).toMatchObject({
      text: "",
      media: [{ url: "https://api.twilio.com/m", contentType: "image/png" }],
    });
  });

  it.each([
    ["STOP", "stop"],
    ["start", "start"],
    ["HELP", "help"],
    ["", null],
    ["OTHER", null],
  ])("reads OptOutType %j as %j", (written, optOut) => {
    const parsed = parseInboundText(form({ ...INBOUND, OptOutType: written }));
    expect(parsed.ok && parsed.value.optOut).toBe(optOut);
  });

  it.each([
    ["MessageSid", ""],
    ["MessageSid", "SM123"],
    ["AccountSid", "AC"],
    ["From", ""],
    ["From", "whatsapp:+12025550140"],
    ["To", "nobody"],
    ["NumMedia", "-1"],
    ["NumMedia", "11"],
    ["NumMedia", "1e3"],
    ["NumSegments", "one"],
  ])("names %s when it is %j", (name, value) => {
    const parsed = parseInboundText(form({ ...INBOUND, [name]: value }));
    expect(parsed.ok).toBe(false);
    expect(!parsed.ok && parsed.failure.map(({ pointer }) => pointer)).toContain(name);
  });

  it("names each media URL that NumMedia promises and the form does not hold", () => {
    const parsed = parseInboundText(
      form({ ...INBOUND, NumMedia: "2", MediaUrl0: "https://api.twilio.com/m", MediaUrl1: "file:///etc" }),
    );
    expect(!parsed.ok && parsed.failure.map(({ pointer }) => pointer)).toEqual(["MediaUrl1"]);
  });
});

describe("parseStatus", () => {
  const STATUS = {
    MessageSid: SID,
    AccountSid: ACCOUNT,
    From: "+12025550100",
    To: "+12025550140",
    MessageStatus: "delivered",
  };

  it("reads a report with its error, if any", () => {
    expect(parseStatusReport(form({ ...STATUS, MessageStatus: "undelivered", ErrorCode: "30003" }), "12.1")).toEqual({
      ok: true,
      value: {
        sid: SID,
        accountSid: ACCOUNT,
        sender: "+12025550140",
        part: { turn: 12, index: 1 },
        progress: "undelivered",
        errorCode: 30003,
      },
    });
  });

  it("ignores a status that no part can have", () => {
    expect(parseStatusReport(form({ ...STATUS, MessageStatus: "receiving" }), "1.0")).toEqual({
      ok: true,
      value: null,
    });
  });

  it.each(["", "12", "12.", "x.0", "1.0.0", "-1.0"])("refuses the part %j", (part) => {
    const parsed = parseStatusReport(form(STATUS), part);
    expect(!parsed.ok && parsed.failure.map(({ pointer }) => pointer)).toEqual(["part"]);
  });

  it("reads back the ids that it writes", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat({ max: 999 }), (turn, index) => {
        expect(parsePartId(formatPartId({ turn, index }))).toEqual({ turn, index });
      }),
    );
  });
});

describe("a status", () => {
  const progress = fc.constantFrom<DeliveryStatus>("queued", "sent", "delivered", "undelivered", "failed");

  it("ends at the same final state, whatever comes after the first final one", () => {
    fc.assert(
      fc.property(fc.array(progress, { minLength: 1 }), (reports) => {
        const end = reports.reduce((current, next) => (isLaterStatus(current, next) ? next : current));
        const final = reports.find((each) => ["delivered", "undelivered", "failed"].includes(each));
        expect(end).toBe(final ?? (reports.includes("sent") ? "sent" : "queued"));
      }),
    );
  });

  it.each([
    ["accepted", "queued"],
    ["sending", "queued"],
    ["SENT", "sent"],
    ["read", "delivered"],
    ["canceled", "failed"],
    ["received", null],
  ])("of Twilio's, %s, means %s", (theirs, ours) => {
    expect(toDeliveryStatus(theirs)).toBe(ours);
  });
});
