/** What pictographs mean in every language, skin tones left out; all others change nothing. */

export const YES_EMOJI: readonly string[] = Array.from("👍👌✅✔☑💯🆗🙆🤙🫡");

export const NO_EMOJI: readonly string[] = Array.from("👎❌✖🚫🙅⛔❎");

export const UNSURE_EMOJI: readonly string[] = Array.from("🤷🤔😕❓❔🤢🤮😡😠🤬🙄😒😤💩😢😭💔");

export const PLACE_EMOJI: readonly string[] = Array.from("🥇🥈🥉");
