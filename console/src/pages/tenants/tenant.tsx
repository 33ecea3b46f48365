/** One tenant: what its limits leave, who may come in, what it spends. */
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { body } from '../../api/client.ts';
import { RefusedError } from '../../api/refusal.ts';
import { useApi } from '../../app/session.tsx';
import { PageHead } from '../../ui/card.tsx';
import { KeysCard } from './keys-card.tsx';
import { LimitsCard } from './limits-card.tsx';
import { SpendCard } from './spend-card.tsx';

/** A tenant without limits, or one that is not there yet, is no failure here. */
const orNull = async <T,>(asked: Promise<T>): Promise<T | null> => {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof RefusedError && error.status === 404) return null;
    throw error;
  }
};

export const Tenant = () => {
  const { id } = useParams({ from: '/tenants/$id' });
  const api = useApi();
  const tenant = useQuery({
    queryKey: ['tenant', id],
    queryFn: ({ signal }) =>
      orNull(body(api.GET('/admin/tenants/{id}', { params: { path: { id } }, signal }))),
    refetchInterval: 5_000,
  });
  const quota = useQuery({
    queryKey: ['quota', id],
    queryFn: ({ signal }) =>
      orNull(body(api.GET('/admin/quotas/{tenant}', { params: { path: { tenant: id } }, signal }))),
    refetchInterval: 2_000,
  });
  return (
    <>
      <PageHead title={id} actions={<Link to="/tenants">All tenants</Link>}>
        {tenant.data === undefined ? (
          'Tenant'
        ) : tenant.data === null ? (
          'Not known yet: it is there with its first key or limit.'
        ) : (
          <>
            Routed by the policy{' '}
            <Link to="/routing" search={{ policy: tenant.data.policy }}>
              {tenant.data.policy}
            </Link>
            .{' '}
            <Link to="/requests" search={{ tenant: id }}>
              Its requests
            </Link>
          </>
        )}
      </PageHead>
      <div className="grid-2">
        <LimitsCard tenant={id} quota={quota} />
        <SpendCard tenant={id} />
      </div>
      <KeysCard tenant={id} query={tenant} />
    </>
  );
};
