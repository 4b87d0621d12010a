import type { ReadyApplication } from "../../contract/assistant.ts";

/** An application as it was at a publication. */
export interface VersionRef {
  readonly application: string;
  readonly publication: number;
}

/** @returns an application as it was at a publication, or null where that could not be had */
export type VersionLookup = (application: string, publication: number) => ReadyApplication | null;

/** An application as it was from one publication until another, both included. */
export interface ApplicationVersion {
  readonly application: string;
  readonly first: number;
  readonly last: number;
  /** Null where it can no longer be made. */
  readonly answering: ReadyApplication | null;
}

/** Versions by what they cover, so many at most; the one that was not asked for longest goes first. */
export class VersionCache {
  readonly #limit: number;
  /** The one asked for last stands last. */
  #versions: readonly ApplicationVersion[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @returns the application as it was at a publication, or undefined where that is not known */
  findVersion(application: string, publication: number): ApplicationVersion | undefined {
    const found = this.#versions.find(
      (version) => version.application === application && version.first <= publication && publication <= version.last,
    );
    if (found !== undefined) this.#replaceVersions(found, [found]);
    return found;
  }

  /** Two that begin with the same publication are the same version, known for longer. */
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
