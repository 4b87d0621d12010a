import {
  type Activity,
  DirectLine,
  type DirectLineOptions,
  type Message,
  type Services,
} from "botframework-directlinejs";
import { Observable } from "rxjs/Observable.js";
import type { AjaxRequest } from "rxjs/observable/dom/AjaxObservable.js";
import type { Subscriber } from "rxjs/Subscriber.js";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startDirectline } from "../../support/bots/directline.ts";
import { PICTURE, type StandIn } from "../../support/bots/stand-in.ts";

/** Tests the stand-in with Microsoft's own client. */

let standIn: StandIn;
let clients: DirectLine[] = [];

beforeEach(async () => {
  standIn = await startDirectline();
});

afterEach(async () => {
  for (const client of clients) client.end();
  clients = [];
  await standIn.close();
});

/** Replaces the browser's XMLHttpRequest: an observable of one response. */
const ajax = ((wanted: AjaxRequest) =>
  new Observable((subscriber) => void tell(subscriber, wanted))) as unknown as Services["ajax"];

async function tell(subscriber: Subscriber<unknown>, wanted: AjaxRequest): Promise<void> {
  try {
    subscriber.next(await answered(wanted));
    subscriber.complete();
  } catch (error) {
    subscriber.error(error);
  }
}

async function answered({ method = "GET", url = "", headers = {}, body, responseType }: AjaxRequest) {
  const isForm = body instanceof FormData;
  const sent = body === undefined || method === "GET" ? null : isForm ? body : JSON.stringify(body);
  const response = await fetch(url, { method, headers: headers as Record<string, string>, body: sent });
  const { ok, status } = response;
  const xhr = { getResponseHeader: (name: string) => response.headers.get(name) };
  if (!ok) throw Object.assign(new Error(`HTTP ${status}`), { status, xhr });
  return {
    status,
    response: responseType === "arraybuffer" ? await response.arrayBuffer() : await response.json(),
    xhr,
  };
}

function connect(options: DirectLineOptions): { readonly client: DirectLine; readonly heard: readonly Activity[] } {
  const heard: Activity[] = [];
  const domain = `${standIn.origin}/v3/directline`;
  const client = new DirectLine({ ...options, domain, webSocket: false, pollingInterval: 200, ajax });
  clients.push(client);
  // An ended or refused client reports an error in its activities; the tests see it when they post.
  client.activity$.subscribe({ next: (activity) => heard.push(activity), error: () => undefined });
  return { client, heard };
}

async function post(client: DirectLine, activity: Partial<Message>): Promise<string> {
  const message = { type: "message", from: { id: "somebody" }, ...activity } as Message;
  return await client.postActivity(message).toPromise();
}

const secret = () => standIn.secrets["directline"] ?? "";

async function fromBot(heard: readonly Activity[], count: number): Promise<readonly Message[]> {
  for (;;) {
    const messages = heard.filter(({ from }) => from.id === "bot");
    if (messages.length >= count) return messages as readonly Message[];
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

it("talks with the channel's key, and chooses what is suggested", async () => {
  const { client, heard } = connect({ secret: secret() });
  const id = await post(client, { text: "Hi", channelData: { clientActivityID: "one" } });
  const [welcome, picture, ride] = await fromBot(heard, 3);
  expect(heard[0]).toMatchObject({ id, from: { id: "somebody" }, text: "Hi" });
  expect(welcome).toMatchObject({ text: "Welcome aboard.", replyToId: id });
  expect(picture?.attachments?.[0]).toMatchObject({ content: { images: [{ url: PICTURE }] } });
  expect(ride?.suggestedActions?.actions.map(({ title }) => title)).toEqual(["Boat", "Car", "House"]);
  await post(client, { text: "Car", channelData: { clientActivityID: "two" } });
  expect((await fromBot(heard, 4))[3]).toMatchObject({ text: "You said Car." });
  expect(standIn.heard).toEqual([
    { text: "Hi", turn: "one" },
    { text: "Car", turn: "two" },
  ]);
});

it("talks with a token of the token endpoint", async () => {
  const { token } = (await (await fetch(`${standIn.origin}/copilot/token`)).json()) as { token: string };
  const { client, heard } = connect({ token });
  await post(client, { text: "Hello" });
  expect((await fromBot(heard, 1))[0]).toMatchObject({ text: "You said Hello." });
});

it("comes back to its conversation with the watermark", async () => {
  const first = connect({ secret: secret() });
  await post(first.client, { text: "one" });
  await fromBot(first.heard, 1);
  const { conversation } = first.heard[0] ?? {};
  first.client.end();
  const second = connect({ secret: secret(), conversationId: conversation?.id ?? "", watermark: "2" });
  await post(second.client, { text: "two" });
  expect(await fromBot(second.heard, 1)).toMatchObject([{ text: "You said two." }]);
});

it("uploads a file", async () => {
  const { client, heard } = connect({ secret: secret() });
  const contentUrl = `data:image/png;base64,iVBORw0KGgo=`;
  const attachments = [{ contentType: "image/png", contentUrl, name: "pier.png" }] as const;
  await post(client, { text: "Look", attachments: [...attachments] });
  expect((await fromBot(heard, 1))[0]).toMatchObject({ text: "You said Look." });
});

it("is refused with a wrong key", async () => {
  const { client } = connect({ secret: "wrong" });
  await expect(post(client, { text: "Hi" })).rejects.toThrow();
  expect(standIn.heard).toEqual([]);
});

it("hears that its conversation is over", async () => {
  const { client, heard } = connect({ secret: secret() });
  await post(client, { text: "one" });
  await fromBot(heard, 1);
  standIn.fault = "expired";
  await expect(post(client, { text: "two" })).rejects.toMatchObject({ status: 404 });
});
