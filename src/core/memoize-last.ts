/** @returns the function, which remembers its last answer: it is asked of the same thing again and again, and that never changes */
export function memoizeLast<Thing extends object, Answer>(ask: (thing: Thing) => Answer): (thing: Thing) => Answer {
  let last: { readonly thing: Thing; readonly answer: Answer } | null = null;
  return (thing) => {
    if (last?.thing !== thing) last = { thing, answer: ask(thing) };
    return last.answer;
  };
}
