import type { AutomatedMessages, OperatingHours } from "../contract/assistant.ts";
import { findOpeningStatus } from "../hours/opening-status.ts";
import { formatOpeningTime } from "../hours/opening-texts.ts";
import type { OpeningHours } from "../hours/schema.ts";

/** Combines an application's opening hours with the messages that it sends outside of them. */
export function createOperatingHours(hours: OpeningHours, message: AutomatedMessages): OperatingHours {
  return {
    closed: (now, language) => {
      const opening = findOpeningStatus(hours, now);
      if (opening.status === "open") return null;
      const opens =
        opening.opens === null ? null : formatOpeningTime(opening.opens, now, { zone: hours.zone, language });
      const words = { opens, holiday: opening.reason === "holiday" ? opening.name : null };
      return { message: message(opening.reason === "holiday" ? "holiday" : "outOfHours", language, words) };
    },
  };
}
