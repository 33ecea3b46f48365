/**
 * The router's newest figures: the stream while it holds, connecting again when it ends. The hour behind them is
 * asked for anew at each step, since percentiles of short steps do not add up to those of longer ones.
 */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useApi } from '../app/session.tsx';
import { body } from './client.ts';
import { readEvents } from './event-stream.ts';
import type { Point, Series, Snapshot } from './shapes.ts';

export type LiveState = 'connecting' | 'live' | 'lost';

const SERIES = ['series', 60] as const;
const RETRY_MS = 2_000;
/** Half a minute of two-second steps. */
const KEPT = 15;

export const useSeries = () => {
  const api = useApi();
  return useQuery({
    queryKey: SERIES,
    queryFn: ({ signal }) =>
      body(api.GET('/admin/series', { params: { query: { minutes: 60, step_s: 10 } }, signal })),
    // Nobody goes by what stayed the same in it, and to compare thousands of points takes longer than to draw them.
    structuralSharing: false,
    refetchInterval: (query) => (query.state.data?.step_s ?? 10) * 1_000,
  });
};

export const useLive = (): {
  readonly state: LiveState;
  readonly recent: readonly Point[];
  readonly stepS: number;
} => {
  const api = useApi();
  const queries = useQueryClient();
  const [state, setState] = useState<LiveState>('connecting');
  const [recent, setRecent] = useState<readonly Point[]>([]);
  const [stepS, setStepS] = useState(2);

  useEffect(() => {
    const leaving = new AbortController();
    const once = async (): Promise<void> => {
      const response = await api.raw('/admin/stream', { signal: leaving.signal });
      for await (const { event, data } of readEvents(response)) {
        if (leaving.signal.aborted) return;
        if (event === 'closing') return;
        if (event === 'series') queries.setQueryData(SERIES, JSON.parse(data) as Series);
        if (event === 'snapshot') {
          const { step_s, point } = JSON.parse(data) as Snapshot;
          setStepS(step_s);
          setRecent((before) => [...before.slice(1 - KEPT), point]);
        }
        setState('live');
      }
    };
    const forever = async (): Promise<void> => {
      while (!leaving.signal.aborted) {
        try {
          await once();
          setState('connecting');
        } catch {
          if (leaving.signal.aborted) return;
          setState('lost');
          // They are not what happens now.
          setRecent([]);
        }
        await new Promise((done) => setTimeout(done, RETRY_MS));
      }
    };
    void forever();
    return () => leaving.abort();
  }, [api, queries]);

  return { state, recent, stepS };
};
