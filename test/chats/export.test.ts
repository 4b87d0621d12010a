import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { writeChat } from "../../src/chats/entry-writer.ts";
import { exportChat } from "../../src/chats/export.ts";
import { maskChat } from "../../src/chats/mask-chat.ts";
import type { RequestOutcome } from "../../src/contract/assistant.ts";
import { answeringWith, playChat, topic } from "../support/chat.ts";
import { PARCELS } from "../support/parcels.ts";
import { Life } from "../support/recorded.ts";

const application = answeringWith(PARCELS, { messages: { sessionEnded: true, notUnderstood: "What?" } });
const BEGIN = Date.UTC(2026, 2, 2, 17, 59, 7, 650);

type Deed =
  | { readonly kind: "text"; readonly text: string; readonly media: readonly string[] }
  | { readonly kind: "pass"; readonly milliseconds: number; readonly late: number }
  | { readonly kind: "answer"; readonly outcome: RequestOutcome }
  | { readonly kind: "notice"; readonly text: string; readonly topic: string | null };

const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({
    kind: fc.constant("text" as const),
    text: fc.oneof(
      fc.constantFrom("parcel", "call", "7", "yes", "no", "STOP", "START", "menu", "exit", "two\n\n lines "),
      fc.string(),
    ),
    media: fc.constantFrom([], [], ["image/png"], ["image/jpeg", "video/mp4"]),
  }),
  fc.record({
    kind: fc.constant("pass" as const),
    milliseconds: fc.oneof(
      fc.integer({ min: 0, max: 4_000 }),
      fc.integer({ min: 0, max: 130_000 }),
      fc.constant(3_700_000),
    ),
    late: fc.integer({ min: 0, max: 900 }),
  }),
  fc.record({
    kind: fc.constant("notice" as const),
    text: fc.oneof(fc.constantFrom("Your parcel is here.", "two\n\n lines"), fc.string()),
    topic: fc.constantFrom(null, null, "parcel", "call-back"),
  }),
  fc.record({
    kind: fc.constant("answer" as const),
    outcome: fc.constantFrom<RequestOutcome[]>(
      { kind: "answered", status: 200, json: { name: "Depot", status: "late" } },
      { kind: "answered", status: 500, json: null },
      { kind: "failed", reason: "no answer within 10 s" },
    ),
  }),
);

/** No text comes within this time of an alarm: an export does not record the order within a second. */
const CLOSE_MILLISECONDS = 2_000;

function live(life: Life, deeds: readonly Deed[]): void {
  for (const each of deeds) {
    if (each.kind === "pass") life.pass(each.milliseconds, each.late);
    else {
      while (Math.abs(life.untilDue ?? Infinity) < CLOSE_MILLISECONDS) life.pass(CLOSE_MILLISECONDS, 0);
      if (each.kind === "answer") life.answer(each.outcome);
      else if (each.kind === "notice") life.notice(each.text, each.topic);
      else
        life.text(each.text, {
          media: each.media.map((contentType) => ({ url: "https://api.twilio.com/m", contentType })),
        });
    }
  }
}

describe("an exported conversation", () => {
  it("plays without a difference, for any events", () => {
    fc.assert(
      fc.property(fc.array(deed, { minLength: 1, maxLength: 25 }), (deeds) => {
        const life = new Life(application, BEGIN);
        live(life, deeds);
        for (let id = 1; ; id += 1) {
          const recording = life.recording(String(id));
          if (recording === null && id > deeds.length) return;
          if (recording === null) continue;
          const written = writeChat(exportChat(recording));
          expect(playChat(written, application)).toBe(written);
        }
      }),
      { numRuns: Number(process.env["CHATS_RUNS"] ?? 500) },
    );
  });

  it("keeps the order of waits, reminders, requests and pictures", () => {
    const life = new Life(application, BEGIN);
    life.text("parcel");
    life.pass(75_300, 450);
    life.text("7", { media: [{ url: "https://api.twilio.com/m", contentType: "image/png" }] });
    life.pass(2_100, 0);
    life.text("hello?");
    life.pass(200, 0);
    life.answer({ kind: "answered", status: 200, json: { name: "Depot", status: "late" } });
    life.text("INFO", { optOut: "help" });
    life.text("STOP");
    expect(writeChat(exportChat(life.recording() ?? fail()))).toBe(`from +12025550140
to +12025550100
at 2026-03-02 17:59:07 Etc/UTC
> parcel
< Which number?
wait 1m
< Still there?
wait 15s
> [image/png] 7
< One moment.
? GET https://api.example.com/parcels/7
wait 2s
> hello?
(no more texts)
= 200 {"name":"Depot","status":"late"}
< Parcel 7 for Depot is late.
< Another?
< Please answer yes or no.
> [carrier help] INFO
(no more texts)
> STOP
(no more texts)
`);
  });

  it("contains the notices in it, and the one that began it", () => {
    const life = new Life(application, BEGIN);
    life.text("parcel");
    life.notice("We close at six.", null);
    life.notice("Call us?", "call-back");
    life.text("exit");
    const [first, second] = ["1", "4"].map((id) => writeChat(exportChat(life.recording(id) ?? fail())));
    expect(first).toContain("! We close at six.\n< You have a new notification.");
    expect(second).toContain("! [topic call-back] Call us?\n< Call us?\n< Your name?\n");
    for (const written of [first, second]) expect(playChat(written ?? "", application)).toBe(written);
  });

  it("begins with STOP if the contact had opted out before", () => {
    const life = new Life(application, BEGIN);
    life.text("STOP");
    life.text("parcel");
    life.text("yes");
    const [silent, back] = ["2", "3"].map((id) => writeChat(exportChat(life.recording(id) ?? fail())));
    expect(silent).toContain(
      "# The contact had opted out before.\n> STOP\n(no more texts)\n> parcel\n(no more texts)\n",
    );
    expect(back).toContain("> STOP\n(no more texts)\n> yes\n(no more texts)\n");
    for (const written of [silent, back]) expect(playChat(written ?? "", application)).toBe(written);
  });

  it("marks requests that are too long to be stored, or not answered yet", () => {
    const life = new Life(application, BEGIN);
    life.text("parcel");
    life.text("7");
    expect(writeChat(exportChat(life.recording() ?? fail()))).toMatch(/> 7\n< One moment\.\n\? GET \S+\n$/u);
    life.answer({ kind: "answered", status: 200, json: { name: "x".repeat(5_000) } });
    expect(writeChat(exportChat(life.recording() ?? fail()))).toMatch(
      /< One moment\.\n\? GET \S+\n# Omitted: [^\n]* 4000 [^\n]*\n< Parcel/u,
    );
  });

  it("is the latest, the requested one, or none", () => {
    const life = new Life(application, BEGIN);
    life.text("call");
    life.text("exit");
    life.text("parcel");
    expect(life.recording()?.turns.map(({ id }) => id)).toEqual([3]);
    expect(life.recording("1")?.turns.map(({ id }) => id)).toEqual([1, 2]);
    for (const id of ["2", "4", "0", "x"]) expect(life.recording(id)).toBeNull();
  });
});

describe("a masked conversation", () => {
  it("keeps only the words that it needs to continue as it did", () => {
    const life = new Life(application, BEGIN);
    life.text("I have lost my parcel near Bridge Street", { from: "+12025550187" });
    life.text("reference 4711-AB, on the name of Orchard Reader");
    life.answer({
      kind: "answered",
      status: 200,
      json: { name: "Orchard Reader", status: "late", id: 4711, open: true },
    });
    life.text("nope 👍🏽");
    life.text("no thanks");
    life.text("Orchard Reader Élise");
    life.pass(6_000, 100);
    const masked = writeChat(maskChat(exportChat(life.recording() ?? fail()), () => application));
    expect(masked).toBe(`from +12025550140
to +12025550100
at 2026-03-02 17:59:07 Etc/UTC
> X xxxx xxxx xx parcel xxxx Xxxxxx Xxxxxx
< Which number?
> xxxxxxxxx 0000-XX, xx xxx xxxx xx Xxxxxxx Xxxxxx
< One moment.
? GET https://api.example.com/parcels/xxxxxxxxx%200000-XX%2C%20xx%20xxx%20xxxx%20xx%20Xxxxxxx%20Xxxxxx
= 200 {"name":"Xxxxxxx Xxxxxx","status":"xxxx","id":0,"open":true}
< Parcel xxxxxxxxx 0000-XX, xx xxx xxxx xx Xxxxxxx Xxxxxx for Xxxxxxx Xxxxxx is xxxx.
< Another?
> xxxx 👍🏽
< Please answer yes or no.
> no thanks
< Your name?
> Xxxxxxx Xxxxxx Xxxxx
(no more texts)
wait 5s
< We call +12025550140, XXXXXXX X....
`);
    expect(playChat(masked, application)).toBe(masked);
  });

  it("plays without a difference and holds no number or address, for any events", () => {
    const secret = fc.stringMatching(/^[a-w]{3,8}@[a-w]{3,8}\.org$|^\+1202555\d{4}$|^[1-9]\d{3}-[1-9]\d$/u);
    const said = fc.tuple(secret, fc.constantFrom("parcel", "call", "yes", "no", "it is"), fc.boolean());
    fc.assert(
      fc.property(fc.array(fc.tuple(said, deed), { minLength: 1, maxLength: 12 }), (pairs) => {
        const life = new Life(application, BEGIN);
        const secrets = pairs.map(([[what]]) => what);
        for (const [[what, word, isFirst], each] of pairs) {
          live(life, [{ kind: "text", text: isFirst ? `${what} ${word}` : `${word} ${what}`, media: [] }, each]);
        }
        const masked = writeChat(maskChat(exportChat(life.recording() ?? fail()), () => application));
        expect(playChat(masked, application)).toBe(masked);
        const body = masked.split("\n").slice(3).join("\n");
        for (const what of secrets) expect(body.replaceAll("+12025550140", "")).not.toContain(what);
      }),
      { numRuns: Number(process.env["CHATS_RUNS"] ?? 200) },
    );
  });

  it("never keeps a number or an address, even if the conversation needs one", () => {
    const contact = topic("contact", {
      keywords: ["contact"],
      steps: [
        { kind: "ask", id: "phone", text: "Phone?", save: "phone", answer: { is: "phone" }, retry: "No phone." },
        { kind: "ask", id: "email", text: "E-mail?", save: "email", answer: { is: "email" }, retry: "No e-mail." },
        { kind: "end", id: "done", text: "{{ phone }} {{ email }}" },
      ],
    });
    const asking = answeringWith([contact]);
    const life = new Life(asking, BEGIN);
    for (const text of ["contact", "+1 202 555 0187", "20 25 55 01 87", "it is +12025550187", "reader@orchard.example"])
      life.text(text);
    const masked = writeChat(maskChat(exportChat(life.recording() ?? fail()), () => asking));
    expect(masked).not.toMatch(/01.?87|orchard/u);
    expect(masked).toContain("> +0 000 000 0000\n< No phone.\n# The real conversation continued differently here");
    expect(playChat(masked, asking)).toBe(masked);
  });

  it("marks the place from which it continues differently", () => {
    const life = new Life(application, BEGIN);
    life.text("parcel");
    life.text("7");
    life.answer({ kind: "answered", status: 200, json: { name: "Depot", status: "late" } });
    const changed = answeringWith([], { messages: { notUnderstood: "What?" } });
    const masked = writeChat(maskChat(exportChat(life.recording() ?? fail()), () => changed));
    expect(masked).toMatch(/> xxxxxx\n< What\?\n# The real conversation continued differently here/u);
  });
});

function fail(): never {
  throw new Error("there is no such conversation");
}
