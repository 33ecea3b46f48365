/**
 * sfc32 (C. Doty-Humphrey, PractRand), its three words filled by splitmix32 from the two halves of a 53-bit seed.
 * Twin of rust-selector/src/random.rs, bit for bit.
 */
export class Sfc32 {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  constructor(seed: number) {
    const low = splitMix32(seed >>> 0);
    const high = splitMix32(Math.floor(seed / 0x1_0000_0000) ^ 0x5851f42d);
    this.a = low();
    this.b = low();
    this.c = high();
    for (let round = 0; round < 12; round += 1) this.nextInt32();
  }

  /** 32 random bits, as a signed integer. */
  nextInt32(): number {
    const { a, b, c } = this;
    const out = (((a + b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = b ^ (b >>> 9);
    this.b = (c + (c << 3)) | 0;
    this.c = (((c << 21) | (c >>> 11)) + out) | 0;
    return out;
  }

  /** Uniform in (0, 1), 2^32 values, neither end among them. */
  nextUnit(): number {
    return ((this.nextInt32() >>> 0) + 0.5) / 4_294_967_296;
  }

  /** Uniform in (-1, 1), symmetric about a 0 that never comes. */
  nextSigned(): number {
    return (this.nextInt32() + 0.5) / 2_147_483_648;
  }
}

function splitMix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let word = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    return word ^ (word >>> 15);
  };
}
