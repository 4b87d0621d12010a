import { vi } from "vitest";
import type { JsonValue } from "../../src/core/json.ts";
import { put } from "./worker.ts";

const real = globalThis.fetch;

/** Where bots are whose every answer a test decides. */
export const [FIRST, SECOND] = ["https://first.example.com/parley", "https://second.example.com/parley"] as const;

/** What an application says of a bot there, once `saveScripted` was called. */
export const SCRIPTED = { kind: "webhook", url: FIRST, signature: "scripted", timeoutSeconds: 5 } as const;

/** A request of Parley's to a bot. */
export interface Asked {
  readonly url: string;
  readonly type: string;
  readonly headers: Headers;
  readonly turn: string;
  readonly text: string;
  readonly variables: Readonly<Record<string, JsonValue>>;
}

export async function saveScripted(): Promise<void> {
  await put("/v1/secrets/scripted", {
    value: "scripted-secret",
    hosts: [FIRST, SECOND].map((url) => new URL(url).host),
  });
}

/**
 * Answers for the bots, until mocks are restored; whatever else is fetched goes its way. What they are asked when they are saved is answered
 * with 204, and not recorded.
 * @returns what they are asked, oldest first
 */
export function script(answer: (asked: Asked, count: number) => Promise<Response> | Response): readonly Asked[] {
  const all: Asked[] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const url = input instanceof Request ? input.url : input.toString();
    if (!url.startsWith(FIRST) && !url.startsWith(SECOND)) return await real(input, init);
    const { type, data } = JSON.parse(init?.body as string) as { type: string; data: Asked & { turn: { id: string } } };
    if (type !== "turn.asked") return new Response(null, { status: 204 });
    const { text, variables } = data;
    const asked = { url, type, headers: new Headers(init?.headers), turn: data.turn.id, text, variables };
    all.push(asked);
    return await answer(asked, all.length);
  });
  return all;
}

/** One thing said. */
export function says(text: string, more: object = {}): Response {
  return Response.json({ answers: [text], ...more });
}
