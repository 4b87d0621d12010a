import { topic } from "./chat.ts";

/** Two topics that do all that takes time: they ask a system, pause, remind and give up. */
export const PARCELS = [
  topic("parcel", {
    keywords: ["parcel"],
    steps: [
      {
        kind: "ask",
        id: "number",
        text: "Which number?",
        save: "code",
        silence: { after: 60, text: "Still there?", giveUp: { after: 30, text: "Bye for now." } },
      },
      { kind: "say", id: "look", text: "One moment." },
      {
        kind: "call",
        id: "call",
        request: { url: "https://api.example.com/parcels/{{ code }}" },
        save: "parcel",
        failed: "down",
      },
      {
        kind: "say",
        id: "status",
        text: "Parcel {{ code }} for {{ parcel.name }} is {{ parcel.status }}.",
        next: "more",
      },
      { kind: "say", id: "down", text: "We cannot look now." },
      { kind: "confirm", id: "more", text: "Another?", yes: "number", no: "call-back" },
      { kind: "topic", id: "call-back", topic: "call-back" },
    ],
  }),
  topic("call-back", {
    keywords: ["call"],
    steps: [
      { kind: "ask", id: "name", text: "Your name?", save: "name", silence: { after: 120 } },
      { kind: "wait", id: "pause", seconds: 5 },
      { kind: "end", id: "done", text: "We call {{ sender }}, {{ name | upcase | truncate: 12 }}." },
    ],
  }),
] as const;
