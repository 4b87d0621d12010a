import type { Answering, OfferedList, Reply } from "../../contract/assistant.ts";
import { listsFor } from "../../notify/list.ts";
import { statusOf, subscribed } from "../../notify/subscriptions.ts";
import { wordsIn } from "../../templates/wording.ts";
import type { Scene } from "../model/context.ts";
import type { Line } from "../model/state.ts";
import { sidOf } from "../model/turn.ts";

/** What the assistant has made of the person's lists. */
export function subscribing({ line, turn, world }: Scene, { subscribes = [] }: Reply): Line {
  const lists = world.lists?.(turn.number) ?? [];
  return subscribes.reduce((changed, { list: id, to }) => {
    const list = lists.find((each) => each.id === id);
    const wish = { to, by: "person", proof: sidOf(turn), at: world.now } as const;
    return list === undefined ? changed : subscribed(changed, list, wish);
  }, line);
}

/** The language that the person speaks outlives the conversation, for what we begin. */
export function spoken(line: Line, { language }: Reply): Line {
  return language === undefined || language === line.language ? line : { ...line, language };
}

/** @returns the lists of a scene, as its assistant gets them */
export function offered(
  scene: Scene,
  language: string,
  answering: Pick<Answering, "language">,
): readonly OfferedList[] {
  return listsFor(scene).map((list, index) => ({
    id: list.id,
    title: wordsIn(list.title, language, answering.language),
    place: index + 1,
    on: statusOf(scene.line, list) === "on",
    doubleOptIn: list.doubleOptIn,
  }));
}
