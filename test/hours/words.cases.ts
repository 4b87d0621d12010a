/** It is Friday, 20 November 2026, 3 PM in New York. */
export const NOW = Date.parse("2026-11-20T20:00Z");

export const WORDS: readonly (readonly [language: string, opens: string, words: string])[] = [
  ["en-US", "2026-11-20T22:00Z", "today at 5:00 PM"],
  ["en-US", "2026-11-21T14:00Z", "tomorrow at 9:00 AM"],
  ["en-US", "2026-11-22T14:30Z", "Sunday at 9:30 AM"],
  ["en-US", "2026-11-26T14:00Z", "Thursday at 9:00 AM"],
  ["en-US", "2026-11-27T14:00Z", "Friday, November 27 at 9:00 AM"],
  ["en-US", "2027-11-22T14:00Z", "Monday, November 22, 2027 at 9:00 AM"],
  ["en-GB", "2026-11-23T14:00Z", "Monday at 9:00"],
  ["es", "2026-11-21T14:00Z", "mañana, 9:00"],
  ["fr", "2026-11-20T22:00Z", "aujourd'hui à 17:00"],
  ["fr", "2026-11-23T14:00Z", "lundi à 9:00"],
  ["de", "2026-11-23T14:00Z", "Montag um 9:00"],
  ["pt", "2026-11-23T14:00Z", "segunda-feira às 9:00"],
  ["hi", "2026-11-23T14:00Z", "सोमवार को 9:00 am बजे"],
];
