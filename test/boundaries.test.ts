import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const SOURCE = path.resolve(import.meta.dirname, "../src");

/** Imports run one way, from a higher rank to a lower or the same one; the first pattern that fits gives a file's rank. */
const RANKS: readonly (readonly [pattern: RegExp, rank: number])[] = [
  [/^core\//u, 0],
  [/^(?:index|app)\.ts$/u, 4],
  [/\/(?:routes|object|consumer|sweep)\.ts$/u, 3],
  [
    /^sender\/(?:errands|asking|delivering|identifying|identity|keeping|telling|enrolling|counting|informing|metering|works)\.ts$/u,
    3,
  ],
  [/^admin\/(?!openapi|resources)/u, 3],
  [/^configuration\/health\.ts$/u, 3],
  [/\/(?:store|client)\.ts$/u, 2],
  [/^db\//u, 2],
  [/./u, 1],
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

  it("lead back to no file, and of the pure heart to no folder but where the contract of assistants lies beside their catalog", () => {
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
    expect(circlesIn(between)).toEqual([["assistants", "topics"]]);
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
