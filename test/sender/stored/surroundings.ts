import { bindAssistant } from "../../../src/assistants/catalog.ts";
import { directlineSettings } from "../../../src/assistants/directline/settings.ts";
import { openaiSettings } from "../../../src/assistants/openai/settings.ts";
import { watsonSettings } from "../../../src/assistants/watson/settings.ts";
import { webhookSettings } from "../../../src/assistants/webhook/settings.ts";
import type { ReadyApplication } from "../../../src/contract/assistant.ts";
import type { Person } from "../../../src/identity/person.ts";
import type { Notice } from "../../../src/notify/notice.ts";
import { answeringWith, topic } from "../../support/chat.ts";
import { list } from "../../support/lists.ts";
import { BOT, SHOP, type Surroundings } from "../../support/stored-sender.ts";

/** The applications, lists and notices of the stored senders. */

const TOPICS = [
  topic("greet", {
    keywords: ["go"],
    steps: [
      { kind: "ask", id: "name", text: "Which name?", save: "name", silence: { after: 600, text: "Still there?" } },
      { kind: "ask", id: "place", text: "Hello {{ name }}. Where are you?", save: "place" },
      { kind: "say", id: "hello", text: "{{ name }} of {{ place }}, welcome." },
    ],
  }),
  topic("parcel", {
    keywords: ["parcel"],
    steps: [
      { kind: "ask", id: "which", text: "Which parcel?", save: "parcel" },
      {
        kind: "call",
        id: "find",
        request: {
          method: "POST",
          url: "https://crm.example.com/parcels",
          headers: { authorization: { secret: "crm", prefix: "Bearer " }, "x-shop": "1" },
          body: { parcel: "{{ parcel }}" },
        },
        save: "found",
        failed: "gone",
      },
      { kind: "end", id: "done", text: "It is {{ found.status }}." },
      { kind: "end", id: "gone", text: "We cannot look it up." },
    ],
  }),
  topic("stock", {
    keywords: ["stock"],
    steps: [
      { kind: "call", id: "find", request: { url: "https://crm.example.com/stock" }, save: "stock", failed: "none" },
      { kind: "ask", id: "many", text: "There are {{ stock.count }}. How many?", save: "many" },
      { kind: "end", id: "done", text: "You want {{ many }}." },
      { kind: "end", id: "none", text: "We cannot look it up." },
    ],
  }),
  topic("photo", {
    keywords: ["photo"],
    steps: [
      { kind: "upload", id: "photo", text: "Please send a photo.", save: "photo" },
      { kind: "end", id: "thanks", text: "Thanks: {{ photo }}" },
    ],
  }),
  topic("later", {
    keywords: ["later"],
    steps: [
      { kind: "say", id: "wait", text: "In an hour." },
      { kind: "wait", id: "hour", seconds: 3_600 },
      { kind: "end", id: "now", text: "The hour is over." },
    ],
  }),
  topic("account", {
    keywords: ["account"],
    steps: [
      { kind: "link", id: "link", otherwise: "guest" },
      { kind: "ask", id: "linked", text: "Account of {{ person.attributes.branch }}. What next?", save: "next" },
      { kind: "end", id: "over", text: "Done for {{ person.name }}." },
      { kind: "end", id: "guest", text: "No account." },
    ],
  }),
  topic("news", {
    keywords: ["news"],
    steps: [
      { kind: "subscribe", id: "on", list: "offers" },
      { kind: "end", id: "done", text: "Thank you." },
    ],
  }),
  topic("outer", {
    keywords: ["outer"],
    steps: [
      {
        kind: "choice",
        id: "pick",
        text: "Pick.",
        save: "pick",
        options: ["Red", "Green", "Blue"].map((label) => ({ label })),
      },
      { kind: "topic", id: "into", topic: "inner", returns: true },
      { kind: "end", id: "back", text: "{{ pick }}, {{ answer }}." },
    ],
  }),
  topic("inner", {
    keywords: ["inner"],
    steps: [
      { kind: "ask", id: "first", text: "First?", save: "first" },
      { kind: "ask", id: "answer", text: "Second?", save: "answer" },
    ],
  }),
  topic("orders", {
    keywords: ["orders"],
    requires: "linked",
    steps: [{ kind: "end", id: "none", text: "No orders, {{ person.name }}." }],
  }),
  topic("tea-shop", { keywords: ["tea", "drinks"], steps: [{ kind: "end", id: "end", text: "Tea." }] }),
  topic("coffee-shop", { keywords: ["coffee", "drinks"], steps: [{ kind: "end", id: "end", text: "Coffee." }] }),
  topic("quotes", {
    keywords: ["quotes"],
    steps: [{ kind: "end", id: "end", text: `${"A long text, which costs less. ".repeat(3)}\u201cQuoted\u201d` }],
  }),
  topic("parts", {
    keywords: ["parts"],
    steps: [1, 2, 3].map((count) => ({ kind: "say", id: `part-${count}`, text: `Part ${count}` })),
  }),
];

const shop = answeringWith(TOPICS, {
  id: "shop",
  name: "Shop",
  momentSeconds: 15,
  smartEncoding: true,
  messages: { goodbye: false, sessionEnded: true },
});

const BOT_URL = { kind: "webhook", url: "https://bot.example.com/parley", signature: "bot" };
const none = new Map<string, never>();

/** @returns an application that adds no greeting and no farewell to what its assistant says */
function applicationOf(
  id: string,
  assistant: ReadyApplication["assistant"],
  more: Partial<ReadyApplication> = {},
): ReadyApplication {
  const quiet = { greeting: false, goodbye: false, sessionEnded: false } as const;
  return { ...answeringWith([], { id, name: "Bot", messages: quiet, assistant }), signature: "bot", ...more };
}

const bot = applicationOf("bot", bindAssistant(webhookSettings.parse(BOT_URL), none), { momentSeconds: 15 });
const second = { second: { url: "https://other.example.com/parley" } };
const backup = applicationOf("backup", bindAssistant(webhookSettings.parse({ ...BOT_URL, ...second }), none));
const joining: ReadyApplication = { ...shop, id: "joining", whenBusy: "join" };

const WATSON = { kind: "watson", url: "https://watson.example.com/instances/1", assistant: "a1", apikey: "watson" };
const watson = applicationOf("watson", bindAssistant(watsonSettings.parse(WATSON), none));

const DIRECTLINE = { kind: "directline", access: { kind: "generated-token", secret: "key" } };
const directline = applicationOf("directline", bindAssistant(directlineSettings.parse(DIRECTLINE), none));

const MODEL = {
  kind: "openai",
  url: "https://api.example.com/v1",
  apikey: "model",
  model: "small",
  seesPictures: true,
  topics: ["greet"],
};
const own = new Map(TOPICS.map((each) => [each.id, each]));
const model = applicationOf(
  "model",
  bindAssistant(
    openaiSettings.parse({ ...MODEL, tools: { choices: true, pictures: false, handover: true, end: true } }),
    own,
  ),
);

const APPLICATIONS = { shop, joining, bot, backup, watson, directline, model };

export const OFFERS = list("offers", { doubleOptIn: true, title: "Offers" });
export const TIPS = list("tips", { title: { en: "Tips" }, heading: "Tip of the day" });

/** @returns two numbers: the application on one of them, the bot or the shop on the other */
export function surroundings(on: keyof typeof APPLICATIONS = "shop", more: Partial<Surroundings> = {}): Surroundings {
  const isShops = on === "shop" || on === "joining";
  return {
    answering: (number) => (number === (isShops ? SHOP : BOT) ? APPLICATIONS[on] : isShops ? bot : shop),
    lists: [OFFERS, TIPS],
    number: isShops ? SHOP : BOT,
    ...more,
  };
}

export const CUSTOMER: Person = {
  id: "customer-7",
  name: "Customer Seven",
  languages: ["en", "pt-BR"],
  attributes: { branch: "Lisbon" },
};

const NOTICE_ID = "a".repeat(30);

/** @param id two digits */
export function noticeOf(id: string, more: Partial<Notice> = {}): Notice {
  return {
    id: `NO${NOTICE_ID}${id}`,
    number: SHOP,
    list: null,
    audience: "anyone",
    text: "Your parcel {{ parcel }} is here.",
    variables: { parcel: "7001" },
    media: null,
    link: null,
    topic: null,
    expiresAt: Date.UTC(2026, 2, 4, 17),
    ...more,
  };
}

export const NIGHT = { from: "21:00", to: "08:00" } as const;
