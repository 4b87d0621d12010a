import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../../src/core/json.ts";
import { Dialogue, type Fields } from "./dialogue.ts";

const PICTURE = "https://pictures.example.com/pier.jpg";

/** The texts that a bot's activities become, and the notes about them. */
function told(...activities: readonly Fields[]): { readonly dialogue: Dialogue; readonly said: readonly string[] } {
  const dialogue = new Dialogue();
  const id = dialogue.begin();
  const said = dialogue.allPolled(dialogue.echo(id), ...activities.map((fields) => dialogue.said(fields, id)));
  return { dialogue, said };
}

function attached(kind: string, content: JsonValue): Fields {
  return { attachments: [card(kind, content)] };
}

function card(kind: string, content: JsonValue): JsonValue {
  return { contentType: `application/vnd.microsoft.card.${kind}`, content };
}

function adaptive(body: JsonValue, actions: JsonValue = []): Fields {
  return attached("adaptive", { type: "AdaptiveCard", version: "1.5", body, actions });
}

const BUTTONS = [
  { type: "imBack", title: "Boat", value: "I go by boat" },
  { type: "postBack", title: "Car", value: { ride: "car" } },
];

describe("converts what a bot sends", () => {
  it.each<readonly [string, Fields, readonly string[]]>([
    [
      "Markdown by default",
      { text: "**Hi**, see [us](https://example.com/a)" },
      ["Hi, see us (https://example.com/a)"],
    ],
    ["plain text as it is", { text: "2 * 3 * 4", textFormat: "plain" }, ["2 * 3 * 4"]],
    ["XML by its words", { text: "<b>Hi</b> you", textFormat: "xml" }, ["Hi you"]],
    ["not what is to be spoken", { text: "Hi", speak: "<speak>Hi there</speak>" }, ["Hi"]],
    [
      "a picture, without its file's name",
      { attachments: [{ contentType: "image/jpeg", contentUrl: PICTURE, name: "pier.jpg" }] },
      [PICTURE],
    ],
    [
      "a document as a link",
      { attachments: [{ contentType: "application/pdf", contentUrl: "https://example.com/a.pdf", name: "Prices" }] },
      ["Prices: https://example.com/a.pdf"],
    ],
    [
      "words before what is attached",
      { text: "Look:", attachments: [{ contentType: "video/mp4", contentUrl: "https://example.com/a.mp4" }] },
      ["Look:", "https://example.com/a.mp4"],
    ],
    [
      "suggested actions as numbers below the words",
      { text: "How?", suggestedActions: { actions: BUTTONS } },
      ["How?\n1. Boat\n2. Car"],
    ],
    [
      "a hero card without a picture as one text",
      attached("hero", { title: "Rides", subtitle: "today", text: "Which *one*?", buttons: BUTTONS }),
      ["Rides: today\nWhich one?\n1. Boat\n2. Car"],
    ],
    [
      "a hero card with its picture",
      attached("hero", { title: "Pier", images: [{ url: PICTURE }], buttons: BUTTONS }),
      [`${PICTURE} Pier`, "1. Boat\n2. Car"],
    ],
    [
      "a thumbnail card",
      attached("thumbnail", { title: "Pier", text: "Open", images: [{ url: PICTURE }] }),
      [`${PICTURE} Pier\nOpen`],
    ],
    [
      "links and numbers to call",
      attached("hero", {
        text: "Reach us",
        buttons: [
          { type: "openUrl", title: "Site", value: "https://example.com/" },
          { type: "call", title: "Call", value: "tel:+12025550100" },
        ],
      }),
      ["Reach us", "Site: https://example.com/", "Call: +12025550100"],
    ],
    [
      "links between the words and the numbers",
      attached("hero", {
        text: "Which?",
        buttons: [{ type: "openUrl", title: "Site", value: "https://example.com/" }, ...BUTTONS],
      }),
      ["Which?", "Site: https://example.com/", "1. Boat\n2. Car"],
    ],
    [
      "a sign-in",
      attached("signin", {
        text: "Sign in first",
        buttons: [{ type: "signin", title: "Sign in", value: "https://example.com/login" }],
      }),
      ["Sign in first", "Sign in: https://example.com/login"],
    ],
    [
      "a receipt",
      attached("receipt", {
        title: "Order 7",
        facts: [{ key: "Card", value: "VISA" }],
        items: [
          { title: "Rope", quantity: "2", price: "$8" },
          { title: "Oar", price: "$9" },
        ],
        tax: "$1",
        total: "$18",
      }),
      ["Order 7\nCard: VISA\n2 × Rope: $8\nOar: $9\nTax: $1\nTotal: $18"],
    ],
    [
      "a video card",
      attached("video", { title: "Tour", media: [{ url: "https://example.com/a.mp4" }] }),
      ["https://example.com/a.mp4 Tour"],
    ],
    [
      "an animation",
      attached("animation", { title: "Wave", media: [{ url: "https://example.com/a.gif" }] }),
      ["https://example.com/a.gif Wave"],
    ],
    [
      "a carousel, its buttons told apart",
      {
        attachmentLayout: "carousel",
        attachments: [
          card("hero", { title: "Pier", buttons: [{ type: "imBack", title: "Buy", value: "pier" }] }),
          card("hero", { title: "Bay", buttons: [{ type: "imBack", title: "Buy", value: "bay" }] }),
        ],
      },
      ["Pier", "Bay\n1. Pier: Buy\n2. Bay: Buy"],
    ],
    [
      "the words of an adaptive card as one text",
      adaptive([
        { type: "TextBlock", text: "Your **order**" },
        {
          type: "Container",
          items: [
            {
              type: "ColumnSet",
              columns: [
                { items: [{ type: "TextBlock", text: "Rope" }] },
                { items: [{ type: "RichTextBlock", inlines: ["$", { type: "TextRun", text: "8" }] }] },
              ],
            },
          ],
        },
        { type: "FactSet", facts: [{ title: "Total", value: "$8" }] },
        { type: "TextBlock", text: "hidden", isVisible: false },
      ]),
      ["Your order\nRope\n$8\nTotal: $8"],
    ],
    [
      "a table of an adaptive card, a line for each row",
      adaptive([
        {
          type: "Table",
          rows: [
            {
              cells: [{ items: [{ type: "TextBlock", text: "Rope" }] }, { items: [{ type: "TextBlock", text: "$8" }] }],
            },
          ],
        },
      ]),
      ["Rope | $8"],
    ],
    [
      "an adaptive card with its picture",
      adaptive([
        { type: "Image", url: PICTURE, altText: "The pier" },
        { type: "TextBlock", text: "Open" },
      ]),
      [`${PICTURE} The pier\nOpen`],
    ],
    [
      "an adaptive card's buttons",
      adaptive(
        [{ type: "TextBlock", text: "Sure?" }],
        [
          { type: "Action.Submit", title: "Yes", data: { sure: true } },
          { type: "Action.Submit", title: "No", data: "no" },
        ],
      ),
      ["Sure?\n1. Yes\n2. No"],
    ],
    [
      "an adaptive card's single choice",
      adaptive(
        [
          {
            type: "Input.ChoiceSet",
            id: "size",
            label: "Size?",
            choices: [
              { title: "Small", value: "s" },
              { title: "Large", value: "l" },
            ],
          },
        ],
        [{ type: "Action.Submit", title: "OK", data: { order: 7 } }],
      ),
      ["Size?\n1. Small\n2. Large"],
    ],
    [
      "an adaptive card's link",
      adaptive(
        [{ type: "TextBlock", text: "More" }],
        [{ type: "Action.OpenUrl", title: "Read", url: "https://example.com/" }],
      ),
      ["More", "Read: https://example.com/"],
    ],
    [
      "the fallback text of an Adaptive Card",
      attached("adaptive", { body: [], fallbackText: "Your order is on its way." }),
      ["Your order is on its way."],
    ],
  ])("%s", (_, fields, wanted) => {
    expect(told(fields).said).toEqual(wanted);
  });

  it.each<readonly [string, Fields, string]>([
    ["a card of an unknown kind", attached("hologram", {}), "a card of the kind hologram"],
    [
      "a file within the message",
      { attachments: [{ contentType: "image/png", contentUrl: "data:image/png;base64,aGk=" }] },
      "a file (image/png) without a web address",
    ],
    [
      "a form of two choices",
      adaptive(
        ["size", "colour"].map((id) => ({ type: "Input.ChoiceSet", id, choices: [{ title: "Any", value: "any" }] })),
        [{ type: "Action.Submit", title: "OK" }],
      ),
      "a form in an adaptive card",
    ],
    [
      "a form",
      adaptive([{ type: "Input.Text", id: "name" }], [{ type: "Action.Submit", title: "OK" }]),
      "a form in an adaptive card",
    ],
    ["a part of an adaptive card", adaptive([{ type: "Chart.Donut" }]), "a part of an adaptive card"],
    [
      "a button of an unknown kind",
      attached("hero", { text: "Hi", buttons: [{ type: "dance", title: "Dance" }] }),
      "a button of an unknown kind",
    ],
    ["a card too many", { attachments: Array.from({ length: 12 }, () => card("hero", { text: "x" })) }, "2 more cards"],
  ])("drops %s with a note", (_, fields, what) => {
    const { dialogue } = told({ text: "Hi" }, fields);
    expect(dialogue.reply?.notes).toContain(`Not sent, because a text cannot show it: ${what}.`);
  });

  it("notes other events and activities, except those for developers", () => {
    const { dialogue, said } = told(
      { text: "Hi" },
      { type: "event", name: "set\nTheme" },
      { type: "suggestion" },
      { type: "trace" },
    );
    expect(said).toEqual(["Hi"]);
    expect(dialogue.reply?.notes).toEqual([
      'Event "setTheme" ignored: Parley does not know it.',
      'Activity of type "suggestion" ignored: a text cannot show it.',
    ]);
  });

  it("cuts what exceeds an answer", () => {
    const { dialogue, said } = told(...Array.from({ length: 39 }, (_, index) => ({ text: `${index}` })));
    expect(said).toHaveLength(30);
    expect(dialogue.reply?.notes).toContain("Answer cut: the bot sent more than an answer can contain.");
    expect(told({ text: "Hi" }, { text: "x".repeat(60_000) }).said).toEqual(["Hi"]);
  });

  it("drops what is nested too deeply to store", () => {
    let value: JsonValue = "deep";
    for (let depth = 0; depth < 10_000; depth += 1) value = [value];
    const deep = { text: "Deep", suggestedActions: { actions: [{ type: "postBack", title: "Go", value }] } };
    expect(told({ text: "Hi" }, deep).said).toEqual(["Hi"]);
  });
});

describe("sends a choice as the button says", () => {
  const buttons: JsonValue = [
    { type: "imBack", title: "Boat", value: "I go by boat" },
    { type: "postBack", title: "Car", value: "CAR" },
    { type: "postBack", title: "House", value: { ride: "house" } },
    { type: "messageBack", title: "Plane", text: "fly", displayText: "I fly", value: { ride: "plane" } },
  ];

  it.each<readonly [string, Fields]>([
    ["1", { text: "I go by boat" }],
    ["2", { text: "CAR", channelData: { postBack: true } }],
    ["3", { value: { ride: "house" }, channelData: { postBack: true } }],
    ["plane", { text: "fly", value: { ride: "plane" }, channelData: { messageBack: { displayText: "I fly" } } }],
    ["something else", { text: "something else" }],
  ])("%s", (text, wanted) => {
    const { dialogue } = told({ text: "How?", suggestedActions: { actions: buttons } });
    dialogue.text(text);
    const { text: said, value, channelData } = dialogue.asked.body as Fields;
    const { clientActivityID: _, parley: __, ...own } = channelData as Fields;
    const sent = { text: said, value, channelData: own };
    expect(sent).toEqual({ text: undefined, value: undefined, channelData: {}, ...wanted });
  });

  it("sends a choice with the data of the card's form", () => {
    const input = { type: "Input.ChoiceSet", id: "size", choices: [{ title: "Small", value: "s" }] };
    const { dialogue } = told(adaptive([input], [{ type: "Action.Submit", title: "OK", data: { order: 7 } }]));
    dialogue.text("small");
    expect(dialogue.asked.body).toMatchObject({ value: { order: 7, size: "s" } });
  });
});

describe("handing over and ending", () => {
  const context = { topic: "boats" };

  it.each<readonly [string, Fields, readonly string[], JsonValue]>([
    [
      "an event",
      { type: "event", name: "handoff.initiate", value: { Skill: "sales", ...context } },
      ["Hi"],
      { to: "sales", context: { Skill: "sales", ...context } },
    ],
    [
      "a tag, as JSON in a text",
      { text: "Wait", channelData: { deliveryMode: "bridged", tags: JSON.stringify({ type: "Escalate", context }) } },
      ["Hi", "Wait"],
      { to: null, context },
    ],
    ["a tag, as an object", { channelData: { tags: { type: "Escalate", context } } }, ["Hi"], { to: null, context }],
    [
      "one of some tags",
      { channelData: { tags: ["vip", { type: "Escalate", context }] } },
      ["Hi"],
      { to: null, context },
    ],
    [
      "a tag whose words are for the agent",
      { text: "Wants a boat", channelData: { tags: { type: "Escalate", context } } },
      ["Hi"],
      { to: null, context: { summary: "Wants a boat", ...context } },
    ],
    [
      "a tag without a context",
      { text: "Wants a boat", channelData: { tags: { type: "Escalate" } } },
      ["Hi"],
      { to: null, context: { summary: "Wants a boat", context: null } },
    ],
  ])("%s", (_, fields, wanted, handover) => {
    const { dialogue, said } = told({ text: "Hi" }, fields);
    expect(said).toEqual(wanted);
    expect(dialogue.reply?.handover).toEqual(handover);
    expect(dialogue.reply?.awaits.kind).toBe("text");
  });

  it.each<readonly [string, Fields]>([
    ["an activity", { type: "endOfConversation", code: "completedSuccessfully", text: "Bye." }],
    ["a tag", { text: "Bye.", channelData: { tags: '{"type":"EndConversation","context":{}}' } }],
  ])("ends the conversation by %s", (_, fields) => {
    const { dialogue, said } = told({ text: "Hi" }, fields);
    expect(said).toEqual(["Hi", "Bye."]);
    expect(dialogue.reply?.awaits).toEqual({ kind: "end" });
  });

  it("ignores other tags", () => {
    const { dialogue, said } = told({ text: "Hi", channelData: { tags: "vip, {not json" } });
    expect(said).toEqual(["Hi"]);
    expect(dialogue.reply?.handover).toBeUndefined();
  });
});
