/** One request: what was asked, how it was decided, how long each step took, and how good the answer was. */
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { body } from '../../api/client.ts';
import type { Decision } from '../../api/shapes.ts';
import { useApi, useMay } from '../../app/session.tsx';
import { clock, count, ms, percent, quality, usd, words } from '../../lib/format.ts';
import { Outcome } from '../../ui/badge.tsx';
import { CandidateTable } from '../../ui/candidates.tsx';
import { Card, PageHead } from '../../ui/card.tsx';
import { Empty, Loaded } from '../../ui/state.tsx';
import { FeedbackForm } from './feedback-form.tsx';
import { Timeline } from './timeline.tsx';

export const Request = () => {
  const { id } = useParams({ from: '/requests/$id' });
  const { tenant } = useSearch({ from: '/requests/$id' });
  const api = useApi();
  const query = useQuery({
    queryKey: ['observation', id, tenant],
    queryFn: ({ signal }) =>
      body(
        api.GET('/admin/observations/{request_id}', {
          params: { path: { request_id: id }, query: tenant === undefined ? {} : { tenant_id: tenant } },
          signal,
        }),
      ),
  });
  return (
    <>
      <PageHead title="Request" actions={<Link to="/requests">All requests</Link>}>
        <span className="mono">{id}</span>
      </PageHead>
      <Loaded query={query} what="Reading the request">
        {(request) => <Pieces request={request} />}
      </Loaded>
    </>
  );
};

const Pieces = ({ request }: { readonly request: Decision }) => {
  const mayScore = useMay('observe');
  return (
    <>
      <div className="split">
        <div className="stack-lg">
          <Card
            title="Timeline"
            note="Limits are held (admit) while a model is chosen; it is called, and what came of it is written down (settle)."
          >
            <Timeline steps={request.steps} total={request.latency_ms} />
          </Card>
          <Card
            title="Prompt"
            note={
              request.prompt_truncated ? 'masked, and only its beginning was kept' : 'as written down: masked'
            }
          >
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
            <pre className="prompt" tabIndex={0}>
              {request.prompt}
            </pre>
          </Card>
        </div>
        <div className="stack-lg">
          <Card title="Outcome">
            <Facts request={request} />
          </Card>
        </div>
      </div>
      <Card title="Decision" note={`${request.policy}, learnt state ${request.state_version}`} flush>
        {request.candidates.length === 0 ? (
          <Empty title="The candidates were not kept" />
        ) : (
          <CandidateTable candidates={request.candidates} chosen={request.model} />
        )}
      </Card>
      <Card title="Feedback" note="How good was the answer? The router learns from it within seconds.">
        <FeedbackForm request={request} may={mayScore} />
      </Card>
    </>
  );
};

const Facts = ({ request }: { readonly request: Decision }) => (
  <dl className="dl">
    <dt>Outcome</dt>
    <dd>
      <Outcome value={request.outcome} />
    </dd>
    <dt>Model</dt>
    <dd>
      <Link to="/models/$id" params={{ id: request.model }}>
        {request.model}
      </Link>{' '}
      <span className="muted">{request.provider}</span>
    </dd>
    <dt>Tenant</dt>
    <dd>
      <Link to="/tenants/$id" params={{ id: request.tenant_id }}>
        {request.tenant_id}
      </Link>
    </dd>
    <dt>When</dt>
    <dd className="num">{clock(request.created_at, Date.now())}</dd>
    <dt>Latency</dt>
    <dd className="num">{ms(request.latency_ms)}</dd>
    <dt>Cost</dt>
    <dd className="num">{usd(request.cost_usd)}</dd>
    <dt>Tokens</dt>
    <dd className="num">
      {count(request.tokens_in)} in, {count(request.tokens_out)} out
      {request.tokens_estimated && ' (estimated)'}
    </dd>
    <dt>Wished for</dt>
    <dd>{request.quality}</dd>
    <dt>Selector</dt>
    <dd>
      {request.selector}, propensity {percent(request.propensity)}
    </dd>
    <dt>Finished by</dt>
    <dd>{words(request.finish_reason)}</dd>
    {request.failed_over && (
      <>
        <dt>Failed over</dt>
        <dd>yes: the first choice gave no answer</dd>
      </>
    )}
    {request.cached && (
      <>
        <dt>Cache</dt>
        <dd>answered from the cache</dd>
      </>
    )}
    {request.firewall !== undefined && (
      <>
        <dt>Firewall</dt>
        <dd>{request.firewall.rules.join(', ') || 'nothing found'}</dd>
      </>
    )}
    <dt>Feedback</dt>
    <dd className="num">{quality(request.quality_score)}</dd>
  </dl>
);
