import type { ReadyApplication } from "../../contract/assistant.ts";

/** A reference to an application as of a publication. */
export interface VersionRef {
  readonly application: string;
  readonly publication: number;
}

/** @returns an application as of a publication, or null if it could not be loaded */
export type VersionLookup = (application: string, publication: number) => ReadyApplication | null;

/** An application that was unchanged from one publication to another, both included. */
export interface ApplicationVersion {
  readonly application: string;
  readonly first: number;
  readonly last: number;
  /** Null if it cannot be restored. */
  readonly ready: ReadyApplication | null;
}

/** A bounded cache of versions by the publications that they cover; it evicts the least recently used one. */
export class VersionCache {
  readonly #limit: number;
  /** Sorted by last use, the latest at the end. */
  #versions: readonly ApplicationVersion[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @returns the application as of a publication, or undefined if it is not cached */
  findVersion(application: string, publication: number): ApplicationVersion | undefined {
    const found = this.#versions.find(
      (version) => version.application === application && version.first <= publication && publication <= version.last,
    );
    if (found !== undefined) this.#replaceVersions(found, [found]);
    return found;
  }

  /** Adds a version. Two versions with the same first publication are identical, so their ranges are merged. */
  addVersion(version: ApplicationVersion): ApplicationVersion {
    const { application, first, last } = version;
    const same = this.#versions.filter((each) => each.application === application && each.first === first);
    const whole = { ...(same[0] ?? version), last: Math.max(last, ...same.map((each) => each.last)) };
    this.#replaceVersions(whole, same);
    return whole;
  }

  #replaceVersions(version: ApplicationVersion, instead: readonly ApplicationVersion[]): void {
    const others = this.#versions.filter((each) => !instead.includes(each));
    this.#versions = [...others, version].slice(-this.#limit);
  }
}
