/**
 * Models with known quality that fail at known times, the gateway's own selector and breaker before them, and a learner that
 * adds scores up as `learn` does. What the breaker does is judged by what was seen from outside.
 */
import type { HealthRecord } from '../../shared/model/health.ts';
import { type ArmState, type PolicyState, SELECT_CONTRACT } from '../../shared/model/selection.ts';
import { afterCall, passageOf, unknownHealth, withProbe } from '../../shared/services/health/breaker.ts';
import { availabilityOf } from '../../shared/services/health/standing.ts';
import { SelectionMemo } from '../../shared/services/selection/memo.ts';
import type { Sfc32 } from '../../shared/services/selection/random.ts';
import { selectBatch } from '../../shared/services/selection/select-batch.ts';
import { BreakerOracle } from './breaker-oracle.ts';

export interface SimulatedModel {
  readonly id: string;
  readonly quality: number;
  readonly prior: number;
  readonly costUsd: number;
  readonly latencyMs: number;
}

export interface Outage {
  readonly model: string;
  readonly from: number;
  readonly to: number;
  /** Share of calls that fail. */
  readonly share: number;
}

export interface Call {
  readonly model: SimulatedModel;
  readonly isProbe: boolean;
}

/** What is registered says little of what they are worth: that has to be learnt. */
export const MODELS: readonly SimulatedModel[] = [
  { id: 'model-a', quality: 0.82, prior: 0.5, costUsd: 0.002, latencyMs: 900 },
  { id: 'model-b', quality: 0.6, prior: 0.6, costUsd: 0.0004, latencyMs: 400 },
  { id: 'model-c', quality: 0.7, prior: 0.7, costUsd: 0.004, latencyMs: 1_400 },
  { id: 'model-d', quality: 0.45, prior: 0.5, costUsd: 0.0002, latencyMs: 250 },
];
const WEIGHTS = { quality: 1, cost: 0.3, latency: 0.1, cost_scale_usd: 0.01, latency_scale_ms: 2_000 };
const POLICY = 'simulated';
const REGISTERED = '2026-01-01T00:00:00.000Z';
const LEARN_EVERY_MS = 1_000;
const PROBE_LEASE_MS = 10_000;
const PROBE_EVERY_MS = 60_000;
const NOTHING: ArmState = { n: 0, sum: 0, sumSquares: 0, count: 0 };

/** What a perfectly informed router would take. */
export const BEST = [...MODELS].sort((one, other) => worth(other) - worth(one))[0]?.id ?? '';

function worth({ quality, costUsd, latencyMs }: SimulatedModel): number {
  return (
    WEIGHTS.quality * quality -
    (WEIGHTS.cost * costUsd) / WEIGHTS.cost_scale_usd -
    (WEIGHTS.latency * latencyMs) / WEIGHTS.latency_scale_ms
  );
}

export class ModelWorld {
  readonly #rng: Sfc32;
  readonly #outages: readonly Outage[];
  readonly #memo = new SelectionMemo();
  readonly #byId = new Map(MODELS.map((model) => [model.id, model]));
  readonly #health = new Map<string, HealthRecord>();
  readonly #arms = new Map<string, ArmState>();
  readonly #waiting: { model: string; score: number }[] = [];
  readonly oracle = new BreakerOracle();
  #learntAt = 0;
  #probedAt = 0;
  #version = 0;
  unavailable = 0;

  constructor(rng: Sfc32, outages: readonly Outage[]) {
    this.#rng = rng;
    this.#outages = outages;
  }

  /** The model to ask, by the selector's ranking and what the breakers let through; undefined where none may be asked. */
  choose(now: number): Call | undefined {
    this.#learn(now);
    for (const id of this.#ranking(now)) {
      const model = this.#byId.get(id);
      const record = this.#recordOf(id);
      if (model === undefined) continue;
      const passage = passageOf(record, now);
      if (passage === 'wait') continue;
      if (passage === 'probe') {
        const claimed = withProbe(record, now, PROBE_LEASE_MS);
        if (claimed === undefined) continue;
        this.#health.set(id, claimed);
      }
      this.oracle.called(id, now, passage === 'probe');
      return { model, isProbe: passage === 'probe' };
    }
    this.unavailable += 1;
    return undefined;
  }

  /** Does the call end well? Known when it begins, as what it costs in time depends on it. */
  succeeds({ id }: SimulatedModel, now: number): boolean {
    const outage = this.#outages.find(({ model, from, to }) => model === id && now >= from && now < to);
    return outage === undefined || this.#rng.nextUnit() >= outage.share;
  }

  /** What `probe-adapters` does each minute: models whose turn it is to be tried are tried, also where nobody asks for them. */
  probes(now: number): Call[] {
    if (now - this.#probedAt < PROBE_EVERY_MS) return [];
    this.#probedAt = now;
    return MODELS.flatMap((model) => {
      const claimed = withProbe(this.#recordOf(model.id), now, PROBE_LEASE_MS);
      if (claimed === undefined) return [];
      this.#health.set(model.id, claimed);
      this.oracle.called(model.id, now, true);
      return [{ model, isProbe: true }];
    });
  }

  ended({ model, isProbe }: Call, isOk: boolean, now: number): void {
    const record = this.#recordOf(model.id);
    const next = afterCall(record, {
      at: now,
      result: isOk ? 'ok' : 'failed',
      probe: isProbe,
      draw: this.#rng.nextUnit(),
      ...(isOk ? { wholeMs: model.latencyMs } : { error: 'provider_error' as const }),
    });
    this.#health.set(model.id, next);
    this.oracle.ended(model.id, { isOk, isProbe, now, before: record, after: next });
  }

  /** A caller's judgement: 1 as often as the model is good. */
  score(model: SimulatedModel): void {
    this.#waiting.push({ model: model.id, score: this.#rng.nextUnit() < model.quality ? 1 : 0 });
  }

  #recordOf(id: string): HealthRecord {
    return this.#health.get(id) ?? unknownHealth(id, REGISTERED);
  }

  #ranking(now: number): string[] {
    const state: PolicyState = { version: this.#version, freshness: 'fresh', arms: this.#arms };
    const request = {
      ...{ id: POLICY, policy: POLICY, strategy: 'thompson', weights: WEIGHTS },
      seed: Math.floor(this.#rng.nextUnit() * 2 ** 53),
      candidates: MODELS.map(({ id, prior, costUsd, latencyMs }) => ({
        ...{ id, prior_quality: prior, cost_usd: costUsd, latency_ms: latencyMs },
        availability: availabilityOf(this.#recordOf(id), now),
      })),
    };
    const batch = { contract: SELECT_CONTRACT, requests: [request] };
    const reply = selectBatch(batch, new Map([[POLICY, state]]), () => 0, this.#memo);
    const result = 'results' in reply ? reply.results[0] : undefined;
    if (result === undefined || 'error' in result) throw new Error('the selector refused the simulation');
    return result.ranking.map(({ id }) => id);
  }

  #learn(now: number): void {
    if (now - this.#learntAt < LEARN_EVERY_MS) return;
    this.#learntAt = now;
    if (this.#waiting.length === 0) return;
    for (const { model, score } of this.#waiting.splice(0)) {
      const { n, sum, sumSquares, count } = this.#arms.get(model) ?? NOTHING;
      this.#arms.set(model, {
        n: n + 1,
        sum: sum + score,
        sumSquares: sumSquares + score * score,
        count: count + 1,
      });
    }
    this.#version += 1;
  }
}
