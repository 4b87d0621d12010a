import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type Fixture, readFixture } from "../support/stored.ts";
import { compareKeys, keysIn, NO_DIFFERENCE } from "../support/stored-keys.ts";
import { BOT, SHOP, StoredSender } from "../support/stored-sender.ts";
import { CODE, modelSays, PAGE, playAnew, SCENARIOS, type ScenarioName } from "./stored/scenarios.ts";
import { CUSTOMER } from "./stored/surroundings.ts";

const FOLDER = path.join(import.meta.dirname, "stored");

/** Paths that later releases have added on purpose; see stored/README.md. */
const ADDED: readonly string[] = [];
const ADDED_KEYS = Object.fromEntries(ADDED.map((added) => [added.split(/[.=]/u).at(-1), null]));

function fixtureOf(name: ScenarioName): Fixture {
  return readFixture(FOLDER, name, () => playAnew(name).record(SCENARIOS[name].about));
}

/** Loads the sender of a fixture. */
function load(name: ScenarioName): StoredSender {
  return new StoredSender(SCENARIOS[name].surroundings, fixtureOf(name));
}

describe.each(Object.keys(SCENARIOS) as ScenarioName[])("%s", (name) => {
  it("is stored by this release under the keys of the release that has recorded it", () => {
    const anew = playAnew(name);
    expect(compareKeys(fixtureOf(name).rows, anew.rows(), ADDED)).toEqual(NO_DIFFERENCE);
    expect(anew.record("").tables).toEqual(fixtureOf(name).tables);
  });

  it("is the same when it is loaded and saved again", () => {
    expect(load(name).saveAgain().rows()).toEqual(fixtureOf(name).rows);
  });
});

describe("what was stored goes on:", () => {
  const played: StoredSender[] = [];

  /** As `load`; afterwards all stored keys must be known from a fixture. */
  function goOn(name: ScenarioName): StoredSender {
    const sender = load(name);
    played.push(sender);
    return sender;
  }

  afterAll(() => {
    const names = Object.keys(SCENARIOS) as ScenarioName[];
    const known = keysIn([ADDED_KEYS, ...names.map((name) => fixtureOf(name).rows)]);
    const stored = keysIn(played.map((sender) => sender.rows()));
    expect([...stored].filter((key) => !known.has(key))).toEqual([]);
  });

  describe("a conversation that waits for", () => {
    it("a text gets it", () => {
      const sender = goOn("wait-text").text("Blue").text("Lisbon");
      expect([sender.said(2), sender.said(3)]).toEqual([["Hello Blue. Where are you?"], ["Blue of Lisbon, welcome."]]);
      expect(sender.turn(3).conversation).toBe("1");
    });

    it("a text hears of silence after ten minutes, and no sooner", () => {
      const sender = goOn("wait-text").pass(599);
      expect(sender.said(1)).toEqual(["Which name?"]);
      expect(sender.pass(1).said(1)).toEqual(["Which name?", "Still there?"]);
    });

    it("a text, and has said so already, ends when it is idle", () => {
      const sender = goOn("wait-text-reminded").pass(3_000);
      expect(sender.said(1)).toEqual([
        "Which name?",
        "Still there?",
        "This conversation has ended. Text us again anytime.",
      ]);
      expect(sender.waitsFor).toBe("closed");
    });

    it("a request says that it takes a moment, gets its answer, and then what waited has its turn", () => {
      const sender = goOn("wait-request").pass(12);
      expect(sender.said(2)).toEqual([]);
      expect(sender.pass(1).said(2)).toEqual(["One moment, please."]);
      expect(sender.pass(60).said(2)).toEqual(["One moment, please."]);
      sender.answer({ status: "on its way" });
      expect(sender.said(2)).toEqual(["One moment, please.", "It is on its way."]);
      expect(sender.said(3)).toEqual(["Sorry, I didn't understand that."]);
      expect(sender.said(4)[0]).toMatch(/^You have a new notification.*\nYour parcel 7001 is here\.$/u);
      expect(sender.noticeReport("NOaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa02")).toEqual({
        outcome: "queued",
        until: 1_772_643_600_000,
      });
      sender.pass(3_600);
      expect(sender.said(5)).toEqual(["Your parcel 7001 is here.", "Which name?"]);
    });

    it("a request remembers what it was, and that its end is not known", () => {
      const sender = goOn("wait-request");
      const { exchanges = [] } = sender.turn(2);
      expect(exchanges.map(({ request, end }) => [request?.url, end])).toEqual([
        ["https://crm.example.com/parcels", null],
      ]);
      sender.answer({ status: "here" });
      expect(sender.turn(2).exchanges?.map(({ end }) => end?.outcome)).toEqual([
        { kind: "answered", status: 200, json: { status: "here" } },
      ]);
    });

    it("a request counts the messages that were spent", () => {
      const sender = goOn("wait-request-spent");
      const { conversation } = sender.line;
      expect(conversation.status === "open" ? conversation.spent : null).toBe(1);
      sender.answer(modelSays("One. ".repeat(5_000)));
      expect(sender.said(3)).toHaveLength(2);
    });

    it("a request answers the texts that came meanwhile together", () => {
      const sender = goOn("wait-request-join").answer({ count: 5 });
      expect([1, 2, 3].map((id) => sender.said(id))).toEqual([
        ["There are 5. How many?"],
        [],
        ["You want two\nor three."],
      ]);
    });

    it("a callback gets it, and the text that waited is asked for", () => {
      const sender = goOn("wait-callback").answer({ answers: ["Hello.", "How are you?"] });
      expect(sender.said(1)).toEqual(["Hello.", "How are you?"]);
      expect(sender.waitsFor).toBe("request");
      expect(sender.answer({ answers: ["Here."] }).said(2)).toEqual(["Here."]);
    });

    it("a callback that never comes fails", () => {
      const sender = goOn("wait-callback").pass(120);
      expect(sender.said(1).at(-1)).toBe("We're sorry, but we can't respond to your message.");
    });

    it("a file gets it once it is kept", () => {
      const sender = goOn("wait-file");
      sender.copy(2, 0, { kind: "kept", key: "aa/SM2/0", contentType: "image/jpeg", size: 1_234 });
      expect(sender.said(2)).toEqual(["Thanks: https://parley.example/m/0"]);
      expect(sender.copiesDueAt).toBeGreaterThan(sender.now);
    });

    it("a file goes on without it after half a minute", () => {
      const sender = goOn("wait-file").pass(15).pass(15);
      expect(sender.said(2)).toEqual(["One moment, please.", "Thanks: https://parley.example/m/0"]);
    });

    it("the end of a pause goes on, and answers what waited", () => {
      const sender = goOn("wait-pause").pass(3_599);
      expect([sender.said(1), sender.said(2)]).toEqual([["In an hour.", "One moment, please."], []]);
      sender.pass(1);
      expect([sender.said(1).at(-1), sender.said(2)]).toEqual([
        "The hour is over.",
        ["Sorry, I didn't understand that."],
      ]);
    });

    it("nothing more, since what waited was answered", () => {
      const sender = goOn("waited").text("Blue");
      expect(sender.said(4)).toEqual(["Hello Blue. Where are you?"]);
      const turn = sender.turn(3);
      expect(turn.kind === "heard" ? turn.waitedUntil : null).toBe(1_772_470_802_000);
    });
  });

  describe("a contact in an identity check", () => {
    const WELCOME = ["You are signed in, Customer Seven.", "Account of Lisbon. What next?"];
    const typed = { pin: "9047110815", code: "123456" };

    it("is looked up", () => {
      const sender = goOn("link-looking").found({ kind: "found", person: CUSTOMER.id, page: null });
      expect(sender.said(1)).toEqual(["To sign in, please send your PIN, or EXIT to cancel."]);
    });

    it("gives a PIN, which is masked", () => {
      const sender = goOn("link-pin").text(typed.pin, { guess: "sealed" }).found({ kind: "wrong" });
      expect(sender.said(3)).toEqual(["That wasn't right. Please try again, or send EXIT to cancel."]);
      expect(JSON.stringify(sender.rows())).not.toContain(typed.pin);
    });

    it("strays once too often", () => {
      const sender = goOn("link-pin");
      for (let time = 0; time < 5 && sender.waitsFor === "link"; time += 1) sender.text("my cat");
      expect(sender.said(sender.state.nextTurn - 1)).toEqual([
        "We couldn't sign you in. You can continue as a guest.",
        "No account.",
      ]);
      expect(sender.state.nextTurn).toBe(5);
    });

    it("has their PIN compared; what waited is answered", () => {
      const sender = goOn("link-checking-pin").found({ kind: "right", code: CODE });
      expect(sender.said(2)).toEqual(["123456 is your code. Please reply with it within 10 minutes."]);
      expect(sender.said(3)).toEqual(["Please send the 6-digit code that we texted you."]);
    });

    it("gives a code, and is signed in", () => {
      const sender = goOn("link-code").text(typed.code, { guess: "sealed" });
      expect(sender.found({ kind: "linked", person: CUSTOMER }).said(3)).toEqual(WELCOME);
      expect(sender.line.link?.person.name).toBe("Customer Seven");
    });

    it("has their code compared", () => {
      const sender = goOn("link-checking-code").found({ kind: "linked", person: CUSTOMER });
      expect(sender.said(3)).toEqual(WELCOME);
    });

    it("takes longer than ten minutes", () => {
      const sender = goOn("link-code").pass(600);
      expect(sender.said(2).slice(1)).toEqual(["We couldn't sign you in. You can continue as a guest.", "No account."]);
    });

    it("does so on a page", () => {
      const sender = goOn("link-page-pin");
      expect(sender.giveOnPage("0".repeat(64), "page-0")).toBe(false);
      expect(sender.giveOnPage(PAGE.hash, "page-1")).toBe(true);
      sender.found({ kind: "right", code: null });
      expect(sender.giveOnPage(PAGE.hash, "page-2")).toBe(true);
      expect(sender.found({ kind: "linked", person: CUSTOMER }).said(1).slice(1)).toEqual(WELCOME);
    });

    it("has given their PIN on a page", () => {
      const sender = goOn("link-page-code").text("hm");
      expect(sender.said(2)).toEqual(["Please sign in with the link that we sent you, or send EXIT to cancel."]);
      expect(sender.giveOnPage(PAGE.hash, "page-2")).toBe(true);
      expect(sender.found({ kind: "linked", person: CUSTOMER }).said(2).slice(1)).toEqual(WELCOME);
    });

    it("has done so after a wrong PIN, of which the turns tell", () => {
      const sender = goOn("link-in-steps");
      const identified = [1, 2, 3, 4].map((id) => sender.turn(id).identified?.map(({ outcome }) => outcome.kind));
      expect(identified).toEqual([["found"], ["wrong"], ["right"], ["linked"]]);
      expect(JSON.stringify(sender.rows())).not.toMatch(/9047110815|654321|sealed/u);
      expect(sender.text("more").said(5)).toEqual(["Done for Customer Seven."]);
    });

    it("asked for it in the middle of something else, which is asked again", () => {
      const sender = goOn("link-asked-for").text(typed.pin, { guess: "sealed" });
      sender.found({ kind: "right", code: null }).text(typed.code, { guess: "sealed" });
      expect(sender.found({ kind: "linked", person: CUSTOMER }).said(4)).toEqual([
        "You are signed in, Customer Seven.",
        "Which name?",
      ]);
    });

    it("does so for a topic", () => {
      const sender = goOn("link-for-topic").text(typed.pin, { guess: "sealed" });
      sender.found({ kind: "right", code: null }).text(typed.code, { guess: "sealed" });
      expect(sender.found({ kind: "linked", person: CUSTOMER }).said(3)).toEqual([
        "You are signed in, Customer Seven.",
        "No orders, Customer Seven.",
      ]);
    });

    it("stays so for thirty days, under the name that they have now", () => {
      const sender = goOn("linked-and-closed").pass(29 * 86_400);
      sender
        .changePerson(CUSTOMER.id, { ...CUSTOMER, name: "Customer Eight" })
        .text("orders")
        .pass(86_400);
      expect(sender.said(5)).toEqual(["No orders, Customer Eight."]);
      expect(sender.text("orders").waitsFor).toBe("link");
    });

    it("has a phone without a person", () => {
      const sender = goOn("link-nobody").text("account");
      expect(sender.waitsFor).toBe("link");
      expect(sender.turn(1).identified?.map(({ outcome }) => outcome.kind)).toEqual(["nobody"]);
    });

    it("is locked, and masked while more guesses may be on their way", () => {
      const sender = goOn("link-locked").text(typed.pin).pass(86_400).text(typed.pin);
      const heard = [3, 4, 5].map((id) => textOf(sender, id));
      expect(heard).toEqual(["••••", "••••", typed.pin]);
    });
  });

  describe("a line", () => {
    it("without a conversation opens its first", () => {
      const sender = goOn("conversation-none");
      expect(sender.text("STOP offers").said(1)).toEqual(["Offers: off. To switch it on, text START 1."]);
      expect(sender.text("go").said(2)).toEqual(["Which name?"]);
    });

    it("whose conversation is over opens another", () => {
      const sender = goOn("conversation-idle");
      expect(sender.said(2)).toEqual(["Which name?", "This conversation has ended. Text us again at any time."]);
      const reasons = [SHOP, BOT].map((number) => {
        const conversation = sender.state.lines[number]?.conversation;
        return conversation?.status === "closed" ? conversation.reason : null;
      });
      expect(reasons).toEqual(["idle", "idle"]);
      expect(sender.text("go").turn(3).conversation).toBe("3");
      expect(goOn("conversation-ended").text("coffee").said(2)).toEqual(["Coffee."]);
    });

    it("on which the person has opted out confirms it and is silent until START", () => {
      const sender = goOn("conversation-stopped");
      expect(sender.take()).toBe("post");
      sender.post("SM1").text("go");
      expect([sender.statuses(1), sender.statuses(2), sender.said(3)]).toEqual([["dropped"], ["queued"], []]);
      expect(sender.text("START").said(4)[0]).toMatch(/^You've opted back in to texts from Sample\./u);
      expect(sender.text("go").said(5)).toEqual(["Which name?"]);
    });

    it("that the carrier blocks is silent on every number of its service", () => {
      const sender = goOn("consent-blocked").text("go", { service: `MG${"5".repeat(32)}`, to: BOT });
      expect(sender.said(5)).toEqual([]);
      expect(
        sender.store.listLatestEntries(9).map(({ id, status, by, late = false }) => [id, status, by, late]),
      ).toEqual([
        [2, "given", "admin", true],
        [1, "withdrawn", "person", false],
      ]);
      expect(sender.claim({ status: "given", at: Date.UTC(2026, 0, 1), proof: "a form" })).toEqual([{ kind: "known" }]);
      sender.text("yes", { service: `MG${"5".repeat(32)}` }).text("go", { service: `MG${"5".repeat(32)}` });
      expect(sender.said(7)).toEqual(["Which name?"]);
    });

    it("that was opened again tells D1 of what it has not heard", () => {
      const sender = goOn("consent-given");
      expect(sender.state.consents?.told).toBe(1);
      expect(sender.store.listLedgerEntries(2, 9).map(({ status, text, scope }) => [status, text, scope])).toEqual([
        ["given", "START", SHOP],
      ]);
      // Said before it was said again.
      const at = 1_772_470_804_000;
      expect(sender.claim({ status: "withdrawn", at, proof: "a call" })).toEqual([{ kind: "recorded" }]);
      expect(sender.line.consent.status).toBe("given");
      expect(sender.store.listLatestEntries(1).map(({ id, late }) => [id, late])).toEqual([[3, true]]);
    });

    it("that Twilio has called closed opens at START", () => {
      const sender = goOn("consent-carrier");
      expect(sender.store.listLatestEntries(1).map(({ by, text }) => [by, text])).toEqual([["carrier", "21610"]]);
      expect(sender.text("hi").said(2)).toEqual([]);
      expect(sender.text("start").text("Blue").said(4)).toEqual(["Sorry, I didn't understand that."]);
      const closed = goOn("consent-opt-out-type");
      expect([1, 2].map((id) => optOutOf(closed, id))).toEqual(["help", "stop"]);
      expect(closed.text("hi").said(3)).toEqual([]);
    });
  });

  describe("notices", () => {
    const [sent, refused, atNight, later] = ["01", "02", "03", "04"].map((id) => `NO${"a".repeat(30)}${id}`);

    it("wait for the morning, and for the end of a conversation", () => {
      const sender = goOn("notices");
      const outcomes = () => [sent, refused, atNight, later].map((id) => sender.noticeReport(id ?? "")?.outcome);
      expect(outcomes()).toEqual(["sent", "refused", "queued", "queued"]);
      sender.pass(3_600);
      expect(sender.said(3)).toEqual(["Your parcel 7001 is here.", "Which name?"]);
      sender.pass(12 * 3_600);
      expect(outcomes()).toEqual(["sent", "refused", "sent", "sent"]);
      expect(sender.said(4)).toEqual(["Your parcel 7001 is here.\nMore: https://shop.example.com/7001"]);
    });

    it("that wait are called off, and one that came is not said twice", () => {
      const sender = goOn("notices").withdraw(atNight ?? "");
      expect(sender.noticeReport(atNight ?? "")).toEqual({ outcome: "refused", reason: "cancelled" });
      expect(sender.noticeReport(refused ?? "")).toEqual({ outcome: "refused", reason: "not-subscribed" });
      expect(sender.noticeReport(sent ?? "")).toMatchObject({ outcome: "sent", segments: 1 });
      expect(sender.turn(1).kind === "notice" ? sender.turn(1).parts[0]?.media : null).toEqual([
        "https://shop.example.com/7001.png",
      ]);
    });

    it("of which nothing has gone out wait again when the night has come", () => {
      const sender = goOn("notice-untold").pass(2 * 3_600);
      expect(sender.take()).toBeNull();
      expect(sender.statuses(1)).toEqual(["dropped"]);
      expect(sender.noticeReport(sent ?? "")?.outcome).toBe("queued");
      sender.pass(10 * 3_600 + 3_600);
      expect(sender.noticeReport(sent ?? "")?.outcome).toBe("sent");
      expect(sender.said(2)).toEqual(["Your parcel 7001 is here."]);
    });

    it("have begun a topic, which goes on", () => {
      const sender = goOn("notice-topic").text("Blue");
      expect(sender.said(2)).toEqual(["Hello Blue. Where are you?"]);
      expect(sender.turn(2).conversation).toBe("1");
    });

    it("wait for the next day where a cap is reached", () => {
      const sender = goOn("notice-capped");
      expect(sender.noticeReport(sent ?? "")?.outcome).toBe("queued");
      expect(sender.state.heldBack?.map(({ kind, day, count }) => [kind, day, count])).toEqual([
        ["cap", "2026-03-02", 1],
      ]);
      sender
        .pass(7 * 3_600)
        .meter("passes")
        .post("SM1");
      expect(sender.said(3)).toEqual(["Your parcel 7001 is here."]);
      expect(sender.statuses(3)).toEqual(["queued"]);
    });

    it("and answers that a cap has let through are not asked for again", () => {
      const sender = goOn("metered");
      expect(sender.turn(1).metered).toBe(1);
      expect(sender.meter("passes").post("SM2").statuses(1)).toEqual(["delivered", "queued"]);
      expect(sender.take()).toBeNull();
    });
  });

  describe("lists", () => {
    it("are told to D1, and the YES switches one on", () => {
      const sender = goOn("subscriptions");
      expect(sender.line.subscriptions?.untold.map(({ seq, list, status, by }) => [seq, list, status, by])).toEqual([
        [1, "tips", "on", "person"],
        [2, "offers", "asked", "person"],
        [3, "offers", "off", "person"],
        [4, "offers", "asked", "person"],
      ]);
      expect(sender.tellSubscriptions()).toBe(4);
      expect(sender.text("yes").said(5)).toEqual(["Offers: on. To switch it off, text STOP 1."]);
      expect(sender.line.subscriptions?.untold.map(({ seq, status }) => [seq, status])).toEqual([[5, "on"]]);
    });

    it("were shown, and one is picked", () => {
      const sender = goOn("list-question-shown").text("2 on");
      expect(sender.said(2)).toEqual(["Tips: on. To switch it off, text STOP 2."]);
    });

    it("were asked for, and one is named", () => {
      const sender = goOn("list-question-which").text("2");
      expect(sender.said(2)).toEqual(["Tips: on. To switch it off, text STOP 2."]);
    });

    it("are asked for no longer than the question stands", () => {
      const sender = goOn("list-question-which").pass(86_400).text("2");
      expect(sender.said(2)).toEqual(["Sorry, I didn't understand that."]);
    });

    it("are switched on by a topic", () => {
      expect(goOn("topic-subscribe").text("yes").said(2)).toEqual([
        "Offers: on. To switch it off, text STOP 1.",
        "Thank you.",
      ]);
    });
  });

  describe("brakes", () => {
    it("hold back texts that come too fast, and say so once", () => {
      const sender = goOn("braked").text("tea");
      expect(sender.said(6)).toEqual([]);
      expect(sender.state.heldBack?.map(({ number, count, isTold = false }) => [number, count, isTold])).toEqual([
        [BOT, 1, false],
        [SHOP, 3, false],
      ]);
      expect(sender.pass(60).text("tea").said(7)).toEqual(["Tea."]);
    });

    it("know a robot by what it has said before", () => {
      const sender = goOn("looping").pass(5).text("Your message was received and will be answered.");
      expect(sender.said(8)).toEqual([]);
      expect(sender.pass(60).text("I am sorry, I would like to know where my parcel is").said(9)).toHaveLength(1);
    });
  });

  describe("a part that", () => {
    const LISTED = { sid: "SM2", status: "sent", errorCode: null, text: "Part 2", mediaCount: 0 };

    it("is pending is sent", () => {
      const sender = goOn("parts-pending").post("SM2").report(1, 1, "SM2", "delivered").post("SM3");
      expect(sender.statuses(1)).toEqual(["delivered", "delivered", "queued"]);
    });

    it("is retried is sent when it is due, and counts its tries", () => {
      const sender = goOn("parts-retrying");
      expect(sender.take()).toBeNull();
      sender.pass(60).post({ kind: "busy", retryAfterMilliseconds: null });
      const [, part] = sender.turn(1).parts;
      expect(part?.delivery.status === "retrying" ? part.delivery.tries : null).toBe(2);
      expect(sender.pass(120).post("SM2").statuses(1)).toEqual(["delivered", "queued", "pending"]);
    });

    it("was claimed is looked for before it is sent again", () => {
      const sender = goOn("parts-claimed");
      expect(sender.take()).toBeNull();
      expect(sender.pass(60).take()).toBe("look-up");
      sender.settle({ kind: "done", value: [{ ...LISTED, createdAt: sender.now }] });
      expect(sender.statuses(1)).toEqual(["delivered", "sent", "pending"]);
    });

    it("is in doubt is sent again only where Twilio has never had it", () => {
      const sender = goOn("parts-uncertain");
      expect(sender.take()).toBeNull();
      expect(sender.pass(60).take()).toBe("look-up");
      sender.settle({ kind: "done", value: [] });
      expect(sender.statuses(1)).toEqual(["delivered", "retrying", "pending"]);
      expect(sender.post("SM2").statuses(1)).toEqual(["delivered", "queued", "pending"]);
    });

    it("is unknown is the operator's to resolve", () => {
      const sender = goOn("parts-unknown");
      expect(sender.resolve(1, 2, "resend")).toBe(false);
      expect(sender.resolve(1, 1, "resend")).toBe(true);
      expect(sender.post("SM2").statuses(1)).toEqual(["delivered", "queued", "pending"]);
    });

    it("was resolved hears Twilio all the same", () => {
      const sender = goOn("parts-resolved");
      expect(sender.statuses(1)).toEqual(["delivered", "sent", "dropped"]);
      expect(sender.report(1, 1, "SM2", "delivered").statuses(1)).toEqual(["delivered", "delivered", "dropped"]);
    });

    it("is on its way hears of its progress, forward only", () => {
      const sender = goOn("parts-progress").report(1, 1, "SM2", "delivered").report(1, 2, "SM3", "sent");
      expect(sender.statuses(1)).toEqual(["delivered", "delivered", "sent"]);
      sender.report(1, 1, "SM2", "sent").report(1, 2, "SM9", "delivered");
      expect(sender.statuses(1)).toEqual(["delivered", "delivered", "sent"]);
    });

    it("has failed says why", () => {
      const sender = goOn("parts-failed");
      const codes = sender.turn(1).parts.map(({ delivery }) => ("error" in delivery ? delivery.error?.code : null));
      expect(codes).toEqual([21_211, 30_007, 30_003]);
      const { conversation } = sender.line;
      expect(conversation.status === "open" ? conversation.undelivered?.code : null).toBe(30_003);
    });

    it("was on its way at an opt-out is not sent again after START", () => {
      const sender = goOn("parts-barred").text("START").pass(60);
      expect(sender.take()).toBe("look-up");
      sender.settle({ kind: "done", value: [] });
      expect(sender.take()).toBeNull();
      expect(sender.statuses(1)).toEqual(["delivered", "dropped", "dropped"]);
    });

    it("was made cheaper says by what", () => {
      const [part] = goOn("parts-replaced").report(1, 0, "SM1", "delivered").turn(1).parts;
      expect(part?.replaced).toEqual([
        { from: "\u201c", to: '"', count: 1 },
        { from: "\u201d", to: '"', count: 1 },
      ]);
      expect(part?.delivery.status).toBe("delivered");
    });
  });

  it("copies of media, each in its own way", () => {
    const sender = goOn("copies");
    expect(copiesOf(sender, 1)).toEqual(["kept", "refused", "lost", "at-twilio", "waiting"]);
    expect(copiesOf(sender, 2)).toEqual(["at-twilio"]);
    expect(sender.copiesDueAt).toBeGreaterThan(sender.now);
    sender.copy(1, 4, { kind: "refused", because: "type", reason: "its type is not supported: video/x" });
    expect(copiesOf(sender, 1).at(-1)).toBe("refused");
    expect(sender.copiesDueAt).toBeNull();
  });

  describe("what an assistant remembers:", () => {
    it("where a topic comes back to", () => {
      expect(goOn("topic-within-topic").text("two").said(4)).toEqual(["Green, two."]);
      expect(goOn("topic-within-topic").text("back").said(4)).toEqual(["First?"]);
    });

    it("what was offered", () => {
      expect(goOn("topic-choice").text("3").said(3)).toEqual(["First?"]);
      expect(goOn("topic-which").text("2").said(2)).toEqual(["Coffee."]);
    });

    it("a bot's menu, variables and language", () => {
      const sender = goOn("bot-menu");
      expect(sender.turn(1).handover).toEqual({ to: "sales", context: { cart: 3 } });
      expect(bodyOf(sender.text("1"))).toMatchObject({
        data: {
          choice: { label: "One", value: { id: 1 } },
          variables: { seen: true, private: { token: "t" } },
          language: "pt",
        },
      });
      expect(sender.answer({ answers: ["Good."] }).said(2)).toEqual(["Good."]);
    });

    it("which location of a bot is asked", () => {
      const sender = goOn("bot-second-location");
      expect(urlOf(sender)).toBe("https://other.example.com/parley");
      expect(sender.answer({ answers: ["Hello."] }).said(1)).toEqual(["Hello."]);
    });

    it("Watson's session, and what was said in a forced turn", () => {
      const sender = goOn("watson-session");
      expect(urlOf(sender)).toContain("/sessions/s1/message");
      const options = [{ label: "One", value: { input: { text: "one" } } }];
      const generic = [{ response_type: "option", title: "Which?", options }];
      expect(sender.answer({ output: { generic } }).said(2)).toEqual(["First.", "Which?\n1) One"]);
    });

    it("what is being posted to a bot behind Direct Line", () => {
      const sender = goOn("directline-post");
      expect([requestOf(sender).method, urlOf(sender)]).toEqual([
        "POST",
        "https://directline.botframework.com/v3/directline/conversations/c1/activities",
      ]);
      expect(urlOf(sender.answer({ id: "c1|0000001" }))).toContain("/conversations/c1/activities");
    });

    it("a conversation behind Direct Line, and what was read of it", () => {
      const sender = goOn("directline-poll");
      expect(urlOf(sender)).toContain("/conversations/c1/activities?watermark=2");
      sender.answer({ activities: [], watermark: "2" });
      expect(sender.said(1)).toEqual(["Hello."]);
      expect(urlOf(sender.text("and now?"))).toMatch(/\/conversations\/c1\/activities$/u);
    });

    it("a model's talk, and the topic that it has begun", () => {
      const sender = goOn("model-topic").text("Blue").text("Lisbon");
      expect([sender.said(2), sender.said(3)]).toEqual([["Hello Blue. Where are you?"], ["Blue of Lisbon, welcome."]]);
      expect(JSON.stringify(bodyOf(sender))).toContain("Blue of Lisbon, welcome.");
      expect(sender.answer(modelSays("Anything else?")).said(3).at(-1)).toBe("Anything else?");
    });

    it("a model's menu, and what came before it", () => {
      const sender = goOn("model-menu").text("2");
      const roles = JSON.stringify((bodyOf(sender) as { messages: readonly { role: string }[] }).messages);
      expect(roles).toContain("Car");
      expect(roles).toContain("Hello.");
      expect(sender.answer(modelSays("By car.")).said(3)).toEqual(["By car."]);
    });
  });
});

function textOf(sender: StoredSender, id: number): string | null {
  const turn = sender.turn(id);
  return turn.kind === "heard" ? turn.heard.text : null;
}

function optOutOf(sender: StoredSender, id: number): string | undefined {
  const turn = sender.turn(id);
  return turn.kind === "heard" ? turn.heard.optOut : undefined;
}

function copiesOf(sender: StoredSender, id: number): readonly (string | undefined)[] {
  const turn = sender.turn(id);
  return turn.kind === "heard" ? turn.heard.media.map(({ copy }) => copy?.status) : [];
}

/** The request that the conversation waits for. */
function requestOf({ line: { conversation } }: StoredSender) {
  if (conversation.status !== "open" || conversation.rest.kind !== "request") throw new Error("nothing is asked");
  return conversation.rest.request;
}

function urlOf(sender: StoredSender): string {
  return requestOf(sender).url;
}

function bodyOf(sender: StoredSender): unknown {
  return requestOf(sender).body;
}
