import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, inject, it, vi } from "vitest";
import { toBase64 } from "../../../src/core/bytes.ts";
import { MEDIA_BYTES } from "../../../src/core/limits/media.ts";
import { Sender } from "../../../src/sender/object.ts";
import {
  answerWithEcho,
  emulator,
  eventually,
  exportsFetch,
  incoming,
  ONE,
  ORIGIN,
  put,
  reached,
  transcript,
  webhook,
} from "../../support/worker.ts";

const NUMBER = "+12025550103";
const PHONES = Array.from({ length: 40 }, (_, index) => `+120255501${String(50 + index).padStart(2, "0")}`);
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
const BYTES = [...PNG];
const PICTURE = `data:image/png;base64,${toBase64(PNG)}`;
const AUTHORIZATION = `Basic ${btoa(`${ONE.sid}:${ONE.token}`)}`;

interface Shown {
  readonly status: string;
  readonly url: string;
  readonly contentType: string | null;
  readonly size: number | null;
  readonly reason: string | null;
}

let phone = "";
let used = 0;

beforeAll(async () => {
  await answerWithEcho(NUMBER, PHONES);
});

beforeEach(() => {
  phone = PHONES[used] ?? "";
  used += 1;
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const sender = () => env.SENDER.getByName(phone);

/** Uploads files to Twilio, as from the phone. @returns their URLs */
async function upload(files: readonly string[]): Promise<readonly string[]> {
  const path = `/emulator/phones/${encodeURIComponent(phone)}/messages`;
  const message = (await emulator("POST", path, { to: NUMBER, mediaUrls: files })) as {
    readonly sid: string;
    readonly media: readonly { readonly sid: string }[];
  };
  const base = `${inject("emulator")}/2010-04-01/Accounts/${ONE.sid}/Messages/${message.sid}/Media`;
  return message.media.map(({ sid }) => `${base}/${sid}`);
}

function formOf(urls: readonly string[], body = ""): Record<string, string> {
  const files = urls.flatMap((url, index) => [
    [`MediaUrl${index}`, url],
    [`MediaContentType${index}`, "image/png"],
  ]);
  const fields = { From: phone, To: NUMBER, Body: body, NumMedia: String(urls.length) };
  return incoming(ONE, { ...fields, ...(Object.fromEntries(files) as Record<string, string>) });
}

/** Sends the webhook of a text with media. */
async function text(urls: readonly string[], body = ""): Promise<void> {
  const response = await exports.default.fetch(webhook("/twilio/message", formOf(urls, body), ONE.token));
  expect(response.status).toBe(200);
}

/** Waits until all media have one of these statuses. @returns the media of all texts so far */
async function media(...statuses: readonly string[]): Promise<readonly Shown[]> {
  const look = async () =>
    (await transcript(phone, NUMBER))
      .filter(({ direction }) => direction === "in")
      .flatMap((message) => message.media as unknown as readonly Shown[]);
  return await eventually(look, (all) => all.length > 0 && all.every(({ status }) => statuses.includes(status)));
}

async function open(url: string | undefined, init: RequestInit = {}): Promise<Response> {
  return await exportsFetch(new Request(url ?? ORIGIN, init));
}

async function bytesOf(response: Response): Promise<readonly number[]> {
  return [...new Uint8Array(await response.arrayBuffer())];
}

async function later(milliseconds: number): Promise<void> {
  vi.useFakeTimers({ now: Date.now() + milliseconds, toFake: ["Date"] });
  await runDurableObjectAlarm(sender());
}

function urlOf(input: RequestInfo | URL): string {
  return input instanceof Request ? input.url : input.toString();
}

interface Asked {
  readonly url: string;
  readonly authorization: string | null;
}

/** Replaces the answers to requests for media, in order. Null and all later requests pass through. */
function answerMedia(...answers: readonly ((() => Response | Promise<Response>) | null)[]): readonly Asked[] {
  const real = globalThis.fetch;
  const asked: Asked[] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const url = urlOf(input);
    if (url.includes("Messages.json") || url.includes("/emulator/")) return await real(input, init);
    const answer = answers[asked.length] ?? null;
    asked.push({ url, authorization: new Headers(init?.headers).get("authorization") });
    return answer === null ? await real(input, init) : await answer();
  });
  return asked;
}

const picture = (headers: Readonly<Record<string, string>> = {}) =>
  new Response(PNG, { headers: { "content-type": "image/png", "content-length": String(PNG.length), ...headers } });

describe("a picture without a text", () => {
  it("is answered, copied byte for byte, and served at a URL without a key", async () => {
    await text(await upload([PICTURE]));
    const [medium] = await media("kept");
    expect(medium).toMatchObject({ contentType: "image/png", size: PNG.length, reason: null });
    expect(medium?.url).not.toContain(phone.slice(1));
    const response = await open(medium?.url);
    expect(response.status).toBe(200);
    expect(await bytesOf(response)).toEqual(BYTES);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "image/png",
      "content-disposition": "inline",
      "content-security-policy": "sandbox; default-src 'none'",
      "x-content-type-options": "nosniff",
      "cache-control": expect.stringMatching(/^private, max-age=3(?:600|59\d)$/u),
    });
    const answers = await eventually(
      () => reached(phone, NUMBER),
      (all) => all.length === 1,
    );
    expect(answers).toEqual(["Sorry, I didn't understand that."]);
  });

  it("is fetched with the account's credentials, which the host behind the redirect does not see", async () => {
    const [url] = await upload([PICTURE]);
    const asked = answerMedia();
    await text([url ?? ""]);
    await media("kept");
    expect(asked).toHaveLength(2);
    expect(asked[0]).toEqual({ url, authorization: AUTHORIZATION });
    expect(new URL(asked[1]?.url ?? "").origin).not.toBe(inject("emulator"));
    expect(asked[1]?.authorization).toBeNull();
  });

  it("gets no credentials after a redirect back to Twilio", async () => {
    const [url = ""] = await upload([PICTURE]);
    const to = (location: string) => () => new Response(null, { status: 302, headers: { location } });
    const asked = answerMedia(to("https://files.example/a"), to(url), () => picture());
    await text([url]);
    await media("kept");
    expect(asked.map(({ authorization }) => authorization)).toEqual([AUTHORIZATION, null, null]);
  });

  it("at a foreign host is fetched without credentials", async () => {
    const asked = answerMedia(() => picture());
    await text(["https://files.example/picture.png"]);
    await media("kept");
    expect(asked).toEqual([{ url: "https://files.example/picture.png", authorization: null }]);
  });

  it("with too many redirects, or one to a forbidden URL, is lost", async () => {
    const to = (location: string) => () => new Response(null, { status: 302, headers: { location } });
    answerMedia(...Array.from({ length: 4 }, (_, hop) => to(`/${hop}`)), to("ftp://files.example/"));
    await text(["https://files.example/a", "https://files.example/b"]);
    expect((await media("lost")).map(({ reason }) => reason)).toEqual([
      "it was redirected more than 3 times",
      "its address is neither https nor http, but ftp:",
    ]);
  });

  it("is copied separately from the others of its text", async () => {
    const files = [PICTURE, "data:text/vcard,BEGIN%3AVCARD", "data:audio/amr,%23!AMR"];
    await text(await upload(files), "go");
    const shown = await media("kept");
    expect(shown.map(({ contentType }) => contentType)).toEqual(["image/png", "text/vcard", "audio/amr"]);
    const card = await open(shown[1]?.url);
    expect([card.headers.get("content-disposition"), await card.text()]).toEqual(["attachment", "BEGIN:VCARD"]);
  });

  it("does not delay the answer", async () => {
    let urlMeanwhile = "";
    answerMedia(async () => {
      await eventually(
        () => reached(phone, NUMBER),
        (all) => all.length === 1,
      );
      urlMeanwhile = (await media("waiting"))[0]?.url ?? "";
      return picture();
    });
    await text(["https://files.example/a"], "go");
    await media("kept");
    expect(urlMeanwhile).toBe("https://files.example/a");
  });

  it("is not delayed by a POST that hangs", async () => {
    const urls = await upload([PICTURE]);
    const never = Promise.withResolvers<Response>();
    const real = globalThis.fetch;
    vi.spyOn(globalThis, "fetch").mockImplementation((input, init) =>
      urlOf(input).endsWith("/Messages.json") ? never.promise : real(input, init),
    );
    await text(urls, "go");
    await media("kept");
    expect((await transcript(phone, NUMBER)).at(-1)?.status).toBe("claimed");
  });
});

describe("a refused file", () => {
  it.each([
    [
      "HTML that is labelled as such",
      () => "data:text/html,<script>alert(1)</script>",
      "its type is not supported: text/html",
    ],
    ["SVG", () => "data:image/svg+xml,<svg/>", "its type is not supported: image/svg+xml"],
    [
      "HTML that is labelled as a picture",
      () => "data:image/png,<!DOCTYPE html><script>alert(1)</script>",
      "its content does not match its type: image/png",
    ],
  ])("is %s", async (_, file, reason) => {
    await text(await upload([file()]));
    expect(await media("refused")).toMatchObject([{ reason, size: null }]);
    expect((await listed()).length).toBe(0);
  });

  it("is not read at all if its declared length is too large", async () => {
    const pull = vi.fn<() => void>();
    const endless = new ReadableStream({ pull }, { highWaterMark: 0 });
    const headers = { "content-type": "image/png", "content-length": String(MEDIA_BYTES + 1) };
    answerMedia(() => new Response(endless, { headers }));
    await text(["https://files.example/a"]);
    expect(await media("refused")).toMatchObject([{ reason: "it is larger than 16 MiB" }]);
    expect(pull).not.toHaveBeenCalled();
  });

  it("is not read beyond the limit if it turns out too large", async () => {
    let read = 0;
    const chunk = new Uint8Array(1024 * 1024);
    chunk.set(PNG);
    const endless = new ReadableStream(
      {
        pull: (controller) => {
          read += chunk.length;
          controller.enqueue(chunk);
        },
      },
      { highWaterMark: 0 },
    );
    answerMedia(() => new Response(endless, { headers: { "content-type": "image/png" } }));
    await text(["https://files.example/a"]);
    expect(await media("refused")).toMatchObject([{ reason: "it is larger than 16 MiB" }]);
    expect(read).toBeLessThanOrEqual(MEDIA_BYTES + 2 * chunk.length);
    expect((await listed()).length).toBe(0);
  });

  it("is not one of undeclared length that is small enough", async () => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    void writer.write(PNG.slice(0, 3));
    void writer.write(PNG.slice(3));
    void writer.close();
    answerMedia(() => new Response(readable, { headers: { "content-type": "image/png" } }));
    await text(["https://files.example/a"]);
    const [medium] = await media("kept");
    expect(await bytesOf(await open(medium?.url))).toEqual(BYTES);
  });
});

describe("a file that is not available at once", () => {
  it.each([
    ["Twilio does not have it yet", () => new Response(null, { status: 404 }), "Twilio does not have it (HTTP 404)"],
    [
      "Twilio is busy",
      () => new Response(null, { status: 429, headers: { "retry-after": "20" } }),
      "Twilio is busy (HTTP 429)",
    ],
    ["Twilio is broken", () => new Response(null, { status: 503 }), "HTTP 503"],
    [
      "the connection breaks",
      () => {
        throw new TypeError("connection reset");
      },
      "connection failed",
    ],
    [
      "it breaks off",
      () => new Response(brokenOff(), { headers: { "content-type": "image/png", "content-length": "1000" } }),
      "connection failed",
    ],
  ])("is retried and copied after %s", async (_, answer, reason) => {
    answerMedia(answer);
    await text(await upload([PICTURE]));
    expect(
      await eventually(
        () => media("waiting"),
        ([first]) => first?.reason !== null,
      ),
    ).toMatchObject([{ reason }]);
    await later(60_000);
    expect(await media("kept")).toMatchObject([{ size: PNG.length }]);
  });

  it("is retried and copied after a failure of R2", async () => {
    const bucket = Object.getPrototypeOf(env.MEDIA) as R2Bucket;
    vi.spyOn(bucket, "put").mockRejectedValueOnce(new Error("R2 is down"));
    await text(await upload([PICTURE]));
    const waiting = await eventually(
      () => media("waiting"),
      ([first]) => first?.reason !== null,
    );
    expect(waiting).toMatchObject([{ reason: "R2 did not accept it" }]);
    await later(60_000);
    const [medium] = await media("kept");
    expect(await bytesOf(await open(medium?.url))).toEqual(BYTES);
  });

  it("is copied by the next instance after a crash", async () => {
    const urls = await upload([PICTURE]);
    const never = Promise.withResolvers<Response>();
    const asked = answerMedia(() => never.promise);
    await text(urls);
    await eventually(
      async () => asked,
      (all) => all.length === 1,
    );
    await runInDurableObject(sender(), (_, state) => state.abort("killed")).catch(() => undefined);
    vi.useFakeTimers({ now: Date.now() + 100_000, toFake: ["Date"] });
    expect(await runDurableObjectAlarm(sender())).toBe(true);
    expect(await media("kept")).toHaveLength(1);
  });

  it("is tried with the next token if the current one is refused", async () => {
    const next = "f".repeat(32);
    const here = { name: "Test", baseUrl: inject("emulator"), authToken: ONE.token };
    const there = { friendlyName: "Test", authToken: next };
    await emulator("PUT", `/emulator/accounts/${ONE.sid}`, { ...there, secondaryAuthToken: ONE.token });
    await put(`/v1/accounts/${ONE.sid}`, { ...here, nextAuthToken: next });
    const urls = await upload([PICTURE]);
    await emulator("PUT", `/emulator/accounts/${ONE.sid}`, there);
    const asked = answerMedia();
    await text(urls);
    await media("kept");
    const tokens = asked.map(({ authorization }) => authorization && atob(authorization.slice(6)).split(":")[1]);
    expect(tokens).toEqual([ONE.token, next, null]);
    vi.restoreAllMocks();
    await emulator("PUT", `/emulator/accounts/${ONE.sid}`, { friendlyName: "Test", authToken: ONE.token });
    await put(`/v1/accounts/${ONE.sid}`, here);
  });

  it("is lost after six hours, with the reason in the transcript", async () => {
    answerMedia(...Array.from({ length: 5 }, () => () => new Response(null, { status: 404 })));
    await text(await upload([PICTURE]));
    await eventually(
      () => media("waiting"),
      ([first]) => first?.reason !== null,
    );
    await later(6 * 3_600_000);
    expect(await media("lost")).toMatchObject([{ reason: "Twilio does not have it (HTTP 404)" }]);
  });

  function brokenOff(): ReadableStream {
    let pulls = 0;
    return new ReadableStream({
      pull: (controller) => {
        pulls += 1;
        if (pulls === 1) controller.enqueue(PNG);
        else controller.error(new Error("reset"));
      },
    });
  }
});

describe("a URL of a medium", () => {
  async function kept(file = PICTURE): Promise<URL> {
    await text(await upload([file]));
    const [medium] = await media("kept");
    return new URL(medium?.url ?? "");
  }

  function changed(url: URL, change: (copy: URL) => void): string {
    const copy = new URL(url);
    change(copy);
    return copy.href;
  }

  it("that was tampered with is refused", async () => {
    const url = await kept();
    await text(await upload([PICTURE]));
    const [, other] = await media("kept");
    const signature = url.searchParams.get("signature") ?? "";
    const forged = [
      changed(url, (copy) => (copy.pathname = new URL(other?.url ?? "").pathname)),
      changed(url, (copy) => copy.searchParams.set("expires", String(Number(copy.searchParams.get("expires")) + 1))),
      changed(url, (copy) =>
        copy.searchParams.set(
          "signature",
          signature.replace(/.$/u, (end) => (end === "0" ? "1" : "0")),
        ),
      ),
      changed(url, (copy) => copy.searchParams.delete("signature")),
      changed(url, (copy) => copy.searchParams.delete("expires")),
      changed(url, (copy) => (copy.search = "")),
    ];
    for (const each of forged) {
      const response = await open(each);
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({
        title: "Forbidden",
        detail: expect.stringContaining("Get a new one"),
      });
    }
    expect((await open(url.href)).status).toBe(200);
  });

  it("is refused after an hour; a new one works", async () => {
    const url = await kept();
    vi.useFakeTimers({ now: Date.now() + 3_601_000, toFake: ["Date"] });
    const response = await open(url.href);
    expect(response.status).toBe(410);
    expect(await response.json()).toMatchObject({ title: "Gone", detail: expect.stringContaining("expired") });
    const [medium] = await media("kept");
    expect((await open(medium?.url)).status).toBe(200);
  });

  it("of a deleted file says so", async () => {
    const url = await kept();
    await env.MEDIA?.delete(url.pathname.replace("/media/", ""));
    expect((await open(url.href)).status).toBe(404);
  });

  it("answers HEAD without a body", async () => {
    const response = await open((await kept()).href, { method: "HEAD" });
    expect([response.status, response.headers.get("content-length"), await response.text()]).toEqual([
      200,
      String(PNG.length),
      "",
    ]);
  });

  it.each([
    ["bytes=0-3", 206, "bytes 0-3/20", BYTES.slice(0, 4)],
    ["bytes=8-", 206, "bytes 8-19/20", BYTES.slice(8)],
    ["bytes=-2", 206, "bytes 18-19/20", BYTES.slice(18)],
    ["bytes=4-999", 206, "bytes 4-19/20", BYTES.slice(4)],
    ["bytes=3-1", 200, null, BYTES],
    ["bytes=0-1,4-5", 200, null, BYTES],
    ["pages=1-2", 200, null, BYTES],
    ["bytes=-", 200, null, BYTES],
  ])("gives the range %s", async (range, status, contentRange, bytes) => {
    const response = await open((await kept()).href, { headers: { range } });
    expect([response.status, response.headers.get("content-range")]).toEqual([status, contentRange]);
    expect(await bytesOf(response)).toEqual(bytes);
  });

  it.each(["bytes=20-", "bytes=-0"])("refuses the range %s", async (range) => {
    expect((await open((await kept()).href, { headers: { range } })).status).toBe(416);
  });
});

describe("without a bucket", () => {
  it("Parley still answers, and the transcript gives the URLs at Twilio", async () => {
    const urls = await upload([PICTURE]);
    const { MessageSid: sid = "" } = formOf([]);
    const heard = {
      sid,
      accountSid: ONE.sid,
      from: phone,
      to: NUMBER,
      text: "go",
      media: urls.map((url) => ({ url, contentType: "image/png" })),
      segments: 1,
      optOut: null,
    };
    await runInDurableObject(sender(), async (_, state) => {
      const { MEDIA: __, ...bucketless } = env;
      const without = new Sender(state, bucketless);
      await without.receive({ text: heard, origin: ORIGIN, revision: 0 });
      await eventually(
        () => reached(phone, NUMBER),
        (all) => all.length === 1,
      );
    });
    await evictDurableObject(sender());
    expect(await media("at-twilio")).toMatchObject([{ url: urls[0], size: null, contentType: "image/png" }]);
  });
});

describe("what a turn with a picture costs", () => {
  it("is one more row than a turn without a picture", async () => {
    const written = () => runInDurableObject(sender(), (instance) => instance.rows.written);
    const sent = (count: number) => {
      const isSent = (all: Awaited<ReturnType<typeof transcript>>) =>
        all.filter(({ direction, sid }) => direction === "out" && sid !== null).length === count;
      return eventually(() => transcript(phone, NUMBER), isSent);
    };
    await text([], "go");
    await sent(1);
    const cost = async (files: readonly string[], answers: number) => {
      const urls = files.length === 0 ? [] : await upload(files);
      const before = await written();
      await text(urls, "x");
      if (files.length > 0) await media("kept");
      await sent(answers);
      return (await written()) - before;
    };
    expect(await cost([], 2)).toBe(4);
    expect(await cost([PICTURE], 3)).toBe(5);
    expect(await cost([PICTURE, PICTURE], 4)).toBe(6);
    expect(await cost([], 5)).toBe(4);
  });
});

async function listed(): Promise<readonly string[]> {
  const turn = await runInDurableObject(sender(), (_, state) => {
    const [row] = state.storage.sql.exec<{ document: string }>("SELECT document FROM turn ORDER BY id DESC").toArray();
    return row?.document ?? "";
  });
  const all = (await env.MEDIA?.list())?.objects.map(({ key }) => key) ?? [];
  return all.filter((key) => turn.includes(key));
}
