import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type RequestAccess, sendAssistantRequest, toRequestOutcome } from "../../src/assistants/client.ts";
import { prepareApplication } from "../../src/configuration/ready-application.ts";
import { applicationSchema } from "../../src/configuration/schemas.ts";
import type { JsonValue } from "../../src/core/json.ts";
import { advanceDryRunTime, finishDryRunRequest } from "../../src/sender/events/dry-run.ts";
import { updateLinkedPerson } from "../../src/sender/rules/identity-check.ts";
import { type NamedTopic, topicSchema } from "../../src/topics/definition.ts";
import { KINDS } from "../support/bots/kinds.ts";
import type { StandIn } from "../support/bots/stand-in.ts";
import { Caller, TYPED } from "../support/caller.ts";

/** Every kind of assistant learns of a person while the link lasts, and nothing before or after. */

const PERSON = {
  id: "member-7731",
  name: "Member Sevenfold",
  languages: ["pt-BR"],
  attributes: { branch: "Lisbon-Belém", private: "ninth tier" },
};

const OTHER = { id: "member-8842", name: "Member Eightfold", languages: ["fi-FI"], attributes: { desk: "Turku-Port" } };

/** Words that appear nowhere else in a request. */
const FACTS = [PERSON.id, PERSON.name, ...PERSON.languages, ...Object.values(PERSON.attributes), "branch"];

/** Values that a model has no use for. */
const NOT_FOR_MODELS = [PERSON.id];

/** The inputs of an identity check. */
const SECRETS = Object.values(TYPED);

/** Sent while a person is linked; the assistant's reply to it is for that person only. */
const CONFIDENCE = "my balance of nine";

interface Row {
  readonly bot: string;
  readonly more: Readonly<Record<string, JsonValue>>;
  readonly told: readonly string[];
  /** Kinds whose conversation Parley stores; it is dropped with the link. */
  readonly carries: boolean;
}

const ROWS: Readonly<Record<string, Row>> = {
  topics: { bot: "topics", more: {}, told: FACTS, carries: false },
  webhook: { bot: "webhook", more: {}, told: FACTS, carries: false },
  watson: { bot: "watson", more: {}, told: FACTS, carries: false },
  "watson without sessions": { bot: "watson", more: { mode: "stateless" }, told: FACTS, carries: false },
  openai: { bot: "openai", more: {}, told: FACTS.filter((fact) => !NOT_FOR_MODELS.includes(fact)), carries: true },
  directline: { bot: "directline", more: {}, told: FACTS, carries: false },
  "directline with tokens": {
    bot: "directline",
    more: { access: { kind: "generated-token", secret: "directline" } },
    told: FACTS,
    carries: false,
  },
};

const bots = new Map<string, StandIn>();
let system: Server;

beforeAll(async () => {
  for (const name of ["webhook", "watson", "openai", "directline"]) {
    const bot = await KINDS[name]?.();
    if (bot !== undefined) bots.set(name, bot);
  }
  system = createServer((_, response) => void response.end('{"answer":"Noted."}')).listen(0, "127.0.0.1");
  await once(system, "listening");
  bots.set("topics", {
    origin: `http://127.0.0.1:${(system.address() as AddressInfo).port}`,
    assistant: { kind: "topics", topics: ["tell"] },
    secrets: {},
    fault: null,
    heard: [],
    close: async () => {
      system.close();
    },
  });
});

afterAll(async () => {
  for (const bot of bots.values()) await bot.close();
});

/** All requests that were sent: URL, headers and body. */
const left: string[] = [];

beforeEach(() => {
  left.length = 0;
  const real = globalThis.fetch;
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const sent = new Request(input, init);
    left.push(JSON.stringify([sent.url, [...sent.headers]]) + (await sent.text()));
    return await real(input, init);
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** A topic that sends a system everything it knows about the contact. */
function telling(origin: string): NamedTopic {
  const body = { text: "{{ text }}", who: "{{ person | json }}", name: "{{ person.name }}" };
  const request = { method: "POST", url: `${origin}/{{ person.id }}`, body };
  const steps = [
    { kind: "ask", id: "ask", text: "What?", save: "what" },
    { kind: "call", id: "tell", request, save: "said", failed: "failed", next: "ask" },
    { kind: "say", id: "failed", text: "It failed." },
  ];
  return { ...topicSchema.parse({ title: "Tell", keywords: ["hello"], steps }), id: "tell" };
}

class Phone extends Caller {
  readonly #reach: RequestAccess;

  constructor({ bot, more }: Row) {
    const { origin, assistant, secrets } = bots.get(bot) as StandIn;
    const hosts = [new URL(origin).host];
    const application = applicationSchema.parse({
      name: "Ferries",
      assistant: { ...assistant, ...more },
      allowedHosts: hosts,
      linking: { keepDays: 2 },
      idleSeconds: 4 * 24 * 3_600,
    });
    super(prepareApplication("ferries", application, new Map([["tell", telling(origin)]]), 1));
    const values = Object.entries(secrets).map(([name, value]) => [name, { name, value, hosts }] as const);
    this.#reach = { allowedHosts: hosts, secrets: new Map(values) };
  }

  /**
   * Sends a text and makes all requests that follow.
   * @returns the requests, as one text
   */
  async say(text: string): Promise<string> {
    const before = left.length;
    this.text(text);
    for (let rest = this.rest; rest?.kind === "request" || rest?.kind === "pause"; rest = this.rest) {
      const { state, turn } = this;
      if (rest.kind === "pause") {
        this.now = rest.until;
        ({ state: this.state, turn: this.turn } = advanceDryRunTime({ state, turn }, this.world));
        continue;
      }
      this.now += (rest.request.delaySeconds ?? 0) * 1_000;
      const outcome = toRequestOutcome(
        await sendAssistantRequest(rest.request, `${turn?.id ?? ""}-1`, this.#reach, "once"),
      );
      ({ state: this.state, turn: this.turn } = finishDryRunRequest({ state, turn }, outcome, this.world));
    }
    expect(this.turn?.notes ?? []).toEqual([]);
    expect(left.length).toBeGreaterThan(before);
    return left.slice(before).join("\n");
  }
}

/** The ways in which a link ends. */
const ENDINGS: Readonly<Record<string, (phone: Phone) => void>> = {
  LOGOUT: (phone) => {
    expect(phone.text("logout").said).toEqual(["You are signed out."]);
  },
  "the end of keepDays": (phone) => {
    phone.now += 2 * 24 * 3_600_000;
  },
  "the person being deleted": (phone) => {
    phone.state = phone.state === null ? null : updateLinkedPerson(phone.state, PERSON.id, null);
  },
};

function expectNothing(sent: string, words: readonly string[]): void {
  for (const word of words) expect(sent).not.toContain(word);
}

describe.each(Object.entries(ROWS))("%s", (_, row) => {
  it.each(Object.entries(ENDINGS))("learns of a person while the link lasts, until %s", async (__, end) => {
    const phone = new Phone(row);
    if (row.bot === "topics") phone.text("hello");
    expectNothing(await phone.say("guest one"), [...FACTS, ...SECRETS]);
    expectNothing(await phone.say("guest two"), FACTS);
    phone.login(PERSON);
    for (const text of [`I am ${PERSON.name}`, CONFIDENCE]) {
      const sent = await phone.say(text);
      for (const fact of row.told) expect(sent).toContain(fact);
      if (row.bot !== "topics") expectNothing(JSON.stringify(phone.turn), Object.values(PERSON.attributes));
      expectNothing(sent, [...SECRETS, ...(row.told === FACTS ? [] : NOT_FOR_MODELS)]);
    }
    end(phone);
    for (const text of ["guest three", "guest four"]) {
      const sent = await phone.say(text);
      expect(sent).toContain(text);
      expectNothing(sent, [...FACTS, ...SECRETS, ...(row.carries ? [CONFIDENCE] : [])]);
    }
  });

  it("learns of another person and forgets the earlier one", async () => {
    const phone = new Phone(row);
    if (row.bot === "topics") phone.text("hello");
    phone.login(PERSON);
    await phone.say("one");
    phone.text("logout").login(OTHER);
    const sent = await phone.say("two");
    for (const fact of [OTHER.name, "fi-FI", "Turku-Port"]) expect(sent).toContain(fact);
    // If a session merges values, attribute names of the earlier person may be sent as null.
    expectNothing(
      sent,
      FACTS.filter((fact) => fact !== "branch"),
    );
  });
});
