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
  kind: z.literal("upload").check(z.describe("Asks for a picture, by MMS or as a link, and stores its URL")),
  id: stepId,
  text: localizedText,
  save: variableName,
  retry: z.optional(localizedText.check(z.describe("Text if the answer is neither a picture nor a link to one"))),
  silence,
  next,
});

/**
 * Asks for a picture, by MMS or as a link, and saves the URL: the signed URL of Parley's copy, if media are copied. The
 * step waits until the copy is made or has failed. If that takes too long, it goes on with the URL, which works as soon
 * as the copy is made.
 */
export const uploadStep: StepKind<typeof schema> = {
  schema,
  references: ({ text, retry, save, next: to, silence: silenceRules }) => {
    const inSilence = toSilenceReferences(silenceRules);
    return {
      waits: "contact",
      fallsThrough: to === undefined,
      saves: toReferences({ save }),
      steps: [...toReferences({ next: to }), ...inSilence.steps],
      templates: [...toTextReferences({ text, retry }), ...inSilence.templates],
    };
  },
  enter: (step, { render }) => ({ kind: "wait", answers: toTextAnswers(render(step.text)) }),
  receive: (step, input, _, { render, message }) => {
    const { text, media } = "media" in input ? input : { text: "", media: [] };
    const index = media.findIndex((file) => isPictureFile(file) && !isRefusedFile(file));
    const file = media[index];
    const isLate = input.kind === "file" && input.index === index;
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

/** Tests for a file that Parley does not copy. */
function isRefusedFile({ copy }: InboundFile): boolean {
  return copy === "too-large" || copy === "unsupported";
}

/** @returns the first web address in a text, or null */
function findFirstUrl(text: string): string | null {
  const word = text.split(/\s+/u).find((each) => /^https?:\/\/\S+\.\S+/iu.test(each));
  return word !== undefined && URL.canParse(word) ? new URL(word).href : null;
}
