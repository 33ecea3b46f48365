/**
 * The ranked models one after the other, as far as their breakers let calls through. One whose turn it is to be tried again
 * is claimed first, so that of all instances only one tries. Where no breaker lets any through the ranking counts alone.
 */

import type { AdapterHealth } from '../health/adapter-health.ts';
import type { Prediction } from '../routing/predict.ts';
import { costOf } from '../routing/predict.ts';
import type { AskJob } from './ask-job.ts';

export interface Candidate {
  prediction: Prediction;
  probe: boolean;
}

export const MAX_CANDIDATES = 3;

export class Candidates {
  readonly #health: AdapterHealth;
  readonly #job: AskJob;
  readonly #leaseMs: number;
  #waiting: Prediction[];
  #heldBack: Prediction[] = [];
  #given = 0;

  /** A try is given up as lost after `leaseMs`. */
  constructor(job: AskJob, health: AdapterHealth, leaseMs: number) {
    this.#job = job;
    this.#health = health;
    this.#leaseMs = leaseMs;
    this.#waiting = [...job.choice.ranked];
  }

  async next(): Promise<Candidate | undefined> {
    if (this.#given >= MAX_CANDIDATES) return undefined;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const passage = this.#health.passageOf(next.adapter);
      if (passage === 'call') return this.#give(next, false);
      if (passage === 'probe' && (await this.#health.claim(next.adapter, this.#leaseMs)))
        return this.#give(next, true);
      this.#heldBack.push(next);
    }
    // Nothing else may be asked: a try may succeed, a refusal cannot.
    if (this.#given > 0) return undefined;
    this.#waiting = this.#heldBack;
    this.#heldBack = [];
    const best = this.#waiting.shift();
    this.#waiting = [];
    return best === undefined ? undefined : this.#give(best, true);
  }

  /** Is there another that may be asked now? */
  get hasMore(): boolean {
    return this.#given < MAX_CANDIDATES && this.#waiting.some((one) => this.#isFree(one));
  }

  /** The next one that may be asked beside `first`, where the caller's ceiling affords both. */
  beside(first: Prediction): Candidate | undefined {
    if (this.#given >= MAX_CANDIDATES) return undefined;
    const second = this.#waiting.find((one) => this.#isFree(one) && this.#affords(first, one));
    if (second === undefined) return undefined;
    this.#waiting = this.#waiting.filter((one) => one !== second);
    return this.#give(second, false);
  }

  #give(prediction: Prediction, probe: boolean): Candidate {
    this.#given += 1;
    return { prediction, probe };
  }

  #isFree({ adapter }: Prediction): boolean {
    return this.#health.passageOf(adapter) === 'call';
  }

  /** Both at their dearest: what the first may spend it was told already. */
  #affords(...both: Prediction[]): boolean {
    const { ask, policy, tokensIn } = this.#job.prepared;
    const ceiling = Math.min(ask.max_cost_usd ?? Infinity, policy.guard_rails?.max_cost_usd ?? Infinity);
    if (ceiling === Infinity) return true;
    const answers = ask.embeds === true ? 0 : (ask.answers ?? 1);
    const most = both.map(({ adapter, maxTokens }) => costOf(adapter.price, tokensIn, maxTokens * answers));
    return most.reduce((sum, cost) => sum + cost, 0) <= ceiling;
  }
}
