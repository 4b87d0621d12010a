import { directline } from "./directline/kind.ts";
import { openai } from "./openai/kind.ts";
import { watson } from "./watson/kind.ts";
import { webhook } from "./webhook/kind.ts";

/** The kinds of assistants that are somewhere else: a new one is a folder, and a line here. */
export const KINDS = {
  directline,
  openai,
  watson,
  webhook,
};

type Kinds = typeof KINDS;

/** What an application says of each of them. */
export const kindSettings: readonly Kinds[keyof Kinds]["settings"][] = Object.values(KINDS).map(
  ({ settings }) => settings,
);
