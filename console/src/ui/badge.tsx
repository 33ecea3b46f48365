import type { ReactNode } from 'react';

export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'plain';

export const Badge = ({
  tone = 'plain',
  children,
}: {
  readonly tone?: Tone;
  readonly children: ReactNode;
}) => (
  <span className={tone === 'plain' ? 'badge' : `badge badge-${tone}`}>
    {tone !== 'plain' && <span className="dot" aria-hidden="true" />}
    {children}
  </span>
);

const OUTCOMES: Readonly<Record<string, Tone>> = {
  success: 'good',
  succeeded: 'good',
  healthy: 'good',
  closed: 'good',
  cut: 'warn',
  aborted: 'warn',
  degraded: 'warn',
  half_open: 'warn',
  forbidden: 'warn',
  unauthenticated: 'warn',
  begun: 'info',
  timeout: 'bad',
  upstream_error: 'bad',
  failed: 'bad',
  unhealthy: 'bad',
  open: 'bad',
};

export const Outcome = ({ value }: { readonly value: string }) => (
  <Badge tone={OUTCOMES[value] ?? 'plain'}>{value.replaceAll('_', ' ')}</Badge>
);
