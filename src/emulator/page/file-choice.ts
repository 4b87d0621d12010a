import { formatBytes, formatCount } from "./page-texts.ts";

/** Twilio accepts ten media in a message; all carriers accept files of five megabytes. */
export const FILES_PER_TEXT = 10;
export const FILE_BYTES = 5_000_000;

interface SizedFile {
  readonly name: string;
  readonly size: number;
}

export interface FileChoice<F> {
  readonly accepted: readonly F[];
  /** A sentence for the reader if files were left out, otherwise empty. */
  readonly refusal: string;
}

/** Decides which of the offered files are added to those already attached. */
export function chooseFiles<F extends SizedFile>(attached: number, offered: readonly F[]): FileChoice<F> {
  const tooLarge = offered.filter((file) => file.size > FILE_BYTES);
  const fitting = offered.filter((file) => file.size <= FILE_BYTES);
  const free = Math.max(0, FILES_PER_TEXT - attached);
  const excess = fitting.length - free;
  const sentences = [
    ...tooLarge.map(
      (file) => `“${file.name}” is ${formatBytes(file.size)}. Attach files of at most ${formatBytes(FILE_BYTES)}.`,
    ),
    ...(excess > 0 ? [`Attach at most ${FILES_PER_TEXT} files. ${formatCount(excess, "file")} left out.`] : []),
  ];
  return { accepted: fitting.slice(0, free), refusal: sentences.join(" ") };
}
