/** Eligible adapters -> selector -> decision. Utility is decided here and now; quality is what the selector has learnt. */
import { AppError } from '../../errors/app-error.ts';
import type { Adapter } from '../../model/adapter.ts';
import type { RoutingWish } from '../../model/ask.ts';
import type { Candidate, Decision } from '../../model/decision.ts';
import type { FeaturesFallback, Learnable, ShadowDecision } from '../../model/observation.ts';
import type { ConfigSnapshot, Flags, Policy } from '../../model/policy.ts';
import type { RankedCandidate, SelectChosen } from '../../model/selection.ts';
import type { ConfigSource } from '../../ports/config-store.ts';
import type { Random } from '../../ports/runtime.ts';
import type { FeatureInput } from '../features/extract-features.ts';
import type { Extracted, FeatureExtractor } from '../features/feature-extractor.ts';
import type { Features } from '../features/feature-kinds.ts';
import { taskHash } from '../features/task-type.ts';
import { PolicyAssigner } from './assign-policy.ts';
import { featureKindOf, learnableOf } from './context.ts';
import { snapshotFor } from './own-keys.ts';
import { noEligibleModel, type Prediction, prepare, type Standings } from './predict.ts';
import type { PreparedRequest } from './prepared-request.ts';
import { selectRequestOf } from './select-request.ts';
import type { FallbackReason, SelectorSwitch } from './selector-switch.ts';
import { decideInShadow, shadowsOf } from './shadow.ts';

export interface ChooserDeps {
  config: ConfigSource;
  selector: SelectorSwitch;
  features: FeatureExtractor;
  /** How the models stand; all well where it is left out. */
  standings?: Standings;
  random: Random;
}

export interface Choice {
  decision: Decision;
  /** Best first. */
  ranked: Prediction[];
  learnable: Learnable;
  /** What the policy, and those in shadow, went by. */
  features: Features;
  featuresFallback?: FeaturesFallback;
  /** What policies that are never obeyed would have done. */
  shadow: ShadowDecision[];
  /** The session's model stands first, whatever the policy drew. */
  sticky?: true;
  fallback?: FallbackReason;
  /** Milliseconds that the selector took. */
  selectorMs: number;
}

/** Who may answer: any model of a policy, or the one that the caller names. */
export interface Target {
  policy: Policy;
  only?: string;
  /** Who asks; without, models go by their shared keys. */
  tenantId?: string;
}

/** With the flags of the same copy of the configuration. */
export interface FoundTarget extends Target {
  flags: Flags;
}

export const AUTO = 'auto';

export class ModelChooser {
  readonly #deps: ChooserDeps;
  readonly #assigner: PolicyAssigner;

  constructor(deps: ChooserDeps) {
    this.#deps = deps;
    this.#assigner = new PolicyAssigner(deps.random);
  }

  /**
   * By whom a name stands to be answered: `auto` for the tenant's policy, a model's id for that model within this policy, or
   * the name of a policy that the tenant may use. 404 where it is neither, after a look at the newest configuration.
   */
  async target(name: string, tenantId: string): Promise<FoundTarget> {
    const found =
      this.#targetOf(await this.#deps.config.current(), name, tenantId) ??
      this.#targetOf(await this.#deps.config.refresh(), name, tenantId);
    if (found !== undefined) return found;
    const message = 'is neither auto, nor the name of a policy or a model';
    throw new AppError('not_found', 'There is no such model.', { errors: [{ path: '/model', message }] });
  }

  /**
   * Predictions for every adapter. `described` is the request without personal data: strategies may go by it. Throws 422 when
   * none may serve, after a look at the newest configuration.
   */
  async prepare(
    ask: RoutingWish,
    tokensIn: number,
    target: Target,
    described: FeatureInput,
  ): Promise<PreparedRequest> {
    const prepareWith = (newest: ConfigSnapshot): PreparedRequest => {
      const snapshot = snapshotFor(target.tenantId, newest);
      const adapters = adaptersOf(snapshot, target);
      return {
        ...prepare(ask, adapters, target.policy, tokensIn, this.#deps.standings),
        snapshot,
        described,
      };
    };
    const prepared = prepareWith(await this.#deps.config.current());
    if (prepared.eligible.length > 0) return prepared;
    const latest = prepareWith(await this.#deps.config.refresh());
    if (latest.eligible.length === 0) throw noEligibleModel(latest);
    return latest;
  }

  async choose(requestId: string, prepared: PreparedRequest): Promise<Choice> {
    const { selector, random, standings } = this.#deps;
    const { flags } = prepared.snapshot;
    const shadows = shadowsOf(prepared);
    const { features, fallback: featuresFallback } = await this.#featuresFor(prepared, shadows);
    const context = { features, task: taskOf(prepared) };
    const request = selectRequestOf(requestId, prepared, context, random.seed());
    const deciding = selector.select(request, flags);
    const shadowing = decideInShadow(requestId, prepared, shadows, context, { selector, random, standings });
    const { result, backend, fallback, tookMs } = await deciding;
    const shadow = await shadowing;
    if ('error' in result) {
      throw new AppError('internal', 'The models could not be ranked.', {
        cause: new Error(result.error.code),
      });
    }
    const { ranked, candidates } = rank(prepared, result);
    return {
      decision: {
        policy: prepared.policy.id,
        selector: backend,
        state_version: result.state_version,
        candidates,
      },
      ranked,
      learnable: learnableOf(prepared.policy, context.task),
      features,
      shadow,
      selectorMs: tookMs,
      ...(featuresFallback === undefined ? {} : { featuresFallback }),
      ...(fallback === undefined ? {} : { fallback }),
    };
  }

  /** All that go by a context, before any decides, so that one call decides for all of them. */
  #featuresFor(
    { policy, described }: PreparedRequest,
    shadows: readonly Policy[],
  ): Extracted | Promise<Extracted> {
    const kinds = [policy, ...shadows].map(featureKindOf).filter((kind) => kind !== undefined);
    return this.#deps.features.extract(described, new Set(kinds));
  }

  #targetOf(snapshot: ConfigSnapshot, name: string, tenantId: string): FoundTarget | undefined {
    const { flags } = snapshot;
    const found = { tenantId, flags };
    if (name === AUTO) return { policy: this.#assigner.assign(snapshot, tenantId), ...found };
    if (snapshot.adapters.some(({ id }) => id === name)) {
      return { policy: this.#assigner.assign(snapshot, tenantId), only: name, ...found };
    }
    const policy = this.#assigner.named(snapshot, tenantId, name);
    return policy === undefined ? undefined : { policy, ...found };
  }
}

/** Only what the caller names: a guess says no more than the features that it is made from. */
const taskOf = ({ described: { task_type: name } }: PreparedRequest): number | undefined =>
  name === undefined ? undefined : taskHash(name);

const adaptersOf = ({ adapters }: ConfigSnapshot, { only }: Target): readonly Adapter[] =>
  only === undefined ? adapters : adapters.filter(({ id }) => id === only);

/** The selector's ranking joined with the predictions; those that may not serve come last. */
const rank = (prepared: PreparedRequest, result: SelectChosen) => {
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
  return { ranked, candidates };
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
  ...(ranked.by_task === undefined ? {} : { by_task: ranked.by_task }),
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
