/** What was seen of the asks of a phase, and of the whole run. */
import { createHistogram } from 'node:perf_hooks';

const US = 1_000;

export interface PhaseFigures {
  readonly shape: string;
  readonly seconds: number;
  readonly due: number;
  readonly answered: number;
  readonly refused: number;
  readonly failed: number;
  /** What failed, by status or by the error's code. */
  readonly failures: Readonly<Record<string, number>>;
  readonly per_second: number;
  readonly p50_ms: number;
  readonly p95_ms: number;
  readonly p99_ms: number;
  readonly max_ms: number;
}

/** Memory does not grow with the number of asks. */
export class PhaseTally {
  readonly #latencies = createHistogram();
  readonly #failures = new Map<string, number>();
  answered = 0;
  refused = 0;
  failed = 0;

  answer(ms: number): void {
    this.answered += 1;
    this.#latencies.record(Math.max(1, Math.round(ms * US)));
  }

  refuse(): void {
    this.refused += 1;
  }

  fail(why: string): void {
    this.failed += 1;
    this.#failures.set(why, (this.#failures.get(why) ?? 0) + 1);
  }

  figures(shape: string, seconds: number, due: number): PhaseFigures {
    const { answered, refused, failed } = this;
    const at = (percent: number): number => (answered === 0 ? 0 : this.#latencies.percentile(percent) / US);
    return {
      ...{ shape, seconds, due, answered, refused, failed },
      failures: Object.fromEntries(this.#failures),
      per_second: (answered + refused) / seconds,
      ...{ p50_ms: at(50), p95_ms: at(95), p99_ms: at(99) },
      max_ms: answered === 0 ? 0 : this.#latencies.max / US,
    };
  }
}

/** What the gateway has confirmed, to be found in its books. */
export class Ledger {
  /** Of each tenant: ids of the answers that arrived. */
  readonly answered = new Map<string, Set<string>>();
  /** Asks of each tenant whose end nobody told. */
  readonly unknown = new Map<string, number>();
  readonly #refused = new Map<string, number>();
  scores = { confirmed: 0, sum: 0, unknown: 0 };

  answer(tenant: string, requestId: string): boolean {
    const ids = this.answered.get(tenant) ?? new Set();
    this.answered.set(tenant, ids);
    const isNew = !ids.has(requestId);
    ids.add(requestId);
    return isNew;
  }

  lose(tenant: string): void {
    this.unknown.set(tenant, (this.unknown.get(tenant) ?? 0) + 1);
  }

  refuse(tenant: string): void {
    this.#refused.set(tenant, (this.#refused.get(tenant) ?? 0) + 1);
  }

  refusedOf(tenant: string): number {
    return this.#refused.get(tenant) ?? 0;
  }
}
