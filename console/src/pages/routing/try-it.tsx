/** A decision for a prompt, without a call: nothing is charged, and nothing written down. */
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { body } from '../../api/client.ts';
import { useTenants } from '../../api/queries.ts';
import type { Policy } from '../../api/shapes.ts';
import { useApi, useMay } from '../../app/session.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { CandidateTable } from '../../ui/candidates.tsx';
import { Card } from '../../ui/card.tsx';
import { AreaField, SelectField, TextField } from '../../ui/field.tsx';
import { Failed, unread } from '../../ui/state.tsx';

const TIERS = ['fast', 'balanced', 'high'] as const;

export const TryIt = ({ policy }: { readonly policy: Policy }) => {
  const api = useApi();
  const mayPlan = useMay('plan');
  const tenants = useTenants();
  const [tenant, setTenant] = useState(policy.tenants?.[0] ?? 'default');
  const [prompt, setPrompt] = useState('Explain in two sentences why the sky is blue.');
  const [tier, setTier] = useState<(typeof TIERS)[number]>('balanced');
  const [ceiling, setCeiling] = useState('');
  const plan = useMutation({
    mutationFn: () =>
      body(
        api.POST('/v1/plan', {
          params: { header: { 'x-tenant-id': tenant } },
          body: { prompt, quality: tier, ...(ceiling === '' ? {} : { max_cost_usd: Number(ceiling) }) },
        }),
      ),
  });
  const wrong = ceiling !== '' && !(Number(ceiling) > 0);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!wrong) plan.mutate();
  };
  return (
    <Card
      title="Try it"
      note="Which model would answer this prompt now? Nothing is called and nothing charged."
    >
      <div className="stack-lg">
        <form className="stack" onSubmit={submit}>
          <AreaField
            label="Prompt"
            rows={3}
            value={prompt}
            required
            onChange={(event) => setPrompt(event.target.value)}
          />
          <div className="form-grid">
            <SelectField
              label="Tenant"
              value={tenant}
              options={[...new Set([tenant, 'default', ...(tenants.data ?? []).map((row) => row.tenant_id)])]}
              onChange={(event) => setTenant(event.target.value)}
              error={unread('tenants', tenants)}
            />
            <SelectField
              label="Wished for"
              value={tier}
              options={TIERS}
              onChange={(event) => setTier(event.target.value as (typeof TIERS)[number])}
            />
            <TextField
              label="At most, dollars"
              value={ceiling}
              inputMode="decimal"
              placeholder="no ceiling"
              onChange={(event) => setCeiling(event.target.value)}
              error={wrong ? 'A number above 0' : undefined}
            />
          </div>
          <div>
            <Button
              type="submit"
              kind="primary"
              busy={plan.isPending}
              disabled={!mayPlan || prompt.trim() === '' || wrong}
            >
              Show the decision
            </Button>
            {!mayPlan && <span className="muted"> An auditor’s key asks nothing.</span>}
          </div>
        </form>
        {plan.isError && <Failed error={plan.error} />}
        {plan.data !== undefined && (
          <div className="stack" role="status">
            <div className="row">
              <Badge tone="info">{plan.data.policy}</Badge>
              <span className="muted">
                decided by {plan.data.selector}, learnt state {plan.data.state_version}
              </span>
            </div>
            <CandidateTable
              candidates={plan.data.candidates}
              chosen={plan.data.candidates.find(({ eligible }) => eligible)?.id}
            />
          </div>
        )}
      </div>
    </Card>
  );
};
