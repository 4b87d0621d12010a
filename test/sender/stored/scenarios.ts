import type { SendLimits } from "../../../src/send-limits/number-limits.ts";
import { BOT, StoredSender, type Surroundings } from "../../support/stored-sender.ts";
import { CUSTOMER, NIGHT, noticeOf, OFFERS, surroundings, TIPS } from "./surroundings.ts";

/** A sender's life up to the moment of the recording. */
export interface Scenario {
  readonly about: string;
  readonly surroundings: Surroundings;
  readonly play: (sender: StoredSender) => unknown;
}

function scenario(
  about: string,
  play: Scenario["play"],
  on: Parameters<typeof surroundings>[0] = "shop",
  more: Partial<Surroundings> = {},
): Scenario {
  return { about, play, surroundings: surroundings(on, more) };
}

const PICTURE = {
  url: "https://api.twilio.com/media/0",
  contentType: "image/jpeg",
  link: "https://parley.example/m/0",
};
const SOUND = { url: "https://api.twilio.com/media/1", contentType: "audio/mpeg", link: "https://parley.example/m/1" };
export const PAGE = { url: "https://parley.example/link/token", hash: "f".repeat(64) };
export const CODE = { digits: "123456", hash: "c".repeat(64) };

/** A contact up to each step of an identity check. */
const looking = (sender: StoredSender) => sender.text("account");
const atPin = (sender: StoredSender) => looking(sender).found({ kind: "found", person: CUSTOMER.id, page: null });
const pinGiven = (sender: StoredSender) => atPin(sender).text("9047110815", { guess: "sealed-pin" });
const atCode = (sender: StoredSender) => pinGiven(sender).found({ kind: "right", code: CODE });
const codeGiven = (sender: StoredSender) => atCode(sender).text("123456", { guess: "sealed-code" });
const linked = (sender: StoredSender) => codeGiven(sender).found({ kind: "linked", person: CUSTOMER });
const onPage = (sender: StoredSender) => looking(sender).found({ kind: "found", person: CUSTOMER.id, page: PAGE });

const BRAKES: SendLimits = {
  countries: ["US"],
  rateLimit: { perMinute: 2, perHour: 30 },
  hasLoopGuard: true,
  caps: null,
};

/** Each part of a turn that says three: the first is at Twilio, the second as it becomes, the third waits. */
const threeParts = (sender: StoredSender) => sender.text("parts").post("SM1").report(1, 0, "SM1", "delivered");

/** Twilio answers neither to the POST of a part nor, for long enough, to the question after it. */
function unknownPart(sender: StoredSender, index: number): StoredSender {
  sender.post({ kind: "unsure", reason: "timeout" });
  for (let time = 0; sender.statuses(1)[index] === "uncertain" && time < 50; time += 1) {
    sender.pass(60).take();
    sender.settle({ kind: "unsure", reason: "HTTP 500" });
  }
  return sender;
}

const refusal = (code: number, httpStatus = 400) => ({
  kind: "refused" as const,
  refusal: { httpStatus, code, message: `error ${code}` },
});

const TOPIC_CALL = {
  choices: [
    {
      index: 0,
      message: {
        role: "assistant",
        content: "Let me see.",
        tool_calls: [{ id: "call_0", type: "function", function: { name: "greet", arguments: "{}" } }],
      },
      finish_reason: "tool_calls",
    },
  ],
};

export const modelSays = (content: string) => ({
  choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
});

const callsTool = (name: string, given: object) => ({
  choices: [
    {
      index: 0,
      message: {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "call_1", type: "function", function: { name, arguments: JSON.stringify(given) } }],
      },
      finish_reason: "tool_calls",
    },
  ],
});

const answered = (generic: readonly object[], smsAction: readonly object[]) => ({
  output: { generic },
  context: { skills: { "main skill": { user_defined: { mood: "good", smsAction } } } },
});

const SETTINGS = [
  { command: "smsActSetOptionsConfig", parameters: { prefixText: "%s) " } },
  { command: "smsActSetDisambiguationConfig", parameters: { prefixText: "%s: " } },
];

/** All scenarios, by the names of their fixtures. */
export const SCENARIOS = {
  "wait-text": scenario("The shop waits for a text, and says something after ten minutes of silence.", (sender) =>
    sender.text("go"),
  ),
  "wait-text-reminded": scenario("The person was silent, and has been reminded.", (sender) =>
    sender.text("go").pass(600),
  ),
  "wait-request": scenario(
    "The shop has asked the operator's system; a second text and two notices wait, and the person is to hear that it takes a moment.",
    (sender) =>
      sender
        .text("parcel")
        .text("7001")
        .pass(2)
        .text("hello?")
        .notify(noticeOf("01"))
        .notify(noticeOf("02", { topic: "greet" })),
  ),
  "wait-request-spent": scenario(
    "A bot has said something in a turn that waits for its next request: the messages that are spent are counted.",
    (sender) => sender.text("hi").answer(TOPIC_CALL).text("Blue").text("Lisbon"),
    "model",
  ),
  "wait-request-join": scenario(
    "The shop has asked the operator's system; two texts wait, which get one answer.",
    (sender) => sender.text("stock").text("two").text("or three"),
    "joining",
  ),
  waited: scenario("The operator's system has answered, and after it the text that waited was answered.", (sender) =>
    sender.text("parcel").text("7001").pass(2).text("go").answer({ status: "on its way" }),
  ),
  "wait-callback": scenario(
    "The bot has promised its answer for later; another text waits.",
    (sender) => sender.text("hi").answer({}, 202).text("are you there?"),
    "bot",
  ),
  "wait-file": scenario(
    "The shop waits until a picture is copied; the sound beside it waits too, after one failure.",
    (sender) =>
      sender
        .text("photo")
        .text("", { media: [PICTURE, SOUND] })
        .copy(2, 1, { kind: "passing", reason: "HTTP 503", retryAfterMilliseconds: null }),
  ),
  "wait-pause": scenario("The shop pauses for an hour; a text waits.", (sender) => sender.text("later").text("hm")),
  "link-looking": scenario("It is looked up whose phone it is.", looking),
  "link-pin": scenario("A PIN is asked; something came that can be none.", (sender) => atPin(sender).text("my dog")),
  "link-checking-pin": scenario("A PIN is compared; a text waits.", (sender) => pinGiven(sender).text("well?")),
  "link-code": scenario("A code was texted, and is asked.", atCode),
  "link-checking-code": scenario("A code is compared.", codeGiven),
  "link-page-pin": scenario("A PIN is asked on a page.", onPage),
  "link-page-code": scenario("A code of the authenticator app is asked on a page.", (sender) => {
    onPage(sender).giveOnPage(PAGE.hash, "page-1");
    sender.found({ kind: "right", code: null });
  }),
  "link-in-steps": scenario(
    "The contact was linked after a wrong PIN. The turns hold the results, and neither codes nor guesses.",
    (sender) => {
      pinGiven(sender).found({ kind: "wrong" }).text("9047110816", { guess: "sealed" });
      sender.found({ kind: "right", code: CODE }).text("654321", { guess: "sealed-code" });
      sender.found({ kind: "linked", person: CUSTOMER });
    },
  ),
  "link-asked-for": scenario(
    "The person has asked to sign in, in the middle of a question that comes again afterwards.",
    (sender) => sender.text("go").text("login").found({ kind: "found", person: CUSTOMER.id, page: null }),
  ),
  "link-for-topic": scenario("A topic requires a linked contact; the PIN is asked first.", (sender) =>
    sender.text("orders").found({ kind: "found", person: CUSTOMER.id, page: null }),
  ),
  "linked-and-closed": scenario("The contact is linked for thirty days; the conversation is closed.", (sender) =>
    linked(sender).text("nothing"),
  ),
  "link-nobody": scenario("The phone belongs to no person.", (sender) => looking(sender).found({ kind: "nobody" })),
  "link-locked": scenario("Signing in was locked: what looks like a code is masked for a while.", (sender) =>
    pinGiven(sender).found({ kind: "locked" }).text("9047110815"),
  ),
  "conversation-none": scenario("An admin has switched a list on; the person has never texted.", (sender) =>
    sender.subscribe(OFFERS),
  ),
  "conversation-idle": scenario(
    "Conversations on two numbers are over by idleness, the one with a farewell.",
    (sender) =>
      sender
        .text("hi", { to: BOT })
        .answerOn(BOT, { answers: ["Hello."] })
        .text("go")
        .pass(7_200),
  ),
  "conversation-ended": scenario("The topic has ended its conversation.", (sender) => sender.text("tea")),
  "conversation-stopped": scenario(
    "The person has opted out in the middle of a conversation; Parley has to confirm it.",
    (sender) => sender.text("go").text("please stop texting me"),
    "shop",
    { guard: "parley" },
  ),
  "consent-blocked": scenario(
    "The person has opted out twice, of a Messaging Service, and the carrier blocks; an admin has said something from before it.",
    (sender) => {
      const service = { service: `MG${"5".repeat(32)}` };
      sender.text("go", service).text("go", { ...service, to: BOT });
      sender.pass(60).text("STOP", service).pass(60).text("stop", service);
      sender.claim({ status: "given", at: Date.UTC(2026, 0, 1), proof: "a form" });
    },
  ),
  "consent-given": scenario("The person has opted in twice; D1 knows of the first entry.", (sender) =>
    sender
      .text("stop")
      .text("START")
      .pass(5)
      .text("START")
      .change((state) => ({ ...state, consents: { next: state.consents?.next ?? 1, told: 1 } })),
  ),
  "consent-carrier": scenario("Twilio has said by error 21610 that the person has opted out.", (sender) => {
    threeParts(sender).post(refusal(21_610));
  }),
  "consent-opt-out-type": scenario("Twilio's Advanced Opt-Out has taken a text for HELP, and one for STOP.", (sender) =>
    sender.text("aide", { optOut: "help" }).text("arr\u00eater", { optOut: "stop" }),
  ),
  notices: scenario(
    "A notice was sent, another refused; one waits for the morning and one for the end of the conversation.",
    (sender) =>
      sender
        .subscribe(TIPS)
        .notify(noticeOf("01", { list: "tips", media: "https://shop.example.com/{{ parcel }}.png" }))
        .notify(noticeOf("02", { list: "offers" }))
        .pass(10 * 3_600)
        .text("go")
        .notify(noticeOf("03", { quiet: NIGHT, link: { url: "https://shop.example.com/{{ parcel }}", label: "More" } }))
        .notify(noticeOf("04", { topic: "greet", audience: "anyone" })),
  ),
  "notice-untold": scenario(
    "A notice's turn has come, and nothing of it is sent yet: it may have to wait again when the night comes.",
    (sender) => sender.pass(8 * 3_600).notify(noticeOf("01", { quiet: NIGHT })),
  ),
  "notice-topic": scenario("A notice has begun a topic, whose question is open.", (sender) =>
    sender
      .notify(noticeOf("01", { topic: "greet" }))
      .post("SM1")
      .report(1, 0, "SM1", "sent")
      .post("SM2"),
  ),
  "notice-capped": scenario(
    "A notice waits for the next day, since a daily cap is reached; an answer was dropped for it.",
    (sender) => sender.notify(noticeOf("01")).meter("number").text("tea").meter("account"),
    "shop",
    { isCapped: true },
  ),
  metered: scenario(
    "A daily cap has let two messages through; the third, which a topic has said later, was not asked for.",
    (sender) => sender.text("later").meter("passes").post("SM1").report(1, 0, "SM1", "delivered").pass(3_600),
    "shop",
    { isCapped: true },
  ),
  subscriptions: scenario(
    "One list is on, another asked and then off; D1 knows of none of the changes, and the YES that the one wants is asked.",
    (sender) => sender.text("START tips").text("START offers").text("STOP offers").text("START offers"),
  ),
  "list-question-shown": scenario("The lists were shown.", (sender) => sender.text("notifications")),
  "list-question-which": scenario("It was asked which list is meant.", (sender) => sender.text("START")),
  braked: scenario(
    "The person texts too fast: what was held back is counted, and D1 knows of some of it.",
    (sender) => {
      for (const text of ["tea", "coffee", "tea", "coffee"]) sender.pass(1).text(text);
      sender.change((state) => ({
        ...state,
        heldBack: (state.heldBack ?? []).map((each) => ({ ...each, isTold: true as const })),
      }));
      sender.text("tea", { to: BOT });
    },
    "shop",
    { brakes: BRAKES },
  ),
  looping: scenario(
    "A robot texts the same again and again, and is not answered any more.",
    (sender) => {
      for (let time = 0; time < 7; time += 1) sender.pass(5).text("Your message was received and will be answered.");
    },
    "shop",
    { brakes: { ...BRAKES, rateLimit: null } },
  ),
  "parts-pending": scenario("The first part is at Twilio, the others wait.", (sender) => threeParts(sender)),
  "parts-retrying": scenario("Twilio was busy: a part is tried again.", (sender) =>
    threeParts(sender).post({ kind: "busy", retryAfterMilliseconds: 2_000 }),
  ),
  "parts-claimed": scenario("Parley stopped while a part was being sent.", (sender) => threeParts(sender).take()),
  "parts-uncertain": scenario("It is uncertain whether Twilio took a part.", (sender) => {
    threeParts(sender).post({ kind: "unsure", reason: "timeout" }).pass(60).take();
    sender.settle({ kind: "unsure", reason: "HTTP 500" });
  }),
  "parts-unknown": scenario(
    "Twilio's list could not tell, and the operator is to say what became of a part.",
    (sender) => unknownPart(threeParts(sender), 1),
  ),
  "parts-resolved": scenario("The operator has said that a part was sent, and that another is not to be.", (sender) => {
    unknownPart(threeParts(sender), 1).resolve(1, 1, "sent");
    unknownPart(sender, 2).resolve(1, 2, "drop");
  }),
  "parts-progress": scenario("Parts that were queued, sent, and delivered with Twilio's word.", (sender) =>
    threeParts(sender).post("SM2").report(1, 1, "SM2", "sent").post("SM3"),
  ),
  "parts-failed": scenario(
    "A part was refused, one failed on its way, one was not delivered: the assistant hears why with the next text.",
    (sender) =>
      sender
        .text("parts")
        .post(refusal(21_211))
        .post("SM2")
        .report(1, 1, "SM2", "failed", 30_007)
        .post("SM3")
        .report(1, 2, "SM3", "undelivered", 30_003),
  ),
  "parts-barred": scenario("A part was on its way when the person opted out.", (sender) => {
    threeParts(sender).post({ kind: "unsure", reason: "timeout" }).text("stop");
  }),
  "parts-replaced": scenario("Smart encoding has changed a text.", (sender) => sender.text("quotes").post("SM1")),
  copies: scenario(
    "Media that were kept, refused and lost, one that waits, and one that stays at Twilio.",
    (sender) => {
      sender.text("go", { media: [PICTURE, SOUND, PICTURE, SOUND, PICTURE] });
      sender.copy(1, 0, { kind: "kept", key: "aa/SM1/0", contentType: "image/jpeg", size: 1_234 });
      sender.copy(1, 1, { kind: "refused", because: "size", reason: "it is larger than 5 MiB" });
      sender.copy(1, 2, { kind: "barred", reason: "HTTP 404" });
      sender.copy(1, 3, { kind: "homeless" });
      sender.copy(1, 4, { kind: "passing", reason: "HTTP 503", retryAfterMilliseconds: 1_000 });
      sender.keepsMedia = false;
      sender.text("here", { media: [{ url: PICTURE.url, contentType: PICTURE.contentType }] });
    },
  ),
  "topic-within-topic": scenario(
    "A topic has gone into another, after a choice: where it comes back to is remembered.",
    (sender) => sender.text("outer").text("green").text("one"),
  ),
  "topic-choice": scenario("A choice is open.", (sender) => sender.text("outer").text("purple")),
  "topic-which": scenario("It was asked which of two topics is meant.", (sender) => sender.text("drinks")),
  "topic-subscribe": scenario("A topic has asked for the YES that a list wants.", (sender) => sender.text("news")),
  "bot-menu": scenario(
    "A bot has set variables and a language, wants the person handed over, and has offered a menu.",
    (sender) =>
      sender.text("hi").answer({
        answers: ["Hello.", { kind: "options", text: "Which?", options: [{ label: "One", value: { id: 1 } }, "Two"] }],
        variables: { seen: true, private: { token: "t" } },
        handover: { to: "sales", context: { cart: 3 } },
        language: "pt",
      }),
    "bot",
  ),
  "bot-second-location": scenario(
    "The first location of a bot has failed, the second is asked.",
    (sender) => sender.text("hi").answer({ kind: "failed", reason: "timeout" }),
    "backup",
  ),
  "watson-session": scenario(
    "Watson has a session and has said something; the next text is being answered, after a forced turn.",
    (sender) => {
      sender.text("hi").answer({ session_id: "s1" }, 201);
      sender.answer(answered([{ response_type: "text", text: "Hello." }], SETTINGS)).text("and then?");
      sender.answer(answered([{ response_type: "text", text: "First." }], [{ command: "smsActForceNoInputTurn" }]));
    },
    "watson",
  ),
  "directline-post": scenario(
    "A text is being posted to a bot behind Direct Line.",
    (sender) => {
      sender.text("hi").answer({ conversationId: "c1", token: "t0", expires_in: 1_800 });
      sender.answer({ conversationId: "c1", token: "t1", expires_in: 1_800 }, 201);
    },
    "directline",
  ),
  "directline-poll": scenario(
    "A bot behind Direct Line has a conversation; a text was posted, and its answers are polled.",
    (sender) => {
      sender.text("hi").answer({ conversationId: "c1", token: "t0", expires_in: 1_800 });
      sender.answer({ conversationId: "c1", token: "t1", expires_in: 1_800 }, 201);
      sender.answer({ id: "c1|0000001" });
      sender.answer({
        activities: [
          {
            type: "message",
            id: "c1|0000002",
            from: { id: "bot", role: "bot" },
            replyToId: "c1|0000001",
            text: "Hello.",
          },
        ],
        watermark: "2",
      });
    },
    "directline",
  ),
  "model-topic": scenario(
    "A model has begun a topic, which asks the person.",
    (sender) => sender.text("hi").answer(TOPIC_CALL),
    "model",
  ),
  "model-menu": scenario(
    "A model has answered, and then offered a choice.",
    (sender) =>
      sender
        .text("hi")
        .answer(modelSays("Hello."))
        .text("I want to travel here", { media: [PICTURE] })
        .copy(2, 0, { kind: "kept", key: "aa/SM2/0", contentType: "image/jpeg", size: 1_234 })
        .answer(callsTool("offer_choices", { text: "How?", options: ["Boat", "Car"] })),
    "model",
  ),
} as const satisfies Readonly<Record<string, Scenario>>;

export type ScenarioName = keyof typeof SCENARIOS;

/** Plays a scenario with this release. */
export function playAnew(name: ScenarioName): StoredSender {
  const { surroundings: around, play }: Scenario = SCENARIOS[name];
  const sender = new StoredSender(around);
  play(sender);
  return sender;
}
