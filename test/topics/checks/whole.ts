const silence = { after: 60, text: "Still there?", giveUp: { after: 60, text: "Bye.", next: "end" } };
const request = {
  method: "POST",
  url: "https://crm.example.com/{{ text }}",
  headers: { accept: "application/json", authorization: { secret: "crm", prefix: "Bearer " } },
  body: { text: "{{ text }}", list: [1, true, null] },
};

/** Of each kind a step with every field that it may have; they go to the steps "x" and "end". */
export const WHOLE: Readonly<Record<string, object>> = {
  say: {
    kind: "say",
    id: "whole",
    text: { en: "Hello", es: "Hola" },
    image: "https://example.com/a.png",
    link: { url: "https://example.com/", label: { en: "Look", es: "Mira" } },
    next: "end",
  },
  ask: { kind: "ask", id: "whole", text: "Well?", save: "answer", retry: "Again?", silence, next: "end" },
  choice: {
    kind: "choice",
    id: "whole",
    text: "Which?",
    options: [{ label: "One", value: "one", next: "x" }, { label: "Two" }],
    save: "answer",
    retry: "Again?",
    silence,
    next: "end",
  },
  confirm: {
    kind: "confirm",
    id: "whole",
    text: "Well?",
    save: "answer",
    yes: "end",
    no: "x",
    retry: "Again?",
    silence,
  },
  upload: { kind: "upload", id: "whole", text: "Send it.", save: "answer", retry: "Again?", silence, next: "end" },
  set: { kind: "set", id: "whole", values: { answer: "{{ text }}" }, next: "end" },
  branch: { kind: "branch", id: "whole", cases: [{ when: 'text == "a"', next: "end" }], next: "x" },
  call: { kind: "call", id: "whole", request, save: "answer", pick: "a.0.b", failed: "x", next: "end" },
  search: {
    kind: "search",
    id: "whole",
    text: "I found:",
    request,
    items: "list",
    result: "{{ item.name }}",
    link: "https://example.com/{{ item.id }}",
    none: "x",
    failed: "x",
    next: "end",
  },
  topic: { kind: "topic", id: "whole", topic: "other", returns: true },
  wait: { kind: "wait", id: "whole", seconds: 60, next: "end" },
  end: { kind: "end", id: "whole", text: "Bye." },
};
