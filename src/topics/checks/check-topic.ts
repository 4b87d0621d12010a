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

/** What a topic will stand beside, in the applications that have it. */
export interface TopicSurroundings {
  readonly homes: readonly HomeApplication[];
  readonly neighbours: readonly NeighbourTopic[];
  /** The lists of all numbers; left out: they are not known. */
  readonly lists?: readonly KnownList[];
  /** Variables that the other topics set. */
  readonly variables: readonly string[];
  /** Do all of its applications write plain quotes and dashes for others? */
  readonly smartEncoding: boolean;
}

export interface TopicCheckResult {
  /** Null where there is an error. */
  readonly topic: Topic | null;
  /** In the order of the document. */
  readonly errors: readonly FieldProblem[];
  /** What can be saved, and may not be meant. */
  readonly warnings: readonly FieldProblem[];
}

const NO_SURROUNDINGS: TopicSurroundings = { homes: [], neighbours: [], variables: [], smartEncoding: false };

/**
 * Says everything that is wrong with a document that is to be a topic, at once: what does not fit the schema, and, of all that can be read,
 * what cannot work, or works in another way than it seems.
 * @param document whatever JSON it is
 */
export function checkDocument(document: unknown, surroundings: TopicSurroundings = NO_SURROUNDINGS): TopicCheckResult {
  const draft = parseTopicDocument(document);
  const findings = [...draft.misfits, ...excludeBroken(checkMeaning(draft, surroundings), draft.broken)];
  const listBySeverity = (severity: CheckFinding["severity"]) =>
    sortProblems(
      findings.filter((finding) => finding.severity === severity),
      draft.document,
    );
  const errors = listBySeverity("error");
  return {
    topic: errors.length === 0 ? topicSchema.parse(document) : null,
    errors,
    warnings: listBySeverity("warning"),
  };
}

function checkMeaning(
  draft: ParsedTopic,
  { homes, neighbours, lists, variables, smartEncoding }: TopicSurroundings,
): readonly CheckFinding[] {
  const guesses = new NameGuesses(draft.steps.flatMap(({ id }) => id ?? []));
  const ways = findTransitions(draft, guesses);
  const languages = listTextLanguages(draft);
  return [
    ...checkStepNames(draft, guesses),
    ...checkReachability(draft, ways),
    ...checkLoops(draft, ways),
    ...checkLengths(draft, ways),
    ...checkTargets(draft, homes),
    ...(lists === undefined ? [] : checkLists(draft, homes, lists)),
    ...checkKeywords(draft, languages, neighbours),
    ...checkOptions(draft),
    ...checkLiquid(draft, variables),
    ...checkUrls(draft),
    ...checkTexts(draft, smartEncoding),
    ...checkLanguages(draft, languages),
  ];
}
