/** An answer service over scripted models and in-memory stores, and jobs for it. */

import { MemoryHealthStore } from '../../../shared/adapters/memory/health-store.ts';
import {
  MemoryDeadLetters,
  MemoryObservationStore,
} from '../../../shared/adapters/memory/observation-store.ts';
import { DEFAULT_POLICY } from '../../../shared/config/default-policy.ts';
import type { Adapter } from '../../../shared/model/adapter.ts';
import type { Ask } from '../../../shared/model/ask.ts';
import { chatOf } from '../../../shared/model/chat.ts';
import type { Observation } from '../../../shared/model/observation.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import type { Settlement } from '../../../shared/model/quota.ts';
import type { ModelClient } from '../../../shared/ports/model-client.ts';
import type { SettledObservation } from '../../../shared/ports/observation-store.ts';
import { AnswerService } from '../../../shared/services/answer/answer-prompt.ts';
import type { AskJob } from '../../../shared/services/answer/ask-job.ts';
import { Settler } from '../../../shared/services/answer/settle.ts';
import { AdapterHealth } from '../../../shared/services/health/adapter-health.ts';
import { prepare } from '../../../shared/services/routing/predict.ts';
import { anAdapter, anAsk, aSnapshot } from './documents.ts';
import { ManualClock } from './manual-clock.ts';
import { ScriptedModels, type Step } from './scripted-models.ts';
import { drawing } from './seeded-random.ts';

/** Models `a`, `b`, … as eligible candidates in that order, for a prompt of 100 tokens. */
export const aJob = (
  options: {
    models?: readonly Adapter[];
    ask?: Partial<Ask>;
    policy?: Partial<Policy>;
    fields?: Partial<AskJob>;
  } = {},
): AskJob => {
  const models = options.models ?? [anAdapter('a'), anAdapter('b')];
  const ask = anAsk(options.ask);
  const prepared = {
    ...prepare(ask, models, { ...DEFAULT_POLICY, ...options.policy }, 100),
    snapshot: aSnapshot(models),
    described: ask,
  };
  const candidates = prepared.eligible.map(({ adapter, costUsd, latencyMs }, index) => ({
    id: adapter.id,
    eligible: true,
    quality: adapter.quality,
    uncertainty: 0.1,
    cost_usd: costUsd,
    latency_ms: latencyMs,
    score: 1 - index / 10,
    propensity: index === 0 ? 0.75 : 0.25,
  }));
  return {
    requestId: 'request-1',
    observationId: '019b8e2f-0000-7000-8000-000000000001',
    tenantId: 'acme',
    chat: chatOf(ask.prompt),
    documents: false,
    bounded: true,
    stored: { prompt: 'redacted prompt', taskType: 'general' },
    prepared,
    choice: {
      decision: { policy: 'default', selector: 'rust', state_version: 7, candidates },
      ranked: prepared.eligible,
      learnable: {},
      features: {},
      shadow: [],
      selectorMs: 0,
    },
    startedAt: 1_000,
    ...options.fields,
  };
};

class WatchedStore extends MemoryObservationStore {
  isAway = false;

  override async commit(batch: readonly SettledObservation[]): Promise<void> {
    if (this.isAway) throw new Error('the table is away');
    await super.commit(batch);
  }
}

class WatchedLetters extends MemoryDeadLetters {
  isAway = false;

  override async put(batch: readonly SettledObservation[]): Promise<void> {
    if (this.isAway) throw new Error('the queue is away');
    await super.put(batch);
  }
}

export class Answering {
  readonly clock: ManualClock;
  readonly settlements: Settlement[] = [];
  readonly store = new WatchedStore((settlements) => this.settlements.push(...settlements));
  readonly deadLetters = new WatchedLetters();
  readonly healthStore = new MemoryHealthStore();
  readonly health: AdapterHealth;
  readonly models: ScriptedModels;
  readonly service: AnswerService;

  /** Sleeps pass at once unless there is a clock that says otherwise; the models are scripted unless there are others. */
  constructor(
    scripts: Readonly<Record<string, readonly (readonly Step[])[]>>,
    { clock, client }: { clock?: ManualClock; client?: (clock: ManualClock) => ModelClient } = {},
  ) {
    this.clock = clock ?? new ManualClock({ autoAdvance: true });
    this.models = new ScriptedModels(scripts);
    this.health = new AdapterHealth({
      store: this.healthStore,
      clock: this.clock,
      random: drawing(0.5),
    });
    this.service = new AnswerService({
      client: client?.(this.clock) ?? this.models,
      settler: new Settler(this.store, this.deadLetters),
      health: this.health,
      clock: this.clock,
      random: drawing(0.5),
    });
  }

  async observed(): Promise<Observation[]> {
    return (await this.store.list({ limit: 100 })).items;
  }
}

export const never = (): AbortSignal => new AbortController().signal;
