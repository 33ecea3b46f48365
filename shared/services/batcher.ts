/**
 * Lets concurrent callers share one call: while a flush is under way new items queue up, and the next
 * flush takes them all. A lone item is flushed at once, so sharing never costs waiting.
 */
export interface BatcherOptions {
  /** Most items in one flush. */
  maxBatch: number;
  /** Most flushes under way at once. */
  maxInFlight?: number;
}

interface Waiting<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

export class Batcher<Item, Result> {
  readonly #flush: (items: Item[]) => Promise<readonly Result[]>;
  readonly #maxBatch: number;
  readonly #maxInFlight: number;
  #queue: Waiting<Item, Result>[] = [];
  #inFlight = 0;
  #scheduled = false;

  /** `flush` answers one result for each item, in their order; when it throws, each of its items fails so. */
  constructor(flush: (items: Item[]) => Promise<readonly Result[]>, options: BatcherOptions) {
    this.#flush = flush;
    this.#maxBatch = options.maxBatch;
    this.#maxInFlight = options.maxInFlight ?? 1;
  }

  add(item: Item): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.#queue.push({ item, resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#scheduled || this.#inFlight >= this.#maxInFlight || this.#queue.length === 0) return;
    this.#scheduled = true;
    // One turn of the event loop: requests that arrived in the same read share the flush.
    setImmediate(() => {
      this.#scheduled = false;
      this.#start();
    });
  }

  #start(): void {
    const batch = this.#queue.splice(0, this.#maxBatch);
    if (batch.length === 0) return;
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
