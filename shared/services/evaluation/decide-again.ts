/**
 * What a policy would have done with past requests: from its shadow decision where it made one, else by deciding again among
 * the models that could serve then, with the state that it would have learnt.
 */
import type { Adapter } from '../../model/adapter.ts';
import { GENERAL_TASK } from '../../model/ask.ts';
import { keptFeatures } from '../../model/observation.ts';
import { learningStateOf, type Policy } from '../../model/policy.ts';
import { type ArmState, SELECT_CONTRACT, type SelectRequest } from '../../model/selection.ts';
import { extractFeatures } from '../features/extract-features.ts';
import { FEATURE_VERSIONS, type Features } from '../features/feature-kinds.ts';
import { unpackFeatures } from '../features/pack-features.ts';
import { taskHash } from '../features/task-type.ts';
import { featureKindOf } from '../routing/context.ts';
import { prepare } from '../routing/predict.ts';
import { selectRequestOf } from '../routing/select-request.ts';
import { SelectionMemo } from '../selection/memo.ts';
import { selectBatch } from '../selection/select-batch.ts';
import type { PastDecision } from './past-decision.ts';

/** Each model's probability; undefined where the policy has none of the models that could serve. */
export type Target = Readonly<Record<string, number>> | undefined;

const SEED_DIGITS = 12;

/** What the policy would have gone by: as it was kept, else, where they are hashed, of what was stored of the prompt. */
export const pastFeatures = (past: PastDecision, policy: Policy): Features => {
  const kind = featureKindOf(policy);
  if (kind === undefined) return {};
  const kept = keptFeatures(past, kind, FEATURE_VERSIONS);
  if (kept !== undefined) return { [kind]: unpackFeatures(kept) };
  if (kind === 'embedded') return {};
  const task_type = past.task_type === GENERAL_TASK ? undefined : past.task_type;
  return { hashed: extractFeatures({ prompt: past.prompt, task_type, max_tokens: past.max_tokens }) };
};

/** As it was kept, else of what was stored of the caller's name. */
export const pastTask = ({ task, task_type }: PastDecision): number | undefined =>
  task ?? (task_type === GENERAL_TASK ? undefined : taskHash(task_type));

export class SecondDecisions {
  readonly #policy: Policy;
  readonly #adapters: readonly Adapter[];
  readonly #states: ReadonlyMap<string, { version: number; freshness: 'fresh'; arms: Map<string, ArmState> }>;
  readonly #memo = new SelectionMemo();

  constructor(policy: Policy, adapters: readonly Adapter[], arms: Map<string, ArmState>) {
    this.#policy = policy;
    this.#adapters = adapters;
    this.#states = new Map([[learningStateOf(policy), { version: 1, freshness: 'fresh', arms }]]);
  }

  decide(past: PastDecision): Target {
    const { id, version } = this.#policy;
    const shadow = past.shadow?.find((one) => one.policy === id && one.version === version);
    if (shadow !== undefined) return shadow.propensities;
    const request = this.#request(past);
    if (request === undefined) return undefined;
    const reply = selectBatch(
      { contract: SELECT_CONTRACT, requests: [request] },
      this.#states,
      undefined,
      this.#memo,
    );
    const result = 'results' in reply ? reply.results[0] : undefined;
    if (result === undefined || 'error' in result) return undefined;
    return Object.fromEntries(result.ranking.map((one) => [one.id, one.propensity]));
  }

  #request(past: PastDecision): SelectRequest | undefined {
    const ask = { prompt: '', quality: past.quality, max_tokens: past.max_tokens, stream: false };
    const couldServe = this.#adapters.filter(({ id }) => Object.hasOwn(past.propensities, id));
    const prepared = prepare(ask, couldServe, this.#policy, past.tokens_in);
    if (prepared.eligible.length === 0) return undefined;
    // The last digits of a UUIDv7 are random, and the same in every evaluation.
    const seed = Number.parseInt(past.id.replaceAll('-', '').slice(-SEED_DIGITS), 16) || 0;
    const context = { features: pastFeatures(past, this.#policy), task: pastTask(past) };
    return selectRequestOf(past.id, prepared, context, seed);
  }
}
