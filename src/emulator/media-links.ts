import { randomBytes } from "node:crypto";
import { MEDIA_LINK_MILLISECONDS } from "./limits.ts";

interface MediaLink {
  readonly mediaSid: string;
  readonly expiresAt: number;
}

/** Temporary URLs of files that need no credentials; Twilio's media resources redirect to such URLs. */
export class MediaLinks {
  readonly #links = new Map<string, MediaLink>();

  /** Creates a link and evicts expired ones. @returns its path on the media origin */
  createLink(mediaSid: string, now: number): string {
    for (const [token, { expiresAt }] of this.#links) {
      if (expiresAt > now) break;
      this.#links.delete(token);
    }
    const token = randomBytes(24).toString("base64url");
    this.#links.set(token, { mediaSid, expiresAt: now + MEDIA_LINK_MILLISECONDS });
    return `/media/${token}`;
  }

  /** @returns the file's SID, or null if the link is unknown or has expired */
  openLink(token: string, now: number): string | null {
    const link = this.#links.get(token);
    return link === undefined || link.expiresAt <= now ? null : link.mediaSid;
  }

  clear(): void {
    this.#links.clear();
  }
}
