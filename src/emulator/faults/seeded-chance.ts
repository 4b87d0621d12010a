/**
 * A number from 0 to 1 that looks random and is always the same for the same seed and name: nothing is drawn in turn, so that it does not
 * matter in which order things happen. FNV-1a over the name, then the finalizer of MurmurHash3, which spreads every bit over all others.
 */
export function drawChance(seed: number, name: string): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let index = 0; index < name.length; index += 1) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16) ^ seed, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
