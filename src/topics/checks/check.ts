import type { FieldProblem } from "../../core/problem.ts";
import { Guesses } from "../../schema/nearest.ts";
import { type Topic, topicSchema } from "../definition.ts";
import { type Draft, type Finding, readDraft } from "./draft.ts";
import { checkKeywords, type Neighbour } from "./keywords.ts";
import { checkLanguages, languagesIn } from "./languages.ts";
import { checkLengths } from "./lengths.ts";
import { checkLiquid } from "./liquid.ts";
import { checkLists, type KnownList } from "./lists.ts";
import { checkLoops } from "./loops.ts";
import { checkOptions } from "./options.ts";
import { inOrder, outside } from "./order.ts";
import { checkTargets, type Home } from "./targets.ts";
import { checkTexts } from "./texts.ts";
import { checkUrls } from "./urls.ts";
import { checkNames, checkReach, waysOf } from "./ways.ts";

/** What a topic will stand beside, in the applications that have it. */
export interface Surroundings {
  readonly homes: readonly Home[];
  readonly neighbours: readonly Neighbour[];
  /** The lists of all numbers; left out: they are not known. */
  readonly lists?: readonly KnownList[];
  /** Variables that the other topics set. */
  readonly variables: readonly string[];
  /** Do all of its applications write plain quotes and dashes for others? */
  readonly smartEncoding: boolean;
}

export interface Checked {
  /** Null where there is an error. */
  readonly topic: Topic | null;
  /** In the order of the document. */
  readonly errors: readonly FieldProblem[];
  /** What can be saved, and may not be meant. */
  readonly warnings: readonly FieldProblem[];
}

const ALONE: Surroundings = { homes: [], neighbours: [], variables: [], smartEncoding: false };

/**
 * Says everything that is wrong with a document that is to be a topic, at once: what does not fit the schema, and, of all that can be read,
 * what cannot work, or works in another way than it seems.
 * @param document whatever JSON it is
 */
export function checkDocument(document: unknown, surroundings: Surroundings = ALONE): Checked {
  const draft = readDraft(document);
  const findings = [...draft.misfits, ...outside(checkMeaning(draft, surroundings), draft.broken)];
  const of = (severity: Finding["severity"]) =>
    inOrder(
      findings.filter((finding) => finding.severity === severity),
      draft.document,
    );
  const errors = of("error");
  return { topic: errors.length === 0 ? topicSchema.parse(document) : null, errors, warnings: of("warning") };
}

function checkMeaning(
  draft: Draft,
  { homes, neighbours, lists, variables, smartEncoding }: Surroundings,
): readonly Finding[] {
  const guesses = new Guesses(draft.steps.flatMap(({ id }) => id ?? []));
  const ways = waysOf(draft, guesses);
  const languages = languagesIn(draft);
  return [
    ...checkNames(draft, guesses),
    ...checkReach(draft, ways),
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
