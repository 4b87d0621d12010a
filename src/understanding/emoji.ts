/** The pictographs that have a meaning in every language, without skin tones. All others are ignored. */

export const YES_EMOJI: readonly string[] = Array.from("👍👌✅✔☑💯🆗🙆🤙🫡");

export const NO_EMOJI: readonly string[] = Array.from("👎❌✖🚫🙅⛔❎");

export const UNSURE_EMOJI: readonly string[] = Array.from("🤷🤔😕❓❔🤢🤮😡😠🤬🙄😒😤💩😢😭💔");

export const PLACE_EMOJI: readonly string[] = Array.from("🥇🥈🥉");
