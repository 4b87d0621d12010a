/** @returns a function that remembers its last result, for repeated calls with the same immutable object */
export function memoizeLast<Thing extends object, Answer>(ask: (thing: Thing) => Answer): (thing: Thing) => Answer {
  let last: { readonly thing: Thing; readonly answer: Answer } | null = null;
  return (thing) => {
    if (last?.thing !== thing) last = { thing, answer: ask(thing) };
    return last.answer;
  };
}
