import * as z from "zod/mini";
import type { InboundFile } from "../../contract/assistant.ts";
import { MEDIA_BYTES } from "../../core/limits/media.ts";
import { localizedText } from "../../templates/localized-text.ts";
import { variableName } from "../../templates/variable-names.ts";
import {
  next,
  type StepKind,
  silence,
  stepId,
  toReferences,
  toSilenceReferences,
  toTextAnswers,
  toTextReferences,
} from "./step-kind.ts";

const schema = z.strictObject({
  kind: z.literal("upload").check(z.describe("Asks for a picture, by MMS or as a link, and keeps its URL")),
  id: stepId,
  text: localizedText,
  save: variableName,
  retry: z.optional(localizedText.check(z.describe("Said when it is neither a picture nor a link to one"))),
  silence,
  next,
});

/**
 * Asks for a picture, by MMS or as a link, and keeps its URL: the signed one of our copy, where Parley keeps one. It waits until the copy is
 * there, or is known never to be; where that takes too long it goes on with the URL, which opens as soon as it is.
 */
export const uploadStep: StepKind<typeof schema> = {
  schema,
  references: ({ text, retry, save, next: to, silence: quiet }) => {
    const inSilence = toSilenceReferences(quiet);
    return {
      waits: "person",
      fallsThrough: to === undefined,
      saves: toReferences({ save }),
      steps: [...toReferences({ next: to }), ...inSilence.steps],
      templates: [...toTextReferences({ text, retry }), ...inSilence.templates],
    };
  },
  enter: (step, { render }) => ({ kind: "wait", answers: toTextAnswers(render(step.text)) }),
  receive: (step, heard, _, { render, message }) => {
    const { text, media } = "media" in heard ? heard : { text: "", media: [] };
    const index = media.findIndex((file) => isPictureFile(file) && !isRefusedFile(file));
    const file = media[index];
    const isLate = heard.kind === "file" && heard.index === index;
    if (file?.copy === "waiting" && !isLate) return { kind: "file", index, answers: [] };
    const picture = file?.url ?? findFirstUrl(text);
    if (picture !== null)
      return { kind: "go", to: step.next ?? null, answers: [], variables: { [step.save]: picture } };
    if (media.some((each) => isPictureFile(each) && each.copy === "too-large"))
      return { kind: "unclear", answers: message("fileTooLarge", { limit: SIZE_LIMIT }) };
    const refusal = message(media.length > 0 ? "fileTypeNotSupported" : "uploadWanted");
    return { kind: "unclear", answers: step.retry === undefined ? refusal : toTextAnswers(render(step.retry)) };
  },
};

const SIZE_LIMIT = `${MEDIA_BYTES / 1024 / 1024} MB`;

function isPictureFile({ contentType }: InboundFile): boolean {
  return contentType.startsWith("image/");
}

/** It is no file that Parley keeps. */
function isRefusedFile({ copy }: InboundFile): boolean {
  return copy === "too-large" || copy === "unsupported";
}

/** @returns the first web address in a text, or null */
function findFirstUrl(text: string): string | null {
  const word = text.split(/\s+/u).find((each) => /^https?:\/\/\S+\.\S+/iu.test(each));
  return word !== undefined && URL.canParse(word) ? new URL(word).href : null;
}
