import { german } from "./de.ts";
import { english } from "./en.ts";
import { spanish } from "./es.ts";
import { french } from "./fr.ts";
import { hindi } from "./hi.ts";
import { italian } from "./it.ts";
import { dutch } from "./nl.ts";
import type { PhraseSet } from "./phrase-set.ts";
import { polish } from "./pl.ts";
import { portuguese } from "./pt.ts";
import { turkish } from "./tr.ts";

/** All languages in which contacts can opt out, independent of the application's language. */
export const PHRASE_SETS: readonly PhraseSet[] = [
  english,
  spanish,
  french,
  german,
  portuguese,
  hindi,
  italian,
  dutch,
  polish,
  turkish,
];
