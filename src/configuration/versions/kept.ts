import type { Answering } from "../../contract/assistant.ts";

/** An application as it was at a publication. */
export interface Moment {
  readonly application: string;
  readonly publication: number;
}

/** @returns an application as it was at a publication, or null where that could not be had */
export type Past = (application: string, publication: number) => Answering | null;

/** An application as it was from one publication until another, both included. */
export interface Version {
  readonly application: string;
  readonly first: number;
  readonly last: number;
  /** Null where it can no longer be made. */
  readonly answering: Answering | null;
}

/** Versions by what they cover, so many at most; the one that was not asked for longest goes first. */
export class KeptVersions {
  readonly #limit: number;
  /** The one asked for last stands last. */
  #versions: readonly Version[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @returns the application as it was at a publication, or undefined where that is not known */
  find(application: string, publication: number): Version | undefined {
    const found = this.#versions.find(
      (version) => version.application === application && version.first <= publication && publication <= version.last,
    );
    if (found !== undefined) this.#put(found, [found]);
    return found;
  }

  /** Two that begin with the same publication are the same version, known for longer. */
  keep(version: Version): Version {
    const { application, first, last } = version;
    const same = this.#versions.filter((each) => each.application === application && each.first === first);
    const whole = { ...(same[0] ?? version), last: Math.max(last, ...same.map((each) => each.last)) };
    this.#put(whole, same);
    return whole;
  }

  #put(version: Version, instead: readonly Version[]): void {
    const others = this.#versions.filter((each) => !instead.includes(each));
    this.#versions = [...others, version].slice(-this.#limit);
  }
}
