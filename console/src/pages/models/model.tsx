/** One model: its health, its curves, its prices; tried, edited and taken out. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { body } from '../../api/client.ts';
import type { Adapter } from '../../api/shapes.ts';
import { useApi, useMay } from '../../app/session.tsx';
import { ago, clock, count, ms, percent, quality, usd, words } from '../../lib/format.ts';
import { Badge, Outcome } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card, PageHead } from '../../ui/card.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Loaded } from '../../ui/state.tsx';
import { useToast } from '../../ui/toasts.tsx';
import { ModelCurves } from './model-curves.tsx';
import { ModelDialog } from './model-dialog.tsx';
import { TestCallCard } from './test-call.tsx';

export const Model = () => {
  const { id } = useParams({ from: '/models/$id' });
  const api = useApi();
  const query = useQuery({
    queryKey: ['adapter', id],
    queryFn: ({ signal }) => body(api.GET('/admin/adapters/{id}', { params: { path: { id } }, signal })),
    refetchInterval: 3_000,
  });
  return (
    <>
      {query.data === undefined && <PageHead title={id} actions={<Link to="/models">All models</Link>} />}
      <Loaded query={query} what="Reading the model">
        {(adapter) => <Pieces adapter={adapter} />}
      </Loaded>
    </>
  );
};

const Pieces = ({ adapter }: { readonly adapter: Adapter }) => {
  const mayWrite = useMay('adapters:write');
  const api = useApi();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const [editing, setEditing] = useState(false);
  const remove = async (): Promise<void> => {
    await api.DELETE('/admin/adapters/{id}', { params: { path: { id: adapter.id } } });
    await navigate({ to: '/models' });
    await queries.invalidateQueries();
    toast('Model removed', `${adapter.id} gets no request any more.`);
  };
  return (
    <>
      <PageHead
        title={adapter.id}
        actions={
          <>
            <Link to="/models">All models</Link>
            {mayWrite && (
              <>
                <Button onClick={() => setEditing(true)}>Edit</Button>
                <Confirm
                  label="Remove"
                  title={`Remove ${adapter.id}?`}
                  consequence="Requests stop going to it within 5 seconds; those under way end. What was learnt about it stays, and is used again if a model of this id comes back. Its provider’s key has to be given anew then."
                  act={remove}
                />
              </>
            )}
          </>
        }
      >
        {adapter.provider} · {adapter.model}
      </PageHead>
      <div className="grid-2">
        <Health adapter={adapter} />
        <Card title="What it is">
          <Facts adapter={adapter} />
        </Card>
      </div>
      <ModelCurves id={adapter.id} />
      {mayWrite && <TestCallCard id={adapter.id} />}
      {editing && <ModelDialog adapter={adapter} onClose={() => setEditing(false)} />}
    </>
  );
};

const Health = ({ adapter: { health, enabled } }: { readonly adapter: Adapter }) => {
  const now = Date.now();
  return (
    <Card title="Health" actions={enabled ? <Outcome value={health.state} /> : <Badge>disabled</Badge>}>
      <dl className="dl">
        <dt>Breaker</dt>
        <dd>
          <span className="row">
            <Outcome value={health.breaker} />
            {health.open_until !== undefined && (
              <span className="muted num">until {clock(health.open_until, now)}</span>
            )}
          </span>
        </dd>
        <dt>Error rate</dt>
        <dd className="num">{percent(health.error_rate)}</dd>
        <dt>Latency, mean</dt>
        <dd className="num">{ms(health.latency_ms_ewma)}</dd>
        <dt>Latency, p95</dt>
        <dd className="num">{ms(health.latency_p95_ms)}</dd>
        <dt>First byte, p95</dt>
        <dd className="num">{ms(health.first_byte_p95_ms)}</dd>
        <dt>Last seen</dt>
        <dd className="num">{ago(health.checked_at, now)}</dd>
        <dt>Last error</dt>
        <dd>{health.last_error_code === null ? 'none' : words(health.last_error_code)}</dd>
      </dl>
    </Card>
  );
};

const Facts = ({ adapter }: { readonly adapter: Adapter }) => (
  <dl className="dl">
    <dt>Price, input</dt>
    <dd className="num">{usd(adapter.price.input_per_mtok)} a million tokens</dd>
    <dt>Price, output</dt>
    <dd className="num">{usd(adapter.price.output_per_mtok)} a million tokens</dd>
    <dt>Quality, as registered</dt>
    <dd className="num">{quality(adapter.quality)}</dd>
    <dt>Latency, as registered</dt>
    <dd className="num">{ms(adapter.latency_ms)}</dd>
    <dt>Can</dt>
    <dd>{adapter.capabilities.join(', ') || <span className="muted">nothing is known</span>}</dd>
    <dt>Context</dt>
    <dd className="num">{count(adapter.context_window)} tokens</dd>
    <dt>Longest answer</dt>
    <dd className="num">{count(adapter.max_output_tokens)} tokens</dd>
    {adapter.base_url !== undefined && (
      <>
        <dt>Address</dt>
        <dd>{adapter.base_url}</dd>
      </>
    )}
    {adapter.secret_name !== undefined && (
      <>
        <dt>Secret</dt>
        <dd>{adapter.secret_name}</dd>
      </>
    )}
  </dl>
);
