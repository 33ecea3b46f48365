/** What is known of a policy's models: what was learnt of each, and what each did in a span of observations. */
import type { Adapter } from '../../model/adapter.ts';
import type { Observation } from '../../model/observation.ts';
import { learningStateOf, type Policy } from '../../model/policy.ts';
import type { ArmState, PolicyState } from '../../model/selection.ts';
import type { Span } from '../observation-span.ts';
import { posterior } from '../selection/posterior.ts';

export interface ArmReport {
  id: string;
  registered: boolean;
  enabled: boolean;
  prior: number;
  q_hat: number;
  uncertainty: number;
  pulls: number;
  requests: number;
  share: number;
  mean_cost_usd: number | null;
  mean_latency_ms: number | null;
  mean_feedback: number | null;
  scored: number;
  errors: number;
  frontier: boolean;
}

export interface ArmsReport {
  policy: string;
  version: number;
  strategy: string;
  learning_state: string;
  state_version: number;
  step_s: number;
  arms: ArmReport[];
  shares: { at: string; requests: number; by_model: Record<string, number> }[];
  shadow: { policy: string; decisions: number; agreed: number }[];
}

/** What a span of observations says of a policy. */
export interface ArmActivity extends Pick<ArmsReport, 'step_s' | 'shares' | 'shadow'> {
  /** Of all models. */
  requests: number;
  byModel: ReadonlyMap<string, Sums>;
}

export interface ArmsInput {
  policy: Policy;
  adapters: readonly Adapter[];
  state: PolicyState;
  activity: ArmActivity;
}

const UNSEEN: ArmState = { n: 0, sum: 0, sumSquares: 0, count: 0 };
const UNREGISTERED_PRIOR = 0.5;
const DEFAULT_PRIOR_STRENGTH = 8;
const SHARES = 48;
const MINUTE_MS = 60_000;

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

export class Sums {
  requests = 0;
  errors = 0;
  answered = 0;
  cost = 0;
  latency = 0;
  scored = 0;
  score = 0;

  add({ outcome, cost_usd, latency_ms, quality_score }: Observation): void {
    this.requests += 1;
    if (outcome === 'success') {
      this.answered += 1;
      this.cost += cost_usd;
      this.latency += latency_ms;
    } else if (outcome !== 'aborted') this.errors += 1;
    if (quality_score !== null) {
      this.scored += 1;
      this.score += quality_score;
    }
  }
}

const mean = (sum: number, count: number, digits: number): number | null =>
  count === 0 ? null : rounded(sum / count, digits);

/** `observations` are of this policy and others. */
export const activityOf = (policy: string, observations: readonly Observation[], span: Span): ArmActivity => {
  const own = observations.filter((observation) => observation.policy === policy);
  const byModel = new Map<string, Sums>();
  for (const observation of own) {
    const known = byModel.get(observation.model) ?? new Sums();
    known.add(observation);
    byModel.set(observation.model, known);
  }
  const stepMs = Math.max(MINUTE_MS, Math.ceil((span.to - span.from) / SHARES / MINUTE_MS) * MINUTE_MS);
  return {
    requests: own.length,
    byModel,
    step_s: stepMs / 1_000,
    shares: sharesOf(own, span, stepMs),
    shadow: agreementOf(own),
  };
};

export const reportArms = ({ policy, adapters, state, activity }: ArmsInput): ArmsReport => {
  const { requests, byModel, ...observed } = activity;
  const may = adapters.filter((adapter) => mayServe(adapter, policy));
  const ids = new Set([...may.map(({ id }) => id), ...byModel.keys(), ...state.arms.keys()]);
  const byId = new Map(adapters.map((adapter) => [adapter.id, adapter]));
  const strength = policy.params.prior_strength ?? DEFAULT_PRIOR_STRENGTH;
  const arms = [...ids]
    .sort()
    .map((id) => armOf(id, byId.get(id), state.arms.get(id) ?? UNSEEN, byModel.get(id)))
    .map((arm) => arm(strength, requests));
  return {
    policy: policy.id,
    version: policy.version,
    strategy: policy.strategy,
    learning_state: learningStateOf(policy),
    state_version: state.version,
    ...observed,
    arms: onFrontier(arms),
  };
};

const mayServe = ({ id, capabilities }: Adapter, { candidates: filter }: Policy): boolean =>
  (filter?.only === undefined || filter.only.includes(id)) &&
  filter?.except?.includes(id) !== true &&
  (filter?.capabilities ?? []).every((capability) => capabilities.includes(capability));

const armOf =
  (id: string, adapter: Adapter | undefined, state: ArmState, sums: Sums = new Sums()) =>
  (strength: number, all: number): ArmReport => {
    const prior = adapter?.quality ?? UNREGISTERED_PRIOR;
    const belief = posterior({ id, priorQuality: prior, offset: 0, state }, strength);
    return {
      id,
      registered: adapter !== undefined,
      enabled: adapter?.enabled ?? false,
      prior,
      q_hat: rounded(belief.mean, 4),
      uncertainty: rounded(belief.deviation, 4),
      pulls: state.count,
      requests: sums.requests,
      share: all === 0 ? 0 : rounded(sums.requests / all, 4),
      mean_cost_usd: mean(sums.cost, sums.answered, 9),
      mean_latency_ms: mean(sums.latency, sums.answered, 1),
      mean_feedback: mean(sums.score, sums.scored, 4),
      scored: sums.scored,
      errors: sums.errors,
      frontier: false,
    };
  };

/** Of those whose cost is known: none that is left is both cheaper and believed to be as good. */
const onFrontier = (arms: readonly ArmReport[]): ArmReport[] => {
  const known = arms.filter(({ mean_cost_usd }) => mean_cost_usd !== null);
  const beats = (other: ArmReport, arm: ArmReport): boolean => {
    const [otherCost, cost] = [other.mean_cost_usd ?? 0, arm.mean_cost_usd ?? 0];
    return otherCost <= cost && other.q_hat >= arm.q_hat && (otherCost < cost || other.q_hat > arm.q_hat);
  };
  return arms.map((arm) => ({
    ...arm,
    frontier: arm.mean_cost_usd !== null && !known.some((other) => beats(other, arm)),
  }));
};

const sharesOf = (own: readonly Observation[], { from, to }: Span, stepMs: number): ArmsReport['shares'] => {
  const first = Math.floor(from / stepMs) * stepMs;
  const steps = Array.from({ length: Math.ceil((to - first) / stepMs) }, (_, index) => ({
    at: new Date(first + index * stepMs).toISOString(),
    requests: 0,
    by_model: {} as Record<string, number>,
  }));
  for (const { created_at, model } of own) {
    const step = steps[Math.floor((Date.parse(created_at) - first) / stepMs)];
    if (step === undefined) continue;
    step.requests += 1;
    step.by_model[model] = (step.by_model[model] ?? 0) + 1;
  }
  return steps;
};

/** How often a policy that is never obeyed would have chosen the model that answered. */
const agreementOf = (own: readonly Observation[]): ArmsReport['shadow'] => {
  const found = new Map<string, { policy: string; decisions: number; agreed: number }>();
  for (const { shadow = [], model } of own) {
    for (const { policy, model: other } of shadow) {
      const known = found.get(policy) ?? { policy, decisions: 0, agreed: 0 };
      known.decisions += 1;
      if (other === model) known.agreed += 1;
      found.set(policy, known);
    }
  }
  return [...found.values()];
};
