import type { Messages, OperatingHours } from "../contract/assistant.ts";
import { openAt } from "../hours/open.ts";
import type { Hours } from "../hours/schema.ts";
import { openingWords } from "../hours/words.ts";

/** An application's hours, with what is said outside of them. */
export function operatingHours(hours: Hours, message: Messages): OperatingHours {
  return {
    closed: (now, language) => {
      const opening = openAt(hours, now);
      if (opening.status === "open") return null;
      const opens = opening.opens === null ? null : openingWords(opening.opens, now, { zone: hours.zone, language });
      const words = { opens, holiday: opening.reason === "holiday" ? opening.name : null };
      return { message: message(opening.reason === "holiday" ? "holiday" : "outOfHours", language, words) };
    },
  };
}
