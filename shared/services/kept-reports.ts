/**
 * Reports that take long, kept for as long as they are worth it: ten times what each took to make, so that whoever looks again
 * and again costs a tenth of an instance at most, and a report that is made in no time is always new. Serves while it makes
 * the next one. Fails as the making does; a failure is not kept.
 */
import type { Clock } from '../ports/runtime.ts';

const WORTH = 10;
const LONGEST_KEPT_MS = 10_000;
/** Served, and made anew behind the caller's back, until so many times as old. */
const STALE = 3;
const MOST = 64;

interface Kept<Report> {
  readonly report: Report;
  readonly madeAt: number;
  readonly keptMs: number;
}

export class KeptReports<Report> {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #kept = new Map<string, Kept<Report>>();
  readonly #making = new Map<string, Promise<Report>>();

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** Those who ask for the same `key` at once share one making. */
  get(key: string, make: () => Promise<Report>): Promise<Report> {
    const kept = this.#kept.get(key);
    const age = kept === undefined ? 0 : this.#clock.monotonic() - kept.madeAt;
    if (kept === undefined || age >= STALE * kept.keptMs) return this.#make(key, make);
    // Its failure shows when what is kept is too old.
    if (age >= kept.keptMs) this.#make(key, make).catch(() => undefined);
    return Promise.resolve(kept.report);
  }

  #make(key: string, make: () => Promise<Report>): Promise<Report> {
    const underway = this.#making.get(key);
    if (underway !== undefined) return underway;
    const begunAt = this.#clock.monotonic();
    const making = make()
      .then((report) => {
        const madeAt = this.#clock.monotonic();
        this.#keep(key, {
          report,
          madeAt,
          keptMs: Math.min(LONGEST_KEPT_MS, WORTH * (madeAt - begunAt)),
        });
        return report;
      })
      .finally(() => this.#making.delete(key));
    this.#making.set(key, making);
    return making;
  }

  #keep(key: string, kept: Kept<Report>): void {
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST && oldest !== undefined) this.#kept.delete(oldest);
  }
}
