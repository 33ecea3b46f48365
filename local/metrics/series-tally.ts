/** What a gateway process has counted since it last told the supervisor. */
import { addBins, type Bins, binOf } from './latency-bins.ts';

/** As it is sent from one process to another. */
export interface Tallied {
  counts: [service: string, name: string, value: number][];
  times: [service: string, name: string, bins: [bin: number, count: number][]][];
}

interface Counted {
  service: string;
  name: string;
  value: number;
}

interface Timed {
  service: string;
  name: string;
  bins: Bins;
}

export class SeriesTally {
  #counts = new Map<string, Counted>();
  #times = new Map<string, Timed>();

  add(service: string, name: string, isTime: boolean, values: readonly number[]): void {
    const key = `${service} ${name}`;
    if (isTime) {
      const known = this.#times.get(key) ?? { service, name, bins: new Map() };
      addBins(
        known.bins,
        values.map((ms) => [binOf(ms), 1] as const),
      );
      this.#times.set(key, known);
      return;
    }
    const known = this.#counts.get(key) ?? { service, name, value: 0 };
    for (const value of values) known.value += value;
    this.#counts.set(key, known);
  }

  /** Undefined where there is nothing to tell. */
  take(): Tallied | undefined {
    if (this.#counts.size === 0 && this.#times.size === 0) return undefined;
    const tallied: Tallied = {
      counts: [...this.#counts.values()].map(({ service, name, value }) => [service, name, value]),
      times: [...this.#times.values()].map(({ service, name, bins }) => [service, name, [...bins]]),
    };
    this.#counts = new Map();
    this.#times = new Map();
    return tallied;
  }
}
