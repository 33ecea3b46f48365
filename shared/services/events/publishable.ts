/** What is written down, as others are told of it. What a caller wrote stays out, redacted or not. */
import type { Observation } from '../../model/observation.ts';
import { EVENT_SCHEMAS, type PublishedEvent, type PublishedType } from '../../model/published-event.ts';
import type { StageEvent } from '../../model/stage-event.ts';

const typed = (type: PublishedType, detail: object): PublishedEvent | undefined => {
  const defined = Object.fromEntries(Object.entries(detail).filter(([, value]) => value !== undefined));
  const { success, data } = EVENT_SCHEMAS[type].safeParse(defined);
  return success ? ({ type, detail: data } as PublishedEvent) : undefined;
};

/** Undefined for what is no observation. */
export const observationRecorded = (observation: Observation, stage: string): PublishedEvent | undefined => {
  const { id, request_id, tenant_id, policy, policy_version, model, provider, quality, selector } =
    observation;
  const { tokens_in, tokens_out, tokens_estimated, cost_usd, latency_ms, outcome } = observation;
  return typed('ObservationRecorded', {
    ...{ id, stage, at: observation.created_at, request_id, tenant_id, policy, policy_version },
    ...{ model, provider, quality, selector, tokens_in, tokens_out, tokens_estimated },
    ...{ cost_usd, latency_ms, outcome },
    cached: observation.cached === true,
    failed_over: observation.failed_over === true,
  });
};

/** Undefined for what nobody outside is told of. */
export const stageEventPublished = (event: StageEvent, stage: string): PublishedEvent | undefined => {
  const { id, type, subject, tenant_id, by, request_id, created_at: at } = event;
  const common = { id, stage, at };
  const cause = { by, request_id };
  switch (type) {
    case 'adapter.breaker_opened':
      return typed('AdapterHealthChanged', {
        ...common,
        adapter: subject,
        state: 'unhealthy',
        breaker: 'opened',
      });
    case 'adapter.breaker_closed':
      return typed('AdapterHealthChanged', {
        ...common,
        adapter: subject,
        state: 'healthy',
        breaker: 'closed',
      });
    case 'quota.exceeded':
      return typed('QuotaExceeded', { ...common, tenant_id, window: subject, request_id });
    case 'secret.rotated':
      return typed('SecretRotated', { ...common, secret: subject });
    case 'policy.changed':
    case 'policy.promoted':
    case 'policy.removed':
      return typed('PolicyChanged', {
        ...{ ...common, ...cause, policy: subject, change: type.slice('policy.'.length) },
      });
    case 'drain.began':
      return typed('DrainStarted', { ...common, ...cause });
    default:
      return undefined;
  }
};
