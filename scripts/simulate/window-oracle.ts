/**
 * When a tenant's requests were let in, as a plain list: the limits are judged by it, and by nothing that the limits' own code
 * counts. A window of any begin holds at most `limit` requests where no request is nearer than the window's length to the
 * one `limit` places before it.
 */
export interface Bound {
  readonly lengthMs: number;
  readonly limit: number;
}

export class WindowOracle {
  readonly #bounds: readonly Bound[];
  readonly #most: number;
  /** A ring of the newest. */
  readonly #times: number[] = [];
  #count = 0;

  constructor(bounds: readonly Bound[]) {
    this.#bounds = bounds;
    this.#most = Math.max(...bounds.map(({ limit }) => limit));
  }

  /** How many bounds the request breaks. */
  letIn(at: number): number {
    let broken = 0;
    for (const { lengthMs, limit } of this.#bounds) {
      if (this.#count < limit) continue;
      const before = this.#times[(this.#count - limit) % this.#most] ?? Number.NEGATIVE_INFINITY;
      if (at - before < lengthMs) broken += 1;
    }
    this.#times[this.#count % this.#most] = at;
    this.#count += 1;
    return broken;
  }
}
