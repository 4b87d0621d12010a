import { encodeUtf8 } from "./bytes.ts";

/** Compares digests, so that the time it takes reveals neither content nor length. */
export async function equalsInConstantTime(left: string, right: string): Promise<boolean> {
  const [a, b] = await Promise.all([left, right].map((text) => crypto.subtle.digest("SHA-256", encodeUtf8(text))));
  return a !== undefined && b !== undefined && crypto.subtle.timingSafeEqual(a, b);
}
