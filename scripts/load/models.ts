/** Two simulated models that answer at once, and what may go wrong with one of them. */
import type { Api } from './api.ts';

export type ModelFault = 'reset' | 'timeout' | 'garbage' | 'http_500';

const ALIKE = { provider: 'simulated', cost_per_1k: 0.001, quality: 0.5, latency_ms: 5 };
const FAULT_RATE = 0.5;

/** Without a fault, the model is whole again. */
export const setModel = (api: Api, key: string, id: string, fault?: ModelFault): Promise<unknown> =>
  api.post('/admin/adapters', key, {
    ...{ id, ...ALIKE },
    simulated: {
      ...{ latency_ms: 5, jitter: 0, tokens_out: 20 },
      ...(fault === undefined ? {} : { fault, fault_rate: FAULT_RATE }),
    },
  });

export const MODELS = ['load-a', 'load-b'] as const;
