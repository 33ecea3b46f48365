/** The questions that more than one page asks, so that they share one answer. */
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../app/session.tsx';
import { body } from './client.ts';

export const useAdapters = () => {
  const api = useApi();
  return useQuery({
    queryKey: ['adapters'],
    queryFn: ({ signal }) => body(api.GET('/admin/adapters', { signal })),
    refetchInterval: 5_000,
  });
};

export const usePolicies = () => {
  const api = useApi();
  return useQuery({
    queryKey: ['policies'],
    queryFn: ({ signal }) => body(api.GET('/admin/policies', { signal })),
    refetchInterval: 15_000,
  });
};

export const useTenants = () => {
  const api = useApi();
  return useQuery({
    queryKey: ['tenants'],
    queryFn: ({ signal }) => body(api.GET('/admin/tenants', { signal })),
    refetchInterval: 10_000,
  });
};
