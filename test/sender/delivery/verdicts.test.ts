import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import {
  applyLookupAnswer,
  applyPostAnswer,
  applyStatusReport,
  getPart,
  planPartAction,
  withDelivery,
} from "../../../src/sender/delivery/part-lifecycle.ts";
import type { Turn } from "../../../src/sender/model/state.ts";
import { isOptOutCode } from "../../../src/twilio/error-codes.ts";
import type { AcceptedMessage, ListedMessage, TwilioAnswer } from "../../../src/twilio/rest-answer.ts";

/** Every way in which a POST can end, and every way in which its end may become known: what Parley makes of it. */
const ENDS: Readonly<Record<string, TwilioAnswer<AcceptedMessage> | "killed">> = {
  "201": taken("SM1"),
  "429": { kind: "busy", retryAfterMilliseconds: null },
  "429 with Retry-After: 30": { kind: "busy", retryAfterMilliseconds: 30_000 },
  "400, 21211 (bad number)": refused(400, 21_211),
  "400, 21610 (opted out)": refused(400, 21_610),
  "400, 21611 (queue full)": refused(400, 21_611),
  "401, 20003 (wrong token)": refused(401, 20_003),
  "404 without a code": refused(404, null),
  "408, 409 or 425 without a code": { kind: "unsure", reason: "HTTP 408" },
  "5xx": { kind: "unsure", reason: "HTTP 500" },
  "a reset, a refused connection": { kind: "unsure", reason: "connection failed" },
  "no answer in 20 s": { kind: "unsure", reason: "timeout" },
  "201 without Twilio's document": { kind: "unsure", reason: "HTTP 201 without the document expected" },
  "Parley dies": "killed",
};

const LATER = ["its list shows it", "its list does not", "no list, ten times", "a callback comes"] as const;

const PACE = { settleAfter: 60_000, partWait: 5_000 };
const FILE = path.resolve(import.meta.dirname, "../../../src/sender/delivery/VERDICTS.md");

it("every fault has its verdict, as src/sender/delivery/VERDICTS.md states it", () => {
  const table = document();
  if (process.env["UPDATE_VERDICTS"]) writeFileSync(FILE, table);
  expect(readFileSync(FILE, "utf8")).toBe(table);
});

it("no verdict sends what may have been taken", () => {
  for (const [end, answer] of Object.entries(ENDS)) {
    for (const later of LATER) {
      const { posts, isKnownNotTaken } = judge(answer, later);
      if (posts > 1) expect([end, later, isKnownNotTaken]).toEqual([end, later, true]);
    }
  }
});

function document(): string {
  const rows = Object.entries(ENDS).map(([end, answer]) => {
    const cells = LATER.map((later) => {
      const { status, posts, notes } = judge(answer, later);
      return [`${status}, ${posts} POST${posts === 1 ? "" : "s"}`, ...notes].join(", ");
    });
    return `| ${[end, ...cells].join(" | ")} |`;
  });
  return `# What becomes of a part

Made by \`UPDATE_VERDICTS=1 npx vitest run --project node test/sender/delivery/verdicts.test.ts\`; the test holds it. How the first POST ended, and what Twilio
shows later (a second POST ends with 201). Where the first answer is clear, nothing is asked later.

| the POST ends with | ${LATER.join(" | ")} |
|---|${LATER.map(() => "---|").join("")}
${rows.join("\n")}
`;
}

interface Verdict {
  readonly status: string;
  readonly posts: number;
  readonly isKnownNotTaken: boolean;
  readonly notes: readonly string[];
}

/** Lives a part through one fault. */
function judge(end: TwilioAnswer<AcceptedMessage> | "killed", later: (typeof LATER)[number]): Verdict {
  let turn = onePart();
  let posts = 0;
  let isKnownNotTaken = end !== "killed" && end.kind !== "unsure" && end.kind !== "done";
  for (let now = 1_000; now < 3_600_000; now += 1_000) {
    const planned = planPartAction(turn, false, now, PACE);
    if (planned.kind !== "act") continue;
    turn = planned.action.turn;
    const part = getPart(turn, 0);
    if (planned.action.kind === "look-up") {
      if (later === "its list does not") isKnownNotTaken = true;
      const delivery = applyLookupAnswer(part, listed(later), new Set(), { now, timing: PACE, whenUnknown: "hold" });
      turn = withDelivery(turn, 0, delivery);
      continue;
    }
    posts += 1;
    const answer = posts === 1 ? end : taken("SM2");
    if (answer !== "killed")
      turn = withDelivery(turn, 0, applyPostAnswer(part.delivery, answer, { now, chance: 0.5, timing: PACE }));
    if (later === "a callback comes" && posts === 1 && mayHaveTaken(end)) turn = reported(turn, now);
  }
  const { delivery } = getPart(turn, 0);
  const code = "error" in delivery ? (delivery.error?.code ?? null) : null;
  return { status: delivery.status, posts, isKnownNotTaken, notes: isOptOutCode(code) ? ["recorded as a STOP"] : [] };
}

function mayHaveTaken(end: TwilioAnswer<AcceptedMessage> | "killed"): boolean {
  return end === "killed" || end.kind === "unsure" || end.kind === "done";
}

function reported(turn: Turn, now: number): Turn {
  const report = {
    sid: "SM1",
    accountSid: "AC1",
    sender: "",
    part: { turn: 1, index: 0 },
    progress: "sent",
    errorCode: null,
  } as const;
  return withDelivery(turn, 0, applyStatusReport(getPart(turn, 0).delivery, report, now));
}

function listed(later: (typeof LATER)[number]): TwilioAnswer<readonly ListedMessage[]> {
  if (later === "no list, ten times") return { kind: "unsure", reason: "HTTP 500" };
  const message = { sid: "SM1", status: "sent", errorCode: null, text: "Hello", mediaCount: 0, createdAt: 1_000 };
  return { kind: "done", value: later === "its list shows it" ? [message] : [] };
}

function onePart(): Turn {
  return {
    id: 1,
    number: "+12025550100",
    account: "AC1",
    conversation: "1",
    kind: "heard",
    heard: { at: 0, sid: "SM0", text: "hi", media: [], segments: 1 },
    parts: [{ text: "Hello", media: [], delivery: { status: "pending" } }],
    whenUnknown: "hold",
    notes: [],
  };
}

function taken(sid: string): TwilioAnswer<AcceptedMessage> {
  return { kind: "done", value: { sid, status: "queued", errorCode: null } };
}

function refused(httpStatus: number, code: number | null): TwilioAnswer<AcceptedMessage> {
  return { kind: "refused", refusal: { httpStatus, code, message: "no" } };
}
