import type { FieldProblem } from "../../core/problem-document.ts";
import { NameGuesses } from "../../schema/name-guesses.ts";
import { type Topic, topicSchema } from "../definition.ts";
import { checkKeywords, type NeighbourTopic } from "./keywords.ts";
import { checkLanguages, listTextLanguages } from "./languages.ts";
import { checkLengths } from "./lengths.ts";
import { checkLiquid } from "./liquid.ts";
import { checkLists, type KnownList } from "./lists.ts";
import { checkLoops } from "./loops.ts";
import { checkOptions } from "./options.ts";
import { excludeBroken, sortProblems } from "./problem-order.ts";
import { checkTargets, type HomeApplication } from "./targets.ts";
import { checkTexts } from "./texts.ts";
import { type CheckFinding, type ParsedTopic, parseTopicDocument } from "./topic-document.ts";
import { checkReachability, checkStepNames, findTransitions } from "./transitions.ts";
import { checkUrls } from "./urls.ts";

/** The applications that use the topic, and the other topics there. */
export interface TopicSurroundings {
  readonly homes: readonly HomeApplication[];
  readonly neighbours: readonly NeighbourTopic[];
  /** The lists of all numbers; absent if they are unknown. */
  readonly lists?: readonly KnownList[];
  /** Variables that the other topics set. */
  readonly variables: readonly string[];
  /** Whether all of these applications replace typographic quotes and dashes by plain ones. */
  readonly smartEncoding: boolean;
}

export interface TopicCheckResult {
  /** Null if there is an error. */
  readonly topic: Topic | null;
  /** In the order of the document. */
  readonly errors: readonly FieldProblem[];
  /** Problems with which the topic can be saved, but that are probably mistakes. */
  readonly warnings: readonly FieldProblem[];
}

const NO_SURROUNDINGS: TopicSurroundings = { homes: [], neighbours: [], variables: [], smartEncoding: false };

/**
 * Finds everything that is wrong with a topic document at once: what does not match the schema and, in all that can be
 * parsed, what cannot work or works differently than it seems.
 * @param document any JSON
 */
export function checkDocument(document: unknown, surroundings: TopicSurroundings = NO_SURROUNDINGS): TopicCheckResult {
  const parsed = parseTopicDocument(document);
  const findings = [...parsed.mismatches, ...excludeBroken(checkMeaning(parsed, surroundings), parsed.broken)];
  const listBySeverity = (severity: CheckFinding["severity"]) =>
    sortProblems(
      findings.filter((finding) => finding.severity === severity),
      parsed.document,
    );
  const errors = listBySeverity("error");
  return {
    topic: errors.length === 0 ? topicSchema.parse(document) : null,
    errors,
    warnings: listBySeverity("warning"),
  };
}

function checkMeaning(
  topic: ParsedTopic,
  { homes, neighbours, lists, variables, smartEncoding }: TopicSurroundings,
): readonly CheckFinding[] {
  const guesses = new NameGuesses(topic.steps.flatMap(({ id }) => id ?? []));
  const transitions = findTransitions(topic, guesses);
  const languages = listTextLanguages(topic);
  return [
    ...checkStepNames(topic, guesses),
    ...checkReachability(topic, transitions),
    ...checkLoops(topic, transitions),
    ...checkLengths(topic, transitions),
    ...checkTargets(topic, homes),
    ...(lists === undefined ? [] : checkLists(topic, homes, lists)),
    ...checkKeywords(topic, languages, neighbours),
    ...checkOptions(topic),
    ...checkLiquid(topic, variables),
    ...checkUrls(topic),
    ...checkTexts(topic, smartEncoding),
    ...checkLanguages(topic, languages),
  ];
}
