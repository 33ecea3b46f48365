/** Two models: `wild` on a provider of the test's own, always chosen first, and `spare`, which always answers. */
import { LIMITS, openRig, type Rig, register } from './rig.ts';
import { amid, WildProvider } from './wild-provider.ts';

export { amid };

type Tenant = Awaited<ReturnType<Rig['tenant']>>;

export interface WildSetting {
  rig: Rig;
  provider: WildProvider;
  /** Served by `wild` alone; too small for leases, so that each of its requests has a hold of its own. */
  lone: Tenant;
  /** Tenants with a wild model of their own each, on the same provider: what breakers remember of one is not of the next. */
  lanes: Tenant[];
  stop(): Promise<void>;
}

const greedy = { strategy: 'greedy' };

/** `lanes` says for each whether `spare` stands by. */
export const openWildSetting = async (
  options: { rust?: boolean; lanes?: readonly ('spared' | 'alone')[] } = {},
): Promise<WildSetting> => {
  const rig = await openRig(options);
  const provider = new WildProvider();
  const base_url = await provider.start();
  const wild = (id: string) => ({
    id,
    provider: 'openai-compatible',
    base_url,
    quality: 0.99,
    cost_per_1k: 0.001,
    latency_ms: 1,
  });
  const put = async (id: string, policy: object): Promise<void> => {
    const { status, text } = await rig.admin.send('PUT', `/admin/policies/${id}`, { body: policy });
    if (status !== 200) throw new Error(text);
  };
  await register(rig, [
    wild('wild'),
    { id: 'spare', quality: 0.2, cost_per_1k: 0.001, simulated: { latency_ms: 1, jitter: 0 } },
  ]);
  await put('default', { ...greedy, candidates: { except: ['spare'] } });
  const lane = async (kind: 'spared' | 'alone', index: number): Promise<Tenant> => {
    const id = `wild-${index}`;
    const tenant = await rig.tenant();
    await register(rig, [wild(id)]);
    const only = kind === 'spared' ? [id, 'spare'] : [id];
    await put(`lane-${index}`, { ...greedy, candidates: { only }, tenants: [tenant.id] });
    return tenant;
  };
  const lanes = await Promise.all((options.lanes ?? []).map(lane));
  return {
    rig,
    provider,
    lone: await rig.tenant({ ...LIMITS, concurrent: 200 }),
    lanes,
    stop: async () => {
      await rig.stop();
      provider.stop();
    },
  };
};
