/** A list of names as a Bloom filter: with eight bits each three strangers in a hundred pass for members, with 24 one in two thousand. */
const HASHES = 4;
const FNV_BASIS = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const ACCENTS = /\p{Mn}/gu;
const encoder = new TextEncoder();

const fnv = (text: string): number => {
  let hash = FNV_BASIS;
  for (const byte of encoder.encode(text)) hash = Math.imul(hash ^ byte, FNV_PRIME) >>> 0;
  return hash;
};

export const folded = (word: string): string => word.toLowerCase().normalize('NFD').replace(ACCENTS, '');

export class NameList {
  readonly #bytes: Uint8Array;

  constructor(base64: string) {
    this.#bytes = Buffer.from(base64, 'base64');
  }

  /** `word` is folded. */
  has(word: string): boolean {
    const size = this.#bytes.length * 8;
    const step = (fnv(`${word}\0`) | 1) >>> 0;
    let at = fnv(word);
    for (let turn = 0; turn < HASHES; turn++, at += step) {
      const bit = at % size;
      if ((((this.#bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 0) return false;
    }
    return true;
  }
}
