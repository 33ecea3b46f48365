/** The supervisor's part: asks every gateway process for its numbers, and waits a little for those that are busy. */
import type { MetricsReport } from './emf-metrics.ts';

const PATIENCE_MS = 1_000;

export class MetricsOfAll<Worker> {
  readonly #waiting = new Map<number, { from: Set<Worker>; reports: MetricsReport[]; done: () => void }>();
  readonly #patienceMs: number;
  #last = 0;

  constructor(patienceMs = PATIENCE_MS) {
    this.#patienceMs = patienceMs;
  }

  /** The reports of those that answered in time. */
  gather(workers: readonly Worker[], ask: (worker: Worker, id: number) => void): Promise<MetricsReport[]> {
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve) => {
      const reports: MetricsReport[] = [];
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        resolve(reports);
      };
      const timer = setTimeout(done, this.#patienceMs);
      this.#waiting.set(id, { from: new Set(workers), reports, done });
      for (const worker of workers) ask(worker, id);
      if (workers.length === 0) done();
    });
  }

  take(worker: Worker, id: number, report: MetricsReport): void {
    const waiting = this.#waiting.get(id);
    if (waiting?.from.delete(worker) !== true) return;
    waiting.reports.push(report);
    if (waiting.from.size === 0) waiting.done();
  }
}
