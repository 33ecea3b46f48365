/** Two models: `wild` on a provider of the test's own, always chosen first, and `spare`, which always answers. */

import { openRig, type Rig, register } from './rig.ts';
import { amid, WildProvider } from './wild-provider.ts';

export { amid };

export interface WildSetting {
  rig: Rig;
  provider: WildProvider;
  /** Served by `wild` alone. */
  lone: Awaited<ReturnType<Rig['tenant']>>;
  /** Served by `spare` where `wild` fails. */
  paired: Awaited<ReturnType<Rig['tenant']>>;
  stop(): Promise<void>;
}

const greedy = { strategy: 'greedy' };

export const openWildSetting = async (options: { rust?: boolean } = {}): Promise<WildSetting> => {
  const rig = await openRig(options);
  const provider = new WildProvider();
  const base_url = await provider.start();
  await register(rig, [
    {
      id: 'wild',
      provider: 'openai-compatible',
      base_url,
      quality: 0.99,
      cost_per_1k: 0.001,
      latency_ms: 1,
    },
    { id: 'spare', quality: 0.2, cost_per_1k: 0.001, simulated: { latency_ms: 1, jitter: 0 } },
  ]);
  const [lone, paired] = await Promise.all([rig.tenant(), rig.tenant()]);
  for (const [id, policy] of [
    ['default', { ...greedy, candidates: { except: ['spare'] } }],
    ['pair', { ...greedy, candidates: { only: ['wild', 'spare'] }, tenants: [paired.id] }],
  ] as const) {
    const { status, text } = await rig.admin.send('PUT', `/admin/policies/${id}`, { body: policy });
    if (status !== 200) throw new Error(text);
  }
  return {
    rig,
    provider,
    lone,
    paired,
    stop: async () => {
      await rig.stop();
      provider.stop();
    },
  };
};
