import * as z from "zod/mini";

const VARIABLE_NAME = /^[a-z][a-zA-Z0-9_]{0,99}$/u;

/** The names that templates can use besides the topic's variables. */
export const BUILT_IN_NAMES: readonly string[] =
  "sender person number now zone application conversation text media".split(" ");

const RESERVED = new Set([...BUILT_IN_NAMES, ..."item true false nil null empty blank".split(" ")]);

export const variableName = z.string().check(
  z.regex(
    VARIABLE_NAME,
    "must be letters, digits and underscores, beginning with a lowercase letter, at most 100 characters",
  ),
  z.refine((name) => !RESERVED.has(name), "is a name that Parley uses itself; choose another"),
  z.describe("Name of the variable that stores the answer"),
);
