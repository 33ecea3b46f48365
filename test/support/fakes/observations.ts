/** Observations that were settled, with everything but the point of the test filled in. */
import type { Settlement } from '../../../shared/model/quota.ts';
import type { SettledObservation } from '../../../shared/ports/observation-store.ts';

/** The observation of a settlement whose id is a UUIDv7. */
export const settledOf = (settlement: Settlement): SettledObservation => ({
  settlement,
  observation: {
    id: settlement.id,
    request_id: settlement.id,
    tenant_id: settlement.tenant_id,
    policy: 'default',
    model: 'model-a',
    provider: 'simulated',
    prompt: 'Explain quantum computing',
    task_type: 'general',
    quality: 'balanced',
    tokens_in: settlement.tokens,
    tokens_out: 0,
    tokens_estimated: false,
    cost_usd: settlement.cost_nano / 1e9,
    latency_ms: 5,
    selector: 'typescript',
    state_version: 0,
    propensity: 1,
    propensities: { 'model-a': 1 },
    outcome: 'success',
    finish_reason: 'stop',
    quality_score: null,
    created_at: `${settlement.day}T12:00:00.000Z`,
  },
});
