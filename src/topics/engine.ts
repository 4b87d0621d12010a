import type {
  Assistant,
  AssistantAnswer,
  AssistantContext,
  AssistantEvent,
  AssistantMemory,
  AssistantReply,
  InterruptionReply,
  TextEvent,
} from "../contract/assistant.ts";
import type { JsonValue } from "../core/json.ts";
import { chooseOption } from "../understanding/choose-option.ts";
import type { TopicMatch } from "../understanding/keywords.ts";
import type { TopicCommand } from "./commands.ts";
import type { NamedTopic } from "./definition.ts";
import { createTopicLibrary, findStep, type StepPlace, type TopicOptions } from "./library.ts";
import { EMPTY_MEMORY, parseMemory, type TopicWait } from "./memory.ts";
import { findSilence, TopicRun } from "./run.ts";
import { findStepKind } from "./steps/catalog.ts";
import type { StepInput, StepOutcome } from "./steps/step-kind.ts";

export interface TopicsAssistant extends Required<Assistant> {
  /** Starts a topic instead of the current one; the variables stay. */
  readonly beginTopic: (topic: string, memory: AssistantMemory | null, context: AssistantContext) => AssistantReply;
}

/** The input of events that carry no text. */
const NO_TEXT = { text: "", media: [] };

/** Creates the built-in assistant for a set of topics. It is pure, apart from a cache of parsed templates. */
export function createTopicsAssistant(topics: readonly NamedTopic[], options: TopicOptions = {}): TopicsAssistant {
  const library = createTopicLibrary(topics, options);
  return {
    canBeginTopic: (topic) => library.findTopic(topic) !== null,
    beginTopic: (topic, stored, context) => {
      const memory = { ...EMPTY_MEMORY, variables: parseMemory(stored).variables };
      return new TopicRun({ library, input: NO_TEXT, context, memory }).startTopic(topic);
    },
    handleEvent: (event, stored, context) => {
      const memory = parseMemory(stored);
      const input = "media" in event ? event : NO_TEXT;
      const isResult = event.kind === "answered" || event.kind === "linked";
      const requestCount = isResult && memory.at !== null && "asked" in memory.at ? (memory.at.asked ?? 0) : 0;
      return handleEvent(new TopicRun({ library, input, context, memory, requestCount }), memory.at, event);
    },
    interrupt: (event, stored, context) =>
      interruptWait(new TopicRun({ library, input: event, context, memory: parseMemory(stored) }), event.text),
  };
}

/** Tests whether no topic continues after this reply, so that the contact's next text looks for one. */
export function isTopicOver({ awaits, memory }: AssistantReply): boolean {
  return awaits.kind === "text" && parseMemory(memory).at === null;
}

/** The step at which the conversation waits, with the state that the step has stored. */
interface WaitingStep {
  readonly place: StepPlace;
  readonly state: JsonValue;
  readonly reminded: boolean;
}

const NO_MATCH: TopicMatch = { kind: "none" };

function handleEvent(run: TopicRun, at: TopicWait, event: AssistantEvent): AssistantReply {
  const waiting = findWaitingStep(run, at);
  // Commands come before the waiting step.
  if (event.kind === "text") return handleText(run, at, waiting, event);
  if (event.kind === "linked") return handleIdentityResult(run, at, waiting, event);
  if (waiting !== null && run.isLinkRequired(waiting.place)) return run.requestIdentityCheck(waiting.place);
  switch (event.kind) {
    case "begun":
      run.keepVariables(event.variables);
      return run.startTopic(event.topic);
    case "silent":
      return waiting === null ? run.createReply(null) : handleSilence(run, waiting);
    case "answered":
    case "paused":
      return waiting === null ? run.createReply(null) : resumeStep(run, waiting, event);
    case "file": {
      const outcome = waiting === null ? null : decideOutcome(run, waiting, event);
      return waiting === null || outcome === null ? run.createReply(null) : followAnswer(run, waiting, outcome);
    }
  }
}

/** @returns the waiting step, or null between topics and if the step no longer exists */
function findWaitingStep(run: TopicRun, at: TopicWait): WaitingStep | null {
  if (at === null || !("topic" in at)) return null;
  const place = run.library.findPlace(at);
  if (place !== null) return { place, state: at.state, reminded: at.reminded ?? false };
  run.addNote(`Step "${at.step}" of topic "${at.topic}" no longer exists.`);
  return null;
}

/** Answers help and exit during a pause, unless the word is a topic's keyword. */
function interruptWait(run: TopicRun, text: string): InterruptionReply | null {
  if (run.library.topicFinder.findExact(text).kind !== "none") return null;
  switch (run.library.commands.findCommand(text, run.getContext().language)) {
    case "help":
      return { answers: writeHelp(run), ends: false };
    case "exit":
      return { answers: run.renderMessage("goodbye"), ends: true };
    case "menu":
    case "agent":
    case "back":
    case "login":
    case "logout":
    case null:
      return null;
  }
}

function handleText(run: TopicRun, at: TopicWait, waiting: WaitingStep | null, event: TextEvent): AssistantReply {
  const { text } = event;
  const command = isStepAnswer(run, waiting, text)
    ? null
    : run.library.commands.findCommand(text, run.getContext().language);
  if (command !== null) return runCommand(run, command, at, waiting, text);
  if (waiting !== null && run.isLinkRequired(waiting.place)) return run.requestIdentityCheck(waiting.place);
  const chosen = at !== null && "which" in at ? chooseTopic(run, at.which, text) : null;
  if (chosen !== null) return run.startTopic(chosen);
  const outcome = waiting === null ? null : decideOutcome(run, waiting, event);
  if (waiting === null || outcome === null) return startTopicByText(run, text);
  const other = outcome.kind === "unclear" ? run.library.topicFinder.findExact(text) : NO_MATCH;
  if (other.kind === "none") return followAnswer(run, waiting, outcome);
  run.rememberQuestion(waiting.place);
  return startMatch(run, other);
}

function isStepAnswer(run: TopicRun, waiting: WaitingStep | null, text: string): boolean {
  const step = waiting === null ? null : findStep(waiting.place);
  if (waiting === null || step === null) return false;
  return findStepKind(step).isOwnAnswer?.(step, text, waiting.state, run.getContext()) ?? false;
}

function decideOutcome(run: TopicRun, { place, state }: WaitingStep, input: StepInput): StepOutcome | null {
  const step = findStep(place);
  return step === null ? null : (findStepKind(step).receive?.(step, input, state, run.getContext()) ?? null);
}

/** Outcomes after which the question is still unanswered. */
const UNANSWERED_KINDS: ReadonlySet<StepOutcome["kind"]> = new Set(["unclear", "wait", "file"]);

function followAnswer(run: TopicRun, { place }: WaitingStep, outcome: StepOutcome): AssistantReply {
  if (!UNANSWERED_KINDS.has(outcome.kind)) run.rememberQuestion(place);
  return run.followOutcome(place, outcome);
}

function resumeStep(run: TopicRun, waiting: WaitingStep, input: StepInput): AssistantReply {
  const outcome = decideOutcome(run, waiting, input);
  return outcome === null ? run.createReply(null) : run.followOutcome(waiting.place, outcome);
}

/** Goes on after an identity check, whether the contact is linked or a guest. */
function handleIdentityResult(
  run: TopicRun,
  at: TopicWait,
  waiting: WaitingStep | null,
  event: Extract<StepInput, { kind: "linked" }>,
): AssistantReply {
  if (at !== null && "onceLinked" in at) {
    const place = event.isLinked ? run.library.findPlace(at.onceLinked) : null;
    return place === null ? run.returnToTopic() : run.runSteps(place);
  }
  if (waiting === null) return run.createReply(at);
  if (run.isLinkRequired(waiting.place)) return run.returnToTopic();
  // After LOGIN in the middle of a question, the question is asked again.
  return findStep(waiting.place)?.kind === "link" ? resumeStep(run, waiting, event) : run.runSteps(waiting.place);
}

/** Sends the reminder at the first silence and gives up at the second. */
function handleSilence(run: TopicRun, { place, state, reminded }: WaitingStep): AssistantReply {
  const silence = findSilence(place);
  const { render } = run.getContext();
  if (silence === undefined) return run.waitForText(place, state);
  if (!reminded) {
    run.addAnswers(
      silence.text === undefined ? run.renderMessage("stillThere") : [{ kind: "text", text: render(silence.text) }],
    );
    return run.waitAgain(place, state, silence.giveUp?.after ?? null);
  }
  const { text, next } = silence.giveUp ?? {};
  const farewell = text === undefined ? [] : [{ kind: "text", text: render(text) } as const];
  if (next === undefined) return run.endConversation(farewell);
  run.addAnswers(farewell);
  return run.runSteps(run.library.nextPlace(place, next));
}

function startTopicByText(run: TopicRun, text: string): AssistantReply {
  return startMatch(run, run.library.topicFinder.find(text));
}

function startMatch(run: TopicRun, found: TopicMatch): AssistantReply {
  switch (found.kind) {
    case "topic":
      return run.startTopic(found.id);
    case "which": {
      const titles = listTopicTitles(run, found.ids).map((title, index) => `${index + 1}. ${title}`);
      const [question] = run.renderMessage("didYouMean");
      const lines = question?.kind === "text" ? [question.text, ...titles] : titles;
      return run.createReply({ which: found.ids }, [{ kind: "text", text: lines.join("\n") }]);
    }
    case "none":
      return run.createReply(null, run.renderMessage("notUnderstood"));
  }
}

function chooseTopic(run: TopicRun, ids: readonly string[], text: string): string | null {
  const options = listTopicTitles(run, ids).map((label) => ({ label }));
  const choice = chooseOption(text, options, run.getContext().language);
  return choice.kind === "chosen" ? (ids[choice.index] ?? null) : null;
}

function listTopicTitles(run: TopicRun, ids: readonly string[]): readonly string[] {
  return ids.map((id) => run.library.findTopic(id)?.title ?? id);
}

/** Carries out a command, unless a topic has the word as a keyword: then that topic starts. */
function runCommand(
  run: TopicRun,
  command: TopicCommand,
  at: TopicWait,
  waiting: WaitingStep | null,
  text: string,
): AssistantReply {
  const { topicFinder: finder, options } = run.library;
  const commandTopic = command === "menu" || command === "agent" ? options[command] : undefined;
  const exact = finder.findExact(text);
  const found: TopicMatch =
    exact.kind === "none" && commandTopic !== undefined ? { kind: "topic", id: commandTopic } : exact;
  if (found.kind !== "none") {
    if (waiting !== null) run.rememberQuestion(waiting.place);
    return startMatch(run, found);
  }
  switch (command) {
    case "login":
      return run.isLinked
        ? answerAndWait(run, waiting, run.renderMessage("linked"))
        : run.createReply(at, [], { kind: "link" });
    case "logout":
      return run.isLinked ? handleLogout(run, waiting) : run.endConversation(run.renderMessage("goodbye"));
    case "exit":
      return run.endConversation(run.renderMessage("goodbye"));
    case "back": {
      const place = run.goBack();
      if (place !== null) return run.runSteps(place);
      run.addAnswers(run.renderMessage("nothingBefore"));
      return waiting === null ? run.createReply(null) : run.runSteps(waiting.place);
    }
    case "agent":
      return answerAndWait(run, waiting, run.renderMessage("noAgent"));
    case "menu":
    case "help":
      return answerAndWait(run, waiting, writeHelp(run));
  }
}

function handleLogout(run: TopicRun, waiting: WaitingStep | null): AssistantReply {
  run.unlinkContact();
  // The question of a topic that requires a linked contact is not asked again.
  const next = waiting !== null && !run.isLinkRequired(waiting.place) ? waiting : null;
  return answerAndWait(run, next, run.renderMessage("unlinked"));
}

function writeHelp(run: TopicRun): readonly AssistantAnswer[] {
  return run.renderMessage("help", { words: run.library.commands.listWords(run.getContext().language) });
}

function answerAndWait(
  run: TopicRun,
  waiting: WaitingStep | null,
  answers: readonly AssistantAnswer[],
): AssistantReply {
  run.addAnswers(answers);
  return waiting === null ? run.createReply(null) : run.waitForText(waiting.place, waiting.state);
}
