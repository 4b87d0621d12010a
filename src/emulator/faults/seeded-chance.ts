/**
 * Draws a pseudo-random number from 0 to 1 that depends only on seed and name, so that the order of draws does not
 * matter. Hashes the name with FNV-1a, then applies the finalizer of MurmurHash3, which spreads each bit over all
 * others.
 */
export function drawChance(seed: number, name: string): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let index = 0; index < name.length; index += 1) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16) ^ seed, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
