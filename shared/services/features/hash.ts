/** 32-bit hashing for features. Not for secrets: it is fast and public, and an adversary can make it collide. */

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** FNV-1a (Fowler, Noll, Vo) over UTF-16 code units from `start` to `end`, one multiplication a unit. */
export function hashUnits(text: string, start: number, end: number, seed: number): number {
  let hash = (FNV_OFFSET ^ seed) | 0;
  for (let index = start; index < end; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), FNV_PRIME);
  }
  return mix(hash);
}

/** The 32-bit finaliser of MurmurHash3 (A. Appleby): every bit of the input moves every bit of the output. */
function mix(word: number): number {
  let hash = word | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
