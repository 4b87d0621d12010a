import type {
  Answer,
  Assistant,
  Event,
  Interruption,
  Memory,
  Reply,
  Setting,
  TextEvent,
} from "../contract/assistant.ts";
import type { Json } from "../core/json.ts";
import { choose } from "../understanding/choose.ts";
import type { Found } from "../understanding/keywords.ts";
import type { Wish } from "./commands.ts";
import type { NamedTopic } from "./definition.ts";
import { libraryOf, type Options, type Place, stepAt } from "./library.ts";
import { type At, NOTHING, readMemory } from "./memory.ts";
import { Run, silenceOf } from "./run.ts";
import { kindOf } from "./steps/catalog.ts";
import type { Heard, Outcome } from "./steps/kind.ts";

export interface TopicsAssistant extends Required<Assistant> {
  /** Begins a topic, whatever was begun before; what variables hold stays. */
  readonly begin: (topic: string, memory: Memory | null, setting: Setting) => Reply;
}

/**
 * The built-in assistant over a set of topics. Pure, but for the parsed templates that it keeps.
 */
export function topicsAssistant(topics: readonly NamedTopic[], options: Options = {}): TopicsAssistant {
  const library = libraryOf(topics, options);
  return {
    begins: (topic) => library.topic(topic) !== null,
    begin: (topic, memory, setting) => {
      const { variables } = readMemory(memory);
      return new Run(library, { text: "", media: [] }, setting, { ...NOTHING, variables }).start(topic);
    },
    hear: (event, memory, setting) => {
      const known = readMemory(memory);
      const heard = "media" in event ? event : { text: "", media: [] };
      const isEnd = event.kind === "answered" || event.kind === "linked";
      const asked = isEnd && known.at !== null && "asked" in known.at ? known.at.asked : 0;
      return hearEvent(new Run(library, heard, setting, known, asked), known.at, event);
    },
    interrupt: (event, memory, setting) => interrupt(new Run(library, event, setting, readMemory(memory)), event.text),
  };
}

/** @returns whether after this reply nothing of a topic is left to be done: the person's next text looks for one */
export function isOver({ awaits, memory }: Reply): boolean {
  return awaits.kind === "text" && readMemory(memory).at === null;
}

/** Where the conversation waits, and what the step there has kept for itself. */
interface Waiting {
  readonly place: Place;
  readonly state: Json;
  readonly reminded: boolean;
}

const NOBODY: Found = { kind: "none" };

function hearEvent(run: Run, at: At, event: Event): Reply {
  const waiting = waitingAt(run, at);
  // Words that always work come before it.
  if (event.kind === "text") return hearText(run, at, waiting, event);
  if (event.kind === "linked") return hearLinked(run, at, waiting, event);
  if (waiting !== null && run.mustLink(waiting.place)) return run.link(waiting.place);
  switch (event.kind) {
    case "begun":
      run.keep(event.variables);
      return run.start(event.topic);
    case "silent":
      return waiting === null ? run.rest(null) : hearSilence(run, waiting);
    case "answered":
    case "paused":
      return waiting === null ? run.rest(null) : goOn(run, waiting, event);
    case "file": {
      const outcome = waiting === null ? null : hearAt(run, waiting, event);
      return waiting === null || outcome === null ? run.rest(null) : followFrom(run, waiting, outcome);
    }
  }
}

/** The step that something is awaited at, or null between topics and where the topic has changed under the conversation. */
function waitingAt(run: Run, at: At): Waiting | null {
  if (at === null || !("topic" in at)) return null;
  const place = run.library.place(at);
  if (place !== null) return { place, state: at.state, reminded: at.reminded ?? false };
  run.note(`Step "${at.step}" of topic "${at.topic}" is not there any more.`);
  return null;
}

/** Help and exit work in a pause, too; not where a topic has the word. */
function interrupt(run: Run, text: string): Interruption | null {
  if (run.library.finder.exact(text).kind !== "none") return null;
  switch (run.library.wishes.find(text, run.context().language)) {
    case "help":
      return { answers: helpIn(run), ends: false };
    case "exit":
      return { answers: run.message("goodbye"), ends: true };
    case "menu":
    case "agent":
    case "back":
    case "login":
    case "logout":
    case null:
      return null;
  }
}

function hearText(run: Run, at: At, waiting: Waiting | null, event: TextEvent): Reply {
  const { text } = event;
  const command = claims(run, waiting, text) ? null : run.library.wishes.find(text, run.context().language);
  if (command !== null) return obey(run, command, at, waiting, text);
  if (waiting !== null && run.mustLink(waiting.place)) return run.link(waiting.place);
  const meant = at !== null && "which" in at ? topicMeant(run, at.which, text) : null;
  if (meant !== null) return run.start(meant);
  const outcome = waiting === null ? null : hearAt(run, waiting, event);
  if (waiting === null || outcome === null) return startByWords(run, text);
  const other = outcome.kind === "unclear" ? run.library.finder.exact(text) : NOBODY;
  if (other.kind === "none") return followFrom(run, waiting, outcome);
  run.remember(waiting.place);
  return startFound(run, other);
}

function claims(run: Run, waiting: Waiting | null, text: string): boolean {
  const step = waiting === null ? null : stepAt(waiting.place);
  if (waiting === null || step === null) return false;
  return kindOf(step).claims?.(step, text, waiting.state, run.context()) ?? false;
}

function hearAt(run: Run, { place, state }: Waiting, heard: Heard): Outcome | null {
  const step = stepAt(place);
  return step === null ? null : (kindOf(step).hear?.(step, heard, state, run.context()) ?? null);
}

/** Outcomes with which a question is not answered yet. */
const STAYING: ReadonlySet<Outcome["kind"]> = new Set(["unclear", "wait", "file"]);

function followFrom(run: Run, { place }: Waiting, outcome: Outcome): Reply {
  if (!STAYING.has(outcome.kind)) run.remember(place);
  return run.follow(place, outcome);
}

function goOn(run: Run, waiting: Waiting, heard: Heard): Reply {
  const outcome = hearAt(run, waiting, heard);
  return outcome === null ? run.rest(null) : run.follow(waiting.place, outcome);
}

/** The person has shown who they are, or goes on as a guest. */
function hearLinked(run: Run, at: At, waiting: Waiting | null, event: Extract<Heard, { kind: "linked" }>): Reply {
  if (at !== null && "onceLinked" in at) {
    const place = event.isLinked ? run.library.place(at.onceLinked) : null;
    return place === null ? run.comeBack() : run.walk(place);
  }
  if (waiting === null) return run.rest(at);
  if (run.mustLink(waiting.place)) return run.comeBack();
  // They have signed in by a word, in the middle of something else: that is asked again.
  return stepAt(waiting.place)?.kind === "link" ? goOn(run, waiting, event) : run.walk(waiting.place);
}

/** First a reminder, then the step gives up. */
function hearSilence(run: Run, { place, state, reminded }: Waiting): Reply {
  const silence = silenceOf(place);
  const { render } = run.context();
  if (silence === undefined) return run.wait(place, state);
  if (!reminded) {
    run.say(silence.text === undefined ? run.message("stillThere") : [{ kind: "text", text: render(silence.text) }]);
    return run.waitAgain(place, state, silence.giveUp?.after ?? null);
  }
  const { text, next } = silence.giveUp ?? {};
  const farewell = text === undefined ? [] : [{ kind: "text", text: render(text) } as const];
  if (next === undefined) return run.end(farewell);
  run.say(farewell);
  return run.walk(run.library.after(place, next));
}

function startByWords(run: Run, text: string): Reply {
  return startFound(run, run.library.finder.find(text));
}

function startFound(run: Run, found: Found): Reply {
  switch (found.kind) {
    case "topic":
      return run.start(found.id);
    case "which": {
      const titles = titlesOf(run, found.ids).map((title, index) => `${index + 1}. ${title}`);
      const [question] = run.message("didYouMean");
      const words = question?.kind === "text" ? [question.text, ...titles] : titles;
      return run.rest({ which: found.ids }, [{ kind: "text", text: words.join("\n") }]);
    }
    case "none":
      return run.rest(null, run.message("notUnderstood"));
  }
}

function topicMeant(run: Run, ids: readonly string[], text: string): string | null {
  const options = titlesOf(run, ids).map((label) => ({ label }));
  const choice = choose(text, options, run.context().language);
  return choice.kind === "chosen" ? (ids[choice.index] ?? null) : null;
}

function titlesOf(run: Run, ids: readonly string[]): readonly string[] {
  return ids.map((id) => run.library.topic(id)?.title ?? id);
}

/** Does what one of the words asks for that always work. A topic that has the word among its keywords comes first. */
function obey(run: Run, command: Wish, at: At, waiting: Waiting | null, text: string): Reply {
  const { finder, options } = run.library;
  const named = command === "menu" || command === "agent" ? options[command] : undefined;
  const own = finder.exact(text);
  const found: Found = own.kind === "none" && named !== undefined ? { kind: "topic", id: named } : own;
  if (found.kind !== "none") {
    if (waiting !== null) run.remember(waiting.place);
    return startFound(run, found);
  }
  switch (command) {
    case "login":
      return run.isLinked ? stay(run, waiting, run.message("linked")) : run.rest(at, [], { kind: "link" });
    case "logout":
      return run.isLinked ? logOut(run, waiting) : run.end(run.message("goodbye"));
    case "exit":
      return run.end(run.message("goodbye"));
    case "back": {
      const place = run.back();
      if (place !== null) return run.walk(place);
      run.say(run.message("nothingBefore"));
      return waiting === null ? run.rest(null) : run.walk(waiting.place);
    }
    case "agent":
      return stay(run, waiting, run.message("noAgent"));
    case "menu":
    case "help":
      return stay(run, waiting, helpIn(run));
  }
}

function logOut(run: Run, waiting: Waiting | null): Reply {
  run.unlink();
  // What a topic says that is not for guests is not asked any more.
  const stays = waiting !== null && !run.mustLink(waiting.place) ? waiting : null;
  return stay(run, stays, run.message("unlinked"));
}

function helpIn(run: Run): readonly Answer[] {
  return run.message("help", { words: run.library.wishes.words(run.context().language) });
}

function stay(run: Run, waiting: Waiting | null, answers: readonly Answer[]): Reply {
  run.say(answers);
  return waiting === null ? run.rest(null) : run.wait(waiting.place, waiting.state);
}
