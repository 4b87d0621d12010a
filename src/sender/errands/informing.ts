import type { SenderStore } from "../records/store.ts";
import { Counting } from "./counting.ts";
import { Telling } from "./d1-sync.ts";
import { Enrolling } from "./enrolling.ts";
import { type Office, Runner } from "./errand.ts";

/** The errands that tell D1 what a sender has decided: of consent, of lists, and of what was held back. */
export function informing(
  store: SenderStore,
  database: D1Database,
  office: Office,
): readonly Pick<Runner<unknown>, "run" | "dueAt" | "alarmAt" | "isTroubled">[] {
  return [
    new Runner(new Telling(store, database, office.commit), office),
    new Runner(new Enrolling(database, store, office.commit), office),
    new Runner(new Counting(store, database, office.commit), office),
  ];
}
