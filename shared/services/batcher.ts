/**
 * Lets concurrent callers share one call: while a flush is under way new items queue up for the next one. Sixteen share it,
 * or half of those that wait, whichever are more: were all to share, they would pass from store to selector to model in one
 * body, and each of these would stand idle while another works.
 * Callers that were answered together tend to come back together, so after a flush that n items shared, the next one gives
 * n items, sixteen at most, a moment to gather: under load that makes fewer and larger calls. After a lone item the next is
 * flushed at once.
 */
export interface BatcherOptions {
  /** Most items in one flush. */
  maxBatch: number;
  /** Most flushes under way at once. */
  maxInFlight?: number;
  /** Milliseconds that the items of a flush may take to gather; 0 for none. */
  gatherMs?: number;
}

const GATHER_MS = 2;
/** What a call costs by itself is small beside what sixteen items cost. */
const ENOUGH = 16;

interface Waiting<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

export class Batcher<Item, Result> {
  readonly #flush: (items: Item[]) => Promise<readonly Result[]>;
  readonly #maxBatch: number;
  readonly #maxInFlight: number;
  readonly #gatherMs: number;
  #queue: Waiting<Item, Result>[] = [];
  #inFlight = 0;
  #scheduled = false;
  /** While items gather. */
  #gathering: NodeJS.Timeout | undefined;
  /** How many the next flush waits for. */
  #expected = 0;

  /** `flush` answers one result for each item, in their order; when it throws, each of its items fails so. */
  constructor(flush: (items: Item[]) => Promise<readonly Result[]>, options: BatcherOptions) {
    this.#flush = flush;
    this.#maxBatch = options.maxBatch;
    this.#maxInFlight = options.maxInFlight ?? 1;
    this.#gatherMs = options.gatherMs ?? GATHER_MS;
  }

  add(item: Item): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.#queue.push({ item, resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#gathering !== undefined && this.#queue.length >= this.#expected) this.#gathered();
    if (this.#scheduled || this.#inFlight >= this.#maxInFlight || this.#queue.length === 0) return;
    this.#scheduled = true;
    if (this.#gatherMs > 0 && this.#expected > 1 && this.#queue.length < this.#expected) {
      this.#gathering = setTimeout(() => this.#gathered(), this.#gatherMs);
    } else this.#soon();
  }

  #gathered(): void {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    this.#soon();
  }

  /**
   * One turn of the event loop: requests that arrived in the same read share the flush. Not where the last one was alone and
   * whoever comes now may still go right after it.
   */
  #soon(): void {
    const start = (): void => {
      this.#scheduled = false;
      this.#start();
    };
    if (this.#expected <= 1 && this.#inFlight + 1 < this.#maxInFlight) queueMicrotask(start);
    else setImmediate(start);
  }

  #start(): void {
    const share = Math.max(ENOUGH, Math.ceil(this.#queue.length / 2));
    const batch = this.#queue.splice(0, Math.min(this.#maxBatch, share));
    if (batch.length === 0) return;
    this.#expected = Math.min(ENOUGH, batch.length);
    this.#inFlight += 1;
    void this.#run(batch).finally(() => {
      this.#inFlight -= 1;
      this.#schedule();
    });
    this.#schedule();
  }

  async #run(batch: Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#flush(batch.map((waiting) => waiting.item));
      batch.forEach((waiting, index) => {
        waiting.resolve(results[index] as Result);
      });
    } catch (error) {
      for (const waiting of batch) waiting.reject(error);
    }
  }
}
