import { plainText } from "../../contract/plain-text.ts";
import { MODEL_TURN_TOKENS } from "../../core/limits/assistants.ts";
import type { Saying } from "../compose.ts";
import type { Answered, Move, Situation } from "../connector.ts";
import type { Completion } from "./completion.ts";
import { closed, type Memory, NOTHING_PENDING, type Pending, stored } from "./memory.ts";
import { type Message, tokensOf } from "./messages.ts";
import type { Model } from "./request.ts";
import { wholeSentences } from "./sentences.ts";
import { type Deed, understand } from "./tools.ts";

/** The model has answered without calling anything. */
export function answer(model: Model, memory: Memory, completion: Completion): Move {
  const { refusal, finish } = completion;
  // What it says of why it does not answer is meant for the person, and in their language.
  const isRefused = completion.content === "" && refusal !== "";
  const words = isRefused ? refusal : completion.content;
  const said = plainText(words, "markdown").toWellFormed();
  const text = finish === "cut" ? wholeSentences(said, said.length) : said;
  const { pending, isTold } = memory;
  const { sayings, handover, ends } = pending;
  if (text === "" && sayings.length === 0 && handover === null && !ends && !isTold) {
    const reason = finish === "cut" ? "it had no tokens left to answer with (`maxOutputTokens`)" : "it said nothing";
    return { kind: "failed", reason, memory: stored(memory) };
  }
  const notes = [
    ...pending.notes,
    ...(isRefused ? ["The model refused to answer; its own words were sent."] : []),
    ...(finish === "cut" ? ["The model's answer was cut off (`maxOutputTokens`)."] : []),
  ];
  // The model reads later what the person has read.
  const { answerCharacters } = model.settings;
  const content = text.length > answerCharacters ? wholeSentences(text, answerCharacters) : text;
  return finished(model, memory, { ...withText(pending, text), notes }, { role: "assistant", content });
}

/** Neither a failure of the server's nor one that another location would mend: the person is told, and the conversation forgets it. */
export function filtered({ settings }: Model, memory: Memory, { setting }: Situation): Move {
  const text = memory.isTold ? "" : (setting.message("failure", setting.language) ?? "");
  const notes = [...memory.pending.notes, "The provider's content filter withheld the answer."];
  const kept = closed({ ...memory, now: [] }, settings.historyTokens);
  return { kind: "answer", sayings: withText(NOTHING_PENDING, text).sayings, notes, memory: stored(kept) };
}

/**
 * What follows from calls: the model goes on with what they have answered, a topic begins, or the turn is over.
 * @returns null where there is far too much of it
 */
export function onward(
  model: Model,
  memory: Memory,
  { content, calls }: Completion,
): Move | { readonly kind: "ask"; readonly memory: Memory } | null {
  const deeds = calls.map((call) => understand(call, { tools: model.settings.tools, offers: model.offers }));
  const topic = deeds.findIndex(({ kind }) => kind === "topic");
  const text = plainText(content, "markdown").toWellFormed();
  let pending = withText(memory.pending, text);
  const results: Message[] = [];
  for (const [index, call] of calls.entries()) {
    if (index === topic) continue;
    const deed = deeds[index] ?? NOTHING_DONE;
    const done = topic === -1 || deed.kind === "picture" || deed.kind === "wrong" ? perform(deed, pending) : INSTEAD;
    pending = done.pending ?? pending;
    results.push({ role: "tool", id: call.id, content: done.result });
  }
  const plain = calls.map(({ id, name, arguments: given }) => ({ id, name, arguments: given }));
  const now = [...memory.now, { role: "assistant", content: text, calls: plain } as const, ...results];
  if (tokensOf(now) > MODEL_TURN_TOKENS) return null;
  const begun = deeds[topic];
  if (begun?.kind === "topic") {
    const after = { ...memory, now, pending: NOTHING_PENDING, topic: calls[topic]?.id ?? null };
    const notes = [...pending.notes, `The model has begun the topic "${begun.id}".`];
    return { kind: "answer", ...answered(model, { ...pending, notes }), topic: begun.id, memory: stored(after) };
  }
  if (isOver(pending, deeds)) return finished(model, { ...memory, now }, pending);
  return { kind: "ask", memory: { ...memory, now, pending } };
}

const NOTHING_DONE: Deed = { kind: "wrong", why: "Nothing was done." };

interface Done {
  /** For the model. */
  readonly result: string;
  readonly pending?: Pending;
}

const INSTEAD: Done = {
  result: "Not done, because a topic begins. Call it again after the topic, where it is still wanted.",
};

function perform(deed: Deed, pending: Pending): Done {
  switch (deed.kind) {
    case "wrong":
      return { result: deed.why };
    case "topic":
      return INSTEAD;
    case "picture": {
      const picture = { kind: "image", url: deed.url, title: deed.title } as const;
      return { result: "Sent.", pending: { ...pending, sayings: [...pending.sayings, picture] } };
    }
    case "choices": {
      const options = deed.options.map((label) => ({ label, value: label }));
      const saying = { kind: "options", text: plainText(deed.text, "markdown"), options } as const;
      return {
        result: "Shown. The person answers next.",
        pending: { ...pending, sayings: [...pending.sayings, saying] },
      };
    }
    case "handover": {
      const handover = { to: deed.to, context: { summary: deed.summary } };
      return {
        result: "A colleague was asked. Tell the person.",
        pending: { ...withText(pending, deed.text), handover },
      };
    }
    case "end":
      return { result: "Ended. Say goodbye.", pending: { ...withText(pending, deed.text), ends: true } };
  }
}

/** After choices the person is next; handing over and ending are done once the person is told something. */
function isOver({ sayings, handover, ends }: Pending, deeds: readonly Deed[]): boolean {
  return deeds.some(({ kind }) => kind === "choices") || ((handover !== null || ends) && sayings.length > 0);
}

function finished(model: Model, memory: Memory, pending: Pending, last?: Message): Move {
  const now = last === undefined || last.content === "" ? memory.now : [...memory.now, last];
  const kept = closed({ ...memory, now }, model.settings.historyTokens);
  return { kind: "answer", ...answered(model, pending), memory: stored(kept) };
}

function answered({ settings }: Model, { sayings, handover, ends, notes }: Pending): Answered {
  const fit = fitting(sayings, settings.answerCharacters);
  const cut = fit.isCut
    ? [`The model's answer was longer than ${settings.answerCharacters} characters, and was cut.`]
    : [];
  return { sayings: fit.sayings, notes: [...notes, ...cut], ends, ...(handover === null ? {} : { handover }) };
}

/** Pictures and options stay; texts have so many characters together. */
function fitting(
  sayings: readonly Saying[],
  characters: number,
): { readonly sayings: readonly Saying[]; readonly isCut: boolean } {
  let left = characters;
  let isCut = false;
  const fit = sayings.map((saying) => {
    if (saying.kind !== "text" && saying.kind !== "options") return saying;
    const { text = "" } = saying;
    const kept = text.length <= left ? text : wholeSentences(text, left);
    isCut ||= kept.length < text.length;
    left -= kept.length;
    return { ...saying, text: kept };
  });
  return { sayings: fit, isCut };
}

function withText(pending: Pending, text: string): Pending {
  return text === "" ? pending : { ...pending, sayings: [...pending.sayings, { kind: "text", text }] };
}
