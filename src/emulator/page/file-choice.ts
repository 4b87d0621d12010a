import { formatBytes, formatCount } from "./page-texts.ts";

/** Twilio takes ten media in a message; five megabytes is what carriers are sure to pass on. */
export const FILES_PER_TEXT = 10;
export const FILE_BYTES = 5_000_000;

interface SizedFile {
  readonly name: string;
  readonly size: number;
}

export interface FileChoice<F> {
  readonly taken: readonly F[];
  /** A sentence for the person when something was left out, otherwise empty. */
  readonly refusal: string;
}

/** Decides which of the offered files join those that are already attached. */
export function chooseFiles<F extends SizedFile>(attached: number, offered: readonly F[]): FileChoice<F> {
  const heavy = offered.filter((file) => file.size > FILE_BYTES);
  const fitting = offered.filter((file) => file.size <= FILE_BYTES);
  const room = Math.max(0, FILES_PER_TEXT - attached);
  const left = fitting.length - room;
  const sentences = [
    ...heavy.map(
      (file) => `“${file.name}” has ${formatBytes(file.size)}; a file may have ${formatBytes(FILE_BYTES)} at most.`,
    ),
    ...(left > 0 ? [`A text carries ${FILES_PER_TEXT} files at most; ${formatCount(left, "file")} left out.`] : []),
  ];
  return { taken: fitting.slice(0, room), refusal: sentences.join(" ") };
}
