import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const SOURCE = path.resolve(import.meta.dirname, "../src");

/**
 * The ranks of files, by folder and kind: a file imports only from its own rank and those below.
 * The first pattern that matches decides.
 */
const RANKS: readonly (readonly [pattern: RegExp, rank: number])[] = [
  [/^core\//u, 0],
  [/^(?:index|app)\.ts$/u, 4],
  [/\/(?:routes|object|runtime|consumer|sweep)\.ts$/u, 3],
  [/\/errands\//u, 3],
  [/^admin\/(?!(?:.*\/)?(?:openapi|resources|schema)[^/]*$)/u, 3],
  [/\/(?:store|client)\.ts$/u, 2],
  [/^db\//u, 2],
  [/./u, 1],
];

/** The folders of `sender`, from the bottom up: a file imports from its own folder and from those before it. */
const LADDER = ["model", "delivery", "reply", "rules", "events", "records", "errands"] as const;

/** The parts of `sender` that other folders may import. */
const SENDER_DOORS: readonly (readonly [importer: RegExp, door: RegExp])[] = [
  [/^sender\//u, /./u],
  [/^chats\//u, /^sender\/(?:model|rules|events|records)\//u],
  [/^index\.ts$/u, /^sender\/(?:object|errands\/overdue-watch)\.ts$/u],
  [/./u, /^sender\/(?:model|events|records)\//u],
];

/** Words of the shells: no file of the pure heart may use them. */
const IMPURE =
  /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bfetch\(|\bsetTimeout\(|\bcrypto\.(?:randomUUID|getRandomValues)\(|cloudflare:workers/u;

/** Pure but for what is named here. */
const EXEMPT = new Set(["core/vault.ts"]);

const WORKER = sources().filter((file) => !/^(?:cli|emulator)\//u.test(file));

describe("imports", () => {
  it.each(WORKER)("%s imports nothing above it", (file) => {
    const upward = importsOf(file).filter((target) => rank(target) > rank(file));
    expect(upward).toEqual([]);
  });

  it.each(WORKER)("%s needs neither the emulator nor Node", (file) => {
    expect(importsOf(file).filter((target) => /^(?:cli|emulator)\//u.test(target))).toEqual([]);
    expect(packagesOf(file).filter((name) => name.startsWith("node:"))).toEqual([]);
  });

  it("of the Sender run down its ladder", () => {
    const upward = WORKER.filter((file) => file.startsWith("sender/")).flatMap((file) =>
      importsOf(file)
        .filter((target) => target.startsWith("sender/") && rung(target) > rung(file))
        .map((target) => `${file} -> ${target}`),
    );
    expect(upward).toEqual([]);
  });

  it("from elsewhere reach the Sender only by its open folders", () => {
    const intruding = WORKER.flatMap((file) => {
      const door = SENDER_DOORS.find(([importer]) => importer.test(file))?.[1] ?? /^$/u;
      return importsOf(file)
        .filter((target) => target.startsWith("sender/") && !door.test(target))
        .map((target) => `${file} -> ${target}`);
    });
    expect(intruding).toEqual([]);
  });

  it("form no circle of files, nor of folders in the pure heart", () => {
    const files = new Map(WORKER.map((file) => [file, importsOf(file)]));
    expect(circlesIn(files)).toEqual([]);
    const pure = WORKER.filter((file) => rank(file) <= 1);
    const folders = Map.groupBy(pure, folderOf);
    const between = new Map(
      [...folders].map(([folder, members]) => [
        folder,
        members
          .flatMap(importsOf)
          .filter((target) => rank(target) <= 1)
          .map(folderOf)
          .filter((target) => target !== folder),
      ]),
    );
    expect(circlesIn(between)).toEqual([]);
  });

  it("of the emulator reach only the core and what counts segments", () => {
    const emulator = sources().filter((file) => file.startsWith("emulator/"));
    const foreign = emulator
      .flatMap(importsOf)
      .filter((target) => !/^(?:emulator|core)\/|^twilio\/segments\.ts$/u.test(target));
    expect(foreign).toEqual([]);
  });
});

describe("the pure heart", () => {
  const pure = WORKER.filter((file) => rank(file) === 1 && !EXEMPT.has(file));

  it("is most of the Worker", () => {
    expect(pure.length).toBeGreaterThan(WORKER.length / 3);
  });

  it.each(pure)("%s has no clock, no chance, no network", (file) => {
    expect(IMPURE.exec(read(file))?.[0]).toBeUndefined();
  });
});

function rank(file: string): number {
  return RANKS.find(([pattern]) => pattern.test(file))?.[1] ?? 0;
}

/** @returns the place of a file on the Sender's ladder; the object and the runtime stand above all folders */
function rung(file: string): number {
  const index = LADDER.findIndex((folder) => file.startsWith(`sender/${folder}/`));
  return index === -1 ? LADDER.length : index;
}

function folderOf(file: string): string {
  return file.split("/", 1)[0] ?? "";
}

/** @returns what can be reached from itself, sorted: those that reach each other together */
function circlesIn(edges: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const reached = new Map([...edges.keys()].map((node) => [node, reachedFrom(node, edges)]));
  const inCircles = [...edges.keys()].filter((node) => reached.get(node)?.has(node));
  const circles = inCircles.map((node) =>
    inCircles.filter((other) => reached.get(node)?.has(other) && reached.get(other)?.has(node)).toSorted(),
  );
  return [...new Map(circles.map((circle) => [circle.join(" "), circle])).values()];
}

function reachedFrom(node: string, edges: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const reached = new Set<string>();
  const left = [...(edges.get(node) ?? [])];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    left.push(...(edges.get(next) ?? []));
  }
  return reached;
}

function importsOf(file: string): readonly string[] {
  return specifiers(file)
    .filter((specifier) => specifier.startsWith("."))
    .map((specifier) => path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier)));
}

function packagesOf(file: string): readonly string[] {
  return specifiers(file).filter((specifier) => !specifier.startsWith("."));
}

function specifiers(file: string): readonly string[] {
  return [...read(file).matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/gu)].map((match) => match[1] ?? "");
}

function sources(): readonly string[] {
  return readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll(path.sep, "/"))
    .filter((file) => /\.tsx?$/u.test(file) && !file.endsWith(".d.ts"));
}

function read(file: string): string {
  return readFileSync(path.join(SOURCE, file), "utf8");
}
