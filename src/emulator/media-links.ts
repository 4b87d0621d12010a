import { randomBytes } from "node:crypto";
import { MEDIA_LINK_MILLISECONDS } from "./limits.ts";

interface MediaLink {
  readonly mediaSid: string;
  readonly expiresAt: number;
}

/** Addresses that give a file to whoever knows them, for a while: what Twilio's media resources redirect to. */
export class MediaLinks {
  readonly #links = new Map<string, MediaLink>();

  /** @returns a path where the files are */
  createLink(mediaSid: string, now: number): string {
    for (const [token, { expiresAt }] of this.#links) {
      if (expiresAt > now) break;
      this.#links.delete(token);
    }
    const token = randomBytes(24).toString("base64url");
    this.#links.set(token, { mediaSid, expiresAt: now + MEDIA_LINK_MILLISECONDS });
    return `/media/${token}`;
  }

  /** @returns the file's SID, or null where the link does not exist any more */
  openLink(token: string, now: number): string | null {
    const link = this.#links.get(token);
    return link === undefined || link.expiresAt <= now ? null : link.mediaSid;
  }

  clear(): void {
    this.#links.clear();
  }
}
