/** Where requests go and why: shares, quality against cost, beliefs, regret, and what shadows would have done. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { body } from '../../api/client.ts';
import { useAdapters, usePolicies } from '../../api/queries.ts';
import type { Adapter, Policy } from '../../api/shapes.ts';
import { useApi } from '../../app/session.tsx';
import { PageHead } from '../../ui/card.tsx';
import { SelectField } from '../../ui/field.tsx';
import { Empty, Loaded } from '../../ui/state.tsx';
import { ArmCharts } from './arm-charts.tsx';
import { ArmTable } from './arm-table.tsx';
import { Shadows } from './shadows.tsx';
import { TryIt } from './try-it.tsx';

const HOURS = [
  ['1', 'Last hour'],
  ['6', 'Last 6 hours'],
  ['24', 'Last day'],
  ['168', 'Last 7 days'],
] as const;

const useArms = (policy: string, hours: string) => {
  const api = useApi();
  return useQuery({
    queryKey: ['arms', policy, hours],
    queryFn: ({ signal }) =>
      body(
        api.GET('/admin/policies/{id}/arms', {
          params: { path: { id: policy }, query: { hours: Number(hours) } },
          signal,
        }),
      ),
    refetchInterval: 10_000,
  });
};

export const Routing = () => {
  const search = useSearch({ from: '/routing' });
  const navigate = useNavigate();
  const policies = usePolicies();
  const adapters = useAdapters();
  const id = search.policy ?? 'default';
  const hours = HOURS.some(([value]) => value === search.hours) ? (search.hours ?? '1') : '1';
  const show = (change: { policy?: string; hours?: string }): void => {
    void navigate({ to: '/routing', search: { policy: id, hours, ...change }, replace: true });
  };
  return (
    <>
      <PageHead
        title="Routing"
        actions={
          <>
            <SelectField
              label="Policy"
              value={id}
              options={[...new Set([id, ...(policies.data ?? []).map((policy) => policy.id)])].sort()}
              onChange={(event) => show({ policy: event.target.value })}
            />
            <SelectField
              label="Span"
              value={hours}
              options={HOURS}
              onChange={(event) => show({ hours: event.target.value })}
            />
          </>
        }
      >
        A policy weighs quality against cost and latency, and learns from feedback which model is worth it.
      </PageHead>
      <Loaded query={policies} what="Reading policies">
        {(all) => {
          const policy = all.find((one) => one.id === id);
          return policy === undefined ? (
            <Empty title={`There is no policy “${id}”`}>Choose another one above.</Empty>
          ) : (
            <Loaded query={adapters} what="Reading models">
              {(models) => <OfPolicy policy={policy} hours={hours} adapters={models} />}
            </Loaded>
          );
        }}
      </Loaded>
    </>
  );
};

interface OfPolicyProps {
  readonly policy: Policy;
  readonly hours: string;
  readonly adapters: readonly Adapter[];
}

const OfPolicy = ({ policy, hours, adapters }: OfPolicyProps) => {
  const arms = useArms(policy.id, hours);
  return (
    <>
      <Loaded query={arms} what="Reading what was learnt">
        {(data) => (
          <>
            <ArmCharts arms={data} policy={policy} adapters={adapters} />
            <ArmTable arms={data} policy={policy} />
          </>
        )}
      </Loaded>
      <Shadows policy={policy} agreed={arms.data?.shadow ?? []} />
      <TryIt policy={policy} />
    </>
  );
};
