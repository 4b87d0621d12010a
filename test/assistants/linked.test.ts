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

/** Whatever answers, it is told of a person while they are linked, before that nothing and after it nothing more. */

const PERSON = {
  id: "member-7731",
  name: "Member Sevenfold",
  languages: ["pt-BR"],
  attributes: { branch: "Lisbon-Belém", private: "ninth tier" },
};

const OTHER = { id: "member-8842", name: "Member Eightfold", languages: ["fi-FI"], attributes: { desk: "Turku-Port" } };

/** Words that nothing else in a request has. */
const FACTS = [PERSON.id, PERSON.name, ...PERSON.languages, ...Object.values(PERSON.attributes), "branch"];

/** What a model can do nothing with. */
const NOT_FOR_MODELS = [PERSON.id];

/** What is typed to show it. */
const SECRETS = Object.values(TYPED);

/** Said while somebody is linked: what the assistant may have said to it is for nobody else. */
const CONFIDENCE = "my balance of nine";

interface Row {
  readonly bot: string;
  readonly more: Readonly<Record<string, JsonValue>>;
  readonly told: readonly string[];
  /** Who carries the conversation is Parley: then it is forgotten with the person. */
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

/** All that has left, request by request: the address, the headers and the body. */
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

/** A topic that says to a system all that it knows of who is there. */
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

  /** Texts, and all that is asked for it is asked. @returns what has left meanwhile, as one text */
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

/** How it ends that they are linked. */
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
  it.each(Object.entries(ENDINGS))("is told of a person while they are linked, until %s", async (__, end) => {
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

  it("is told of another person, and of the one before nothing more", async () => {
    const phone = new Phone(row);
    if (row.bot === "topics") phone.text("hello");
    phone.login(PERSON);
    await phone.say("one");
    phone.text("logout").login(OTHER);
    const sent = await phone.say("two");
    for (const fact of [OTHER.name, "fi-FI", "Turku-Port"]) expect(sent).toContain(fact);
    // Where a session merges, a name of the person before may be said as gone.
    expectNothing(
      sent,
      FACTS.filter((fact) => fact !== "branch"),
    );
  });
});
