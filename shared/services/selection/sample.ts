/**
 * Normal draws by Marsaglia's polar method (1964), Gamma draws by Marsaglia & Tsang ("A simple method for
 * generating gamma variables", ACM TOMS 26(3), 2000), Beta draws as X / (X + Y). Logarithm and square root alone,
 * in the order of rust-selector/src/sample.rs, so that both languages draw the same.
 */
import type { Sfc32 } from './random.ts';

/** Constants of one Beta(a, b), worked out once for many draws; a and b are positive and finite. */
export interface Beta {
  readonly x: Gamma;
  readonly y: Gamma;
  readonly mean: number;
}

interface Gamma {
  readonly d: number;
  readonly c: number;
  /** 1 / shape where the shape is below 1, else 0. */
  readonly inverse: number;
}

export function beta(a: number, b: number): Beta {
  return { x: gamma(a), y: gamma(b), mean: a / (a + b) };
}

function gamma(shape: number): Gamma {
  const d = (shape < 1 ? shape + 1 : shape) - 1 / 3;
  return { d, c: 1 / Math.sqrt(9 * d), inverse: shape < 1 ? 1 / shape : 0 };
}

/** Draws normals in pairs and keeps the second one for the next call. */
export class Sampler {
  private readonly rng: Sfc32;
  private spare = 0.5;
  private hasSpare = false;

  constructor(rng: Sfc32) {
    this.rng = rng;
  }

  drawBeta(beta: Beta): number {
    const x = this.drawGamma(beta.x);
    const y = this.drawGamma(beta.y);
    return x + y > 0 ? x / (x + y) : beta.mean;
  }

  drawNormal(): number {
    if (this.hasSpare) {
      this.hasSpare = false;
      return this.spare;
    }
    for (;;) {
      const u = this.rng.nextSigned();
      const v = this.rng.nextSigned();
      const square = u * u + v * v;
      if (square < 1) {
        const factor = Math.sqrt((-2 * Math.log(square)) / square);
        this.spare = v * factor;
        this.hasSpare = true;
        return u * factor;
      }
    }
  }

  private drawGamma({ d, c, inverse }: Gamma): number {
    for (;;) {
      const x = this.drawNormal();
      const root = 1 + c * x;
      if (root <= 0) continue;
      const v = root * root * root;
      const u = this.rng.nextUnit();
      const square = x * x;
      if (u < 1 - 0.0331 * square * square || Math.log(u) < 0.5 * square + d * (1 - v + Math.log(v))) {
        const boost = inverse > 0 ? Math.exp(Math.log(this.rng.nextUnit()) * inverse) : 1;
        return d * v * boost;
      }
    }
  }
}
