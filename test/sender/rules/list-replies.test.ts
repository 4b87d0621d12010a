import { describe, expect, it } from "vitest";
import type { ChatParticipants } from "../../../src/chats/play.ts";
import { answeringWith, playChat, topic } from "../../support/chat.ts";
import { list } from "../../support/lists.ts";

const TOPICS = [
  topic("order", {
    keywords: ["order"],
    steps: [
      {
        kind: "choice",
        id: "size",
        text: "Which size?",
        options: [{ label: "Small" }, { label: "Large" }],
        save: "size",
      },
      { kind: "confirm", id: "sure", text: "{{ size }}, sure?" },
      { kind: "say", id: "done", text: "Ordered." },
    ],
  }),
  topic("look", {
    keywords: ["look"],
    steps: [
      { kind: "say", id: "moment", text: "One moment." },
      { kind: "call", id: "ask", request: { url: "https://api.example.com/" }, failed: "done" },
      { kind: "say", id: "done", text: "Looked." },
    ],
  }),
];

const application = answeringWith(TOPICS, { messages: { notUnderstood: "What?" } });
const ONE = [list("news")];
const SEVERAL = [
  list("news"),
  list("offers", { title: { en: "Special offers", es: "Ofertas" } }),
  list("staff", { audience: "linked" }),
];

function goes(chat: string, lists: ChatParticipants["lists"] = SEVERAL, more: Partial<ChatParticipants> = {}): void {
  expect(playChat(chat, application, { ...(lists === undefined ? {} : { lists }), ...more })).toBe(chat);
}

describe("NOTIFICATION", () => {
  it("shows each list that the contact may have, with its state; all are off by default", () => {
    goes(`> NOTIFICATION
< Notifications:
  1. News: off
  2. Special offers: off
  Text START or STOP with a number, such as START 1.
> start 2
< Special offers: on. To switch it off, text STOP 2.
> Notifications!
< Notifications:
  1. News: off
  2. Special offers: on
  Text START or STOP with a number, such as START 1.`);
  });

  it("shows lists for linked persons only to them", () => {
    const linked = { person: () => ({ id: "ada" }) };
    goes(
      `> notification
< Notifications:
  1. News: off
  2. Special offers: off
  3. Staff: off
  Text START or STOP with a number, such as START 1.
> START staff
< Staff: on. To switch it off, text STOP 3.`,
      SEVERAL,
      linked,
    );
    goes(
      "> START staff\n< Which one? Please reply with its number.\n  1. News\n  2. Special offers".replace(
        "START staff",
        "START",
      ),
    );
    goes(
      `> notification
< There are no notifications to choose from here.
> START 1
< What?`,
      [list("staff", { audience: "linked" })],
    );
  });

  it("is an ordinary text if the number has no lists", () => {
    goes("> notification\n< What?\n> START 1\n< What?", []);
  });

  it.each(["1 on", "on 1", "ON: 1", "news on", "switch on news", "1 start"])(
    "%j right after it switches the first one",
    (text) => {
      goes(`> notification
< Notifications:
  1. News: off
  2. Special offers: off
  Text START or STOP with a number, such as START 1.
> ${text}
< News: on. To switch it off, text STOP 1.
> ${text}
< What?`);
    },
  );

  it("may be followed by a bare ON if there is one list, until another text arrives", () => {
    goes(
      `> notification
< Notifications:
  1. News: off
  Text START or STOP with a number, such as START 1.
> on
< News: on. To switch it off, text STOP 1.
> off
< What?
> notification
< Notifications:
  1. News: on
  Text START or STOP with a number, such as START 1.
wait 1h
> off
< What?`,
      ONE,
    );
  });
});

describe("START and STOP with a list", () => {
  it.each(["START 1", "start news", "Start  NEWS.", "START 1️⃣", "start ¡News!"])(
    "%j switches it on whenever it comes",
    (text) => {
      goes(`> ${text}\n< News: on. To switch it off, text STOP 1.`);
    },
  );

  it("accept its title in any language", () => {
    goes("> start ofertas\n< Special offers: on. To switch it off, text STOP 2.");
  });

  it.each(["start 3", "START 0", "stop 12", "start staff", "start", "stop news please", "start over"])(
    "%j names no list that the contact may have",
    (text) => {
      const played = playChat(`> ${text}`, application, { lists: SEVERAL });
      expect(played).not.toMatch(/: o(?:n|ff)\./u);
    },
  );

  it("confirm the subscription also if nothing changes", () => {
    goes(`> stop news
< News: off. To switch it on, text START 1.
> start news
< News: on. To switch it off, text STOP 1.
> start news
< News: on. To switch it off, text STOP 1.
> STOP 1
< News: off. To switch it on, text START 1.`);
  });

  it("keep the question of a conversation open", () => {
    goes(`> order
< Which size?
  1. Small
  2. Large
> START 2
< Special offers: on. To switch it off, text STOP 2.
> 2
< Large, sure?
> STOP 2
< Special offers: off. To switch it on, text START 2.
> yes
< Ordered.`);
  });

  it("are answered at once even while the assistant is busy; other texts wait", () => {
    goes(`> look
< One moment.
? GET https://api.example.com/
> hello
(no more texts)
> start news
< News: on. To switch it off, text STOP 1.
= 200 {}
< Looked.
< What?`);
  });
});

describe("START alone", () => {
  it("subscribes to the only list", () => {
    goes(
      "> START\n< News: on. To switch it off, text STOP 1.\n> start\n< News: on. To switch it off, text STOP 1.",
      ONE,
    );
  });

  it("gets the question which of several lists; a number answers it", () => {
    goes(`> order
< Which size?
  1. Small
  2. Large
> START
< Which one? Please reply with its number.
  1. News
  2. Special offers
> 2
< Special offers: on. To switch it off, text STOP 2.
> 1
< Small, sure?`);
  });

  it("leaves any other answer to the conversation", () => {
    goes(`> order
< Which size?
  1. Small
  2. Large
> START
< Which one? Please reply with its number.
  1. News
  2. Special offers
> large
< Large, sure?
> 1
< Please answer yes or no.`);
  });

  it("only opts in after an opt-out", () => {
    goes(
      `> start
< News: on. To switch it off, text STOP 1.
> STOP
(no more texts)
> notification
(no more texts)
> start 1
(no more texts)
> START
(no more texts)
> notification
< Notifications:
  1. News: off
  Text START or STOP with a number, such as START 1.
> [carrier start] START
< News: on. To switch it off, text STOP 1.`,
      ONE,
    );
  });

  it("belongs to the carrier if the contact may have no list", () => {
    goes("> START\n(no more texts)", [list("staff", { audience: "linked" })]);
    goes("> START\n(no more texts)", []);
  });
});

describe("STOP alone", () => {
  it.each(["STOP", "stop", " Unsubscribe", "[carrier stop] BASTA", "[carrier stop] STOP 1"])(
    "(%j) is the carrier's: it ends every list",
    (text) => {
      goes(`> start 1
< News: on. To switch it off, text STOP 1.
> start 2
< Special offers: on. To switch it off, text STOP 2.
> ${text.trim()}
(no more texts)
> START
(no more texts)
> notification
< Notifications:
  1. News: off
  2. Special offers: off
  Text START or STOP with a number, such as START 1.`);
    },
  );
});

describe("a list with double opt-in", () => {
  const wary = [list("news", { doubleOptIn: true }), list("offers")];
  it("asks for a YES, and subscribes only then", () => {
    goes(
      `> START 1
< Reply YES to switch on News.
> [carrier start] YES
< News: on. To switch it off, text STOP 1.
> START news
< News: on. To switch it off, text STOP 1.`,
      wary,
    );
  });

  it("accepts NO, and keeps waiting after other texts", () => {
    goes(
      `> START 1
< Reply YES to switch on News.
> no, thanks
< News: off. To switch it on, text START 1.
> START 1
< Reply YES to switch on News.
> what is it?
< What?
> yes
< What?
> notification
< Notifications:
  1. News: waiting for your YES
  2. Offers: off
  Text START or STOP with a number, such as START 1.
> start 1
< Reply YES to switch on News.
> ok
< News: on. To switch it off, text STOP 1.`,
      wary,
    );
  });
});

describe("in the contact's language", () => {
  const spanish = answeringWith(
    [topic("es", { keywords: ["hola"], steps: [{ kind: "ask", id: "a", text: "¿Sí?", save: "x" }] })],
    {
      language: "es",
    },
  );
  it("all messages are sent and understood", () => {
    const chat = `> notificaciones
< Avisos:
  1. News: desactivado
  2. Ofertas: desactivado
  Responda START o STOP con la cifra, por ejemplo START 1.
> activar 2
< Ofertas: activado. Para desactivarlo, escriba STOP 2.
> Stop ofertas
< Ofertas: desactivado. Para activarlo, escriba START 2.
> NOTIFICATION
< Avisos:
  1. News: desactivado
  2. Ofertas: desactivado
  Responda START o STOP con la cifra, por ejemplo START 1.
> 1 on
< News: activado. Para desactivarlo, escriba STOP 1.`;
    expect(playChat(chat, spanish, { lists: SEVERAL })).toBe(chat);
  });
});
