import type { UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import type { Schemas } from '../../api/client.ts';
import { useMay } from '../../app/session.tsx';
import { count, limitName, percent, usd } from '../../lib/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Meter } from '../../ui/meter.tsx';
import { Empty, Loaded } from '../../ui/state.tsx';
import { QuotaDialog } from './quota-dialog.tsx';

type Quota = Schemas['QuotaWithUse'];
type Limit = Quota['limits']['second'];

interface Props {
  readonly tenant: string;
  readonly quota: UseQueryResult<Quota | null>;
}

export const LimitsCard = ({ tenant, quota }: Props) => {
  const [editing, setEditing] = useState(false);
  const mayWrite = useMay('quotas:write');
  return (
    <Card
      title="Limits"
      note="used, and held by what is under way"
      actions={
        <>
          {quota.data != null && <Badge>{quota.data.tier}</Badge>}
          {mayWrite && (
            <Button small onClick={() => setEditing(true)} disabled={quota.data === undefined}>
              Edit limits
            </Button>
          )}
        </>
      }
    >
      <Loaded query={quota} what="Reading limits">
        {(data) =>
          data === null ? (
            <Empty title="No limits">
              Nothing holds this tenant back{mayWrite ? ': edit its limits to change that.' : '.'}
            </Empty>
          ) : (
            <div className="stack-lg">
              {Object.entries(data.limits).map(([name, limit]) => (
                <Gauge key={name} name={name} limit={limit} />
              ))}
              <ul className="legend">
                <Key color="var(--c1)" text="used" />
                <Key color="var(--c6)" text="held" />
                {data.burst_multiplier !== 1 && <li>bursts up to {data.burst_multiplier} times the rate</li>}
              </ul>
            </div>
          )
        }
      </Loaded>
      {editing && (
        <QuotaDialog tenant={tenant} quota={quota.data ?? null} onClose={() => setEditing(false)} />
      )}
    </Card>
  );
};

const Key = ({ color, text }: { readonly color: string; readonly text: string }) => (
  <li>
    <svg className="swatch" viewBox="0 0 10 10" aria-hidden="true">
      <rect width="10" height="10" fill={color} />
    </svg>
    {text}
  </li>
);

const Gauge = ({ name, limit }: { readonly name: string; readonly limit: Limit }) => {
  const format = name === 'cost_per_day_usd' ? usd : count;
  const title = limitName(name);
  if (limit.limit === null) {
    return (
      <div className="gauge-head">
        <span>{title}</span>
        <span className="muted num">
          {format(limit.used)} used{limit.held > 0 && `, ${format(limit.held)} held`} · no limit
        </span>
      </div>
    );
  }
  const whole = limit.limit === 0 ? 1 : limit.limit;
  const used = limit.used / whole;
  const taken = used + limit.held / whole;
  const text = `${format(limit.used)}${limit.held > 0 ? ` + ${format(limit.held)} held` : ''} of ${format(limit.limit)}`;
  return (
    <div className="gauge">
      <div className="gauge-head">
        <span>{title}</span>
        <span className="num muted">
          {text} · {percent(taken, 0)}
        </span>
      </div>
      <Meter
        label={`${title}: ${text}`}
        parts={[
          { share: used, color: taken >= 1 ? 'var(--bad)' : 'var(--c1)' },
          { share: Math.min(limit.held / whole, Math.max(0, 1 - used)), color: 'var(--c6)' },
        ]}
      />
    </div>
  );
};
