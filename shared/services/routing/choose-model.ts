/** Eligible adapters -> selector -> decision. Utility is decided here and now; quality is what the selector has learnt. */
import { AppError } from '../../errors/app-error.ts';
import type { Ask } from '../../model/ask.ts';
import type { Candidate, Decision } from '../../model/decision.ts';
import type { ConfigSnapshot, Policy } from '../../model/policy.ts';
import type { RankedCandidate, SelectRequest } from '../../model/selection.ts';
import type { ConfigSource } from '../../ports/config-store.ts';
import type { Random } from '../../ports/runtime.ts';
import { estimateTokens } from '../count-tokens.ts';
import type { FeatureInput } from '../features/extract-features.ts';
import { featuresFor, type Learnable, learnableOf } from './context.ts';
import { noEligibleModel, type Prediction, type Prepared, prepare } from './predict.ts';
import type { FallbackReason, SelectorSwitch } from './selector-switch.ts';

export interface ChooserDeps {
  config: ConfigSource;
  selector: SelectorSwitch;
  random: Random;
}

export interface Choice {
  decision: Decision;
  /** Best first. */
  ranked: Prediction[];
  learnable: Learnable;
  fallback?: FallbackReason;
}

export interface PreparedRequest extends Prepared {
  snapshot: ConfigSnapshot;
  /** Redacted: what is learnt from a request holds no personal data. */
  described: FeatureInput;
}

export const DEFAULT_POLICY_ID = 'default';

export class ModelChooser {
  readonly #deps: ChooserDeps;

  constructor(deps: ChooserDeps) {
    this.#deps = deps;
  }

  async policy(): Promise<Policy> {
    return policyOf(await this.#deps.config.current());
  }

  /** Predictions for every adapter. Throws 422 when none may serve, after a look at the newest configuration. */
  async prepare(ask: Ask, described: FeatureInput): Promise<PreparedRequest> {
    const tokensIn = estimateTokens(ask.prompt);
    const prepareWith = (snapshot: ConfigSnapshot): PreparedRequest => ({
      ...prepare(ask, snapshot.adapters, policyOf(snapshot), tokensIn),
      snapshot,
      described,
    });
    const prepared = prepareWith(await this.#deps.config.current());
    if (prepared.eligible.length > 0) return prepared;
    const latest = prepareWith(await this.#deps.config.refresh());
    if (latest.eligible.length === 0) throw noEligibleModel(latest);
    return latest;
  }

  async choose(requestId: string, prepared: PreparedRequest): Promise<Choice> {
    const features = featuresFor(prepared.policy, prepared.described);
    const request = this.#selectRequest(requestId, prepared, features);
    const { result, backend, fallback } = await this.#deps.selector.select(request, prepared.snapshot.flags);
    if ('error' in result) {
      throw new AppError('internal', 'The models could not be ranked.', {
        cause: new Error(result.error.code),
      });
    }
    const byId = new Map(prepared.eligible.map((prediction) => [prediction.adapter.id, prediction]));
    const ranked: Prediction[] = [];
    const candidates: Candidate[] = [];
    for (const entry of result.ranking) {
      const prediction = byId.get(entry.id);
      if (prediction === undefined) continue;
      ranked.push(prediction);
      candidates.push(eligibleCandidate(prediction, entry));
    }
    for (const prediction of prepared.ineligible) candidates.push(ineligibleCandidate(prediction));
    return {
      decision: {
        policy: prepared.policy.id,
        selector: backend,
        state_version: result.state_version,
        candidates,
      },
      ranked,
      learnable: learnableOf(prepared.policy, features),
      ...(fallback === undefined ? {} : { fallback }),
    };
  }

  #selectRequest(
    requestId: string,
    prepared: PreparedRequest,
    features: readonly number[] | undefined,
  ): SelectRequest {
    const { policy, ask } = prepared;
    return {
      id: requestId,
      policy: policy.id,
      strategy: policy.strategy,
      params: policy.params,
      seed: this.#deps.random.seed(),
      weights: policy.weights[ask.quality],
      candidates: prepared.eligible.map(({ adapter, costUsd, latencyMs }) => ({
        id: adapter.id,
        prior_quality: adapter.quality,
        cost_usd: costUsd,
        latency_ms: latencyMs,
        availability: 1,
      })),
      ...(features === undefined ? {} : { features }),
    };
  }
}

const policyOf = (snapshot: ConfigSnapshot): Policy => {
  const policy = snapshot.policies.get(DEFAULT_POLICY_ID);
  if (policy === undefined) throw new AppError('internal', 'The default policy is missing.');
  return policy;
};

const eligibleCandidate = (prediction: Prediction, ranked: RankedCandidate): Candidate => ({
  id: ranked.id,
  eligible: true,
  quality: ranked.quality,
  uncertainty: ranked.uncertainty,
  cost_usd: prediction.costUsd,
  latency_ms: prediction.latencyMs,
  score: ranked.score,
  propensity: ranked.propensity,
});

const ineligibleCandidate = (prediction: Prediction): Candidate => ({
  id: prediction.adapter.id,
  eligible: false,
  ...(prediction.reason === undefined ? {} : { reason: prediction.reason }),
  quality: prediction.adapter.quality,
  uncertainty: 0,
  cost_usd: prediction.costUsd,
  latency_ms: prediction.latencyMs,
  score: 0,
  propensity: 0,
});
