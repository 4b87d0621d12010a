import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { SAMPLE_APPLICATIONS, sampleTopic } from "../src/cli/sample.ts";
import { answeringWith, playChat, topic } from "./support/chat.ts";

const FOLDER = path.join(import.meta.dirname, "chats");

/** Every file in test/chats begins with the name of the sample application that it talks to: `pizza-order.chat`. */
describe.each(readdirSync(FOLDER).filter((name) => name.endsWith(".chat")))("%s", (file) => {
  it("goes as written", async () => {
    const application = SAMPLE_APPLICATIONS.find(({ id }) => file.startsWith(`${id}-`));
    expect(application).toBeDefined();
    const topics = await Promise.all((application?.topics ?? []).map(async (id) => topic(id, await sampleTopic(id))));
    const messages = { notUnderstood: "Sorry, I did not understand that. Text MENU to see what I can do." };
    const written = readFileSync(path.join(FOLDER, file), "utf8");
    expect(playChat(written, answeringWith(topics, { messages }))).toBe(written);
  });
});
