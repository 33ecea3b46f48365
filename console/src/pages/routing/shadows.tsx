/** What the policies beside the champion would have earned, with intervals, on the champion's scale. */
import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import { body } from '../../api/client.ts';
import type { Arms, Evaluation, Policy } from '../../api/shapes.ts';
import { useApi } from '../../app/session.tsx';
import { Intervals } from '../../charts/intervals.tsx';
import { count, percent, quality, usd } from '../../lib/format.ts';
import { Card } from '../../ui/card.tsx';
import { SelectField } from '../../ui/field.tsx';
import { Empty, Failed, Loading } from '../../ui/state.tsx';

type Measure = 'utility' | 'quality' | 'cost_usd';

const MEASURES = [
  ['utility', 'Utility'],
  ['quality', 'Quality'],
  ['cost_usd', 'Cost'],
] as const;

interface Props {
  readonly policy: Policy;
  readonly agreed: Arms['shadow'];
}

export const Shadows = ({ policy, agreed }: Props) => {
  const api = useApi();
  const [measure, setMeasure] = useState<Measure>('utility');
  const beside = [
    ...new Set([...(policy.challenger ? [policy.challenger.policy] : []), ...(policy.shadow ?? [])]),
  ];
  const evaluations = useQueries({
    queries: (beside.length === 0 ? [] : [policy.id, ...beside]).map((id) => ({
      queryKey: ['evaluation', id],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        body(
          api.GET('/admin/policies/{id}/evaluation', {
            params: { path: { id }, query: { days: 7 } },
            signal,
          }),
        ),
      staleTime: 60_000,
    })),
  });
  const failed = evaluations.find(({ isError }) => isError);
  const done = evaluations.flatMap(({ data }) => (data === undefined ? [] : [data]));
  return (
    <Card
      title="Beside the champion"
      note="doubly robust estimates with 95 % intervals, from the last seven days’ feedback"
      actions={
        beside.length > 0 && (
          <SelectField
            label="Measure"
            quiet
            value={measure}
            options={MEASURES}
            onChange={(event) => setMeasure(event.target.value as Measure)}
          />
        )
      }
    >
      {beside.length === 0 && (
        <Empty title="Nothing runs beside this policy">
          A policy with <code>shadow</code> or <code>challenger</code> shows here what others would have
          earned.
        </Empty>
      )}
      {failed !== undefined && <Failed error={failed.error} retry={() => void failed.refetch()} />}
      {evaluations.some(({ isPending }) => isPending) && <Loading what="Judging by the log" />}
      {done.length > 0 && <Compared champion={policy.id} done={done} measure={measure} agreed={agreed} />}
    </Card>
  );
};

interface ComparedProps {
  readonly champion: string;
  readonly done: readonly Evaluation[];
  readonly measure: Measure;
  readonly agreed: Arms['shadow'];
}

const Compared = ({ champion, done, measure, agreed }: ComparedProps) => {
  const others = done.filter((evaluation) => evaluation.policy !== champion);
  const own =
    done.find((evaluation) => evaluation.policy === champion)?.own?.[measure] ??
    others.find((evaluation) => evaluation.champion !== null)?.champion?.[measure];
  const rows = [
    ...(own === undefined ? [] : [{ label: `${champion} (champion)`, ...own, color: 'var(--c8)' }]),
    ...others.map((evaluation) => ({
      label: evaluation.policy,
      ...(evaluation[measure]?.doubly_robust ?? { value: null, low: null, high: null }),
      color: 'var(--c1)',
    })),
  ];
  const format = measure === 'cost_usd' ? usd : quality;
  return (
    <div className="stack">
      {rows.every(({ value }) => value === null) ? (
        <Empty title="Too little feedback to judge by">
          Scores of answers are what policies are compared by.
        </Empty>
      ) : (
        <Intervals label={`${measure} by policy`} rows={rows} format={format} />
      )}
      <ul className="legend">
        {others.map((evaluation) => {
          const shadow = agreed.find(({ policy }) => policy === evaluation.policy);
          return (
            <li key={evaluation.policy}>
              <strong>{evaluation.policy}</strong> {count(evaluation.judged)} judged, coverage{' '}
              {percent(evaluation.coverage, 0)}
              {shadow !== undefined &&
                shadow.decisions > 0 &&
                `, chose the same in ${percent(shadow.agreed / shadow.decisions, 0)}`}
            </li>
          );
        })}
      </ul>
    </div>
  );
};
