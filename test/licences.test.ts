import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";

/** Licences under which what is deployed may be passed on by anybody, with its notices. */
const ALLOWED = new Set(["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"]);

/** A package of the lockfile; what only development needs is marked as such. */
interface Locked {
  readonly version: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  /** Of the project itself. */
  readonly dependencies?: Readonly<Record<string, string>>;
}

it("every package that is deployed has a licence of the short list", () => {
  const file = path.resolve(import.meta.dirname, "../package-lock.json");
  const { packages } = JSON.parse(readFileSync(file, "utf8")) as {
    readonly packages: Readonly<Record<string, Locked>>;
  };
  const deployed = Object.entries(packages).filter(
    ([name, { dev, devOptional }]) => name !== "" && !dev && !devOptional,
  );
  const direct = Object.keys(packages[""]?.dependencies ?? {}).map((name) => `node_modules/${name}`);
  expect(deployed.map(([name]) => name)).toEqual(expect.arrayContaining(direct));
  const others = deployed.filter(([, { license }]) => !ALLOWED.has(license ?? ""));
  expect(others.map(([name, { version, license }]) => `${name}@${version}: ${license ?? "no licence"}`)).toEqual([]);
});
