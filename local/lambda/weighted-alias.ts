/** An alias as Lambda has it: it leads to one version, or for a share of the invocations to a second one. */
import type { Random } from '../../shared/ports/runtime.ts';

export class WeightedAlias<Version> {
  readonly #random: Pick<Random, 'next'>;
  #version: Version;
  #second: { version: Version; weight: number } | undefined;

  constructor(version: Version, random: Pick<Random, 'next'>) {
    this.#version = version;
    this.#random = random;
  }

  /** Where all traffic goes that the second version does not get. */
  get version(): Version {
    return this.#version;
  }

  /** From 0 to 1. */
  shift(version: Version, weight: number): void {
    this.#second = { version, weight };
  }

  /** What is under way stays where it is. */
  point(version: Version): void {
    this.#version = version;
    this.#second = undefined;
  }

  /** The version of the next invocation. */
  pick(): Version {
    if (this.#second !== undefined && this.#random.next() < this.#second.weight) return this.#second.version;
    return this.#version;
  }
}
