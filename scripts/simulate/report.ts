/** Outcomes as a table for people, and what held. */
import type { Outcome } from './measure.ts';

export interface Claim {
  readonly claim: string;
  readonly holds: boolean;
}

const sum = (outcomes: readonly Outcome[], of: (outcome: Outcome) => number): number =>
  outcomes.reduce((total, outcome) => total + of(outcome), 0);

export const claimsOf = (outcomes: readonly Outcome[], growth: number): Claim[] => {
  const never = (name: string): boolean => sum(outcomes, ({ broken }) => broken[name] ?? 0) === 0;
  const first = outcomes[0];
  const last = outcomes.at(-1);
  const times = (last?.us_a_request.whole ?? 0) / (first?.us_a_request.whole ?? 1);
  return [
    { claim: 'no window of a second, a minute or an hour held more than its limit', holds: never('windows') },
    { claim: "no day's tokens or dollars, and no number in flight, was exceeded", holds: never('budgets') },
    { claim: 'no call went out while its breaker was open', holds: never('calledWhileOpen') },
    { claim: 'one call at a time tried a model again', holds: never('probedTwiceAtOnce') },
    {
      claim: 'breakers opened for a reason, and never failed to',
      holds: never('openedForNothing') && never('stayedClosed'),
    },
    { claim: 'breakers closed by a call that succeeded', holds: never('closedWithoutProbe') },
    ...(outcomes.length < 2
      ? []
      : [
          {
            claim: `a request among ${last?.tenants} tenants takes ${times.toFixed(2)} times one among ${first?.tenants} (at most ${growth})`,
            holds: times <= growth,
          },
        ]),
  ];
};

const refusals = ({ refused }: Outcome): string =>
  Object.entries(refused)
    .map(([window, count]) => `${window} ${count}`)
    .join(', ') || 'none';

const row = (outcome: Outcome): string[] => [
  String(outcome.tenants),
  String(outcome.requests),
  String(outcome.simulated_s),
  String(outcome.admitted),
  outcome.us_a_request.whole.toFixed(1),
  `${outcome.us_a_request.early.toFixed(1)} / ${outcome.us_a_request.late.toFixed(1)}`,
  String(outcome.bytes_a_tenant),
  (outcome.swaps / Math.max(1, outcome.admitted)).toFixed(2),
  `${(100 * outcome.best_share.first).toFixed(0)} / ${(100 * outcome.best_share.last).toFixed(0)}`,
  `${outcome.breaker.opened} / ${outcome.breaker.probes} / ${outcome.breaker.closed}`,
];

const HEAD = [
  'tenants',
  'requests',
  'simulated s',
  'admitted',
  'CPU us a request',
  'early / late',
  'bytes a tenant',
  'swaps each',
  '% best, first / last',
  'opened / tried / closed',
];

export const report = (outcomes: readonly Outcome[], claims: readonly Claim[]): string => {
  const rows = [HEAD, ...outcomes.map(row)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const lines = rows.map((cells) =>
    cells.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  '),
  );
  return [
    ...lines,
    '',
    ...outcomes.map((outcome) => `refused among ${outcome.tenants} tenants: ${refusals(outcome)}`),
    '',
    ...claims.map(({ claim, holds }) => `${holds ? 'held   ' : 'BROKEN '}${claim}`),
    '',
  ].join('\n');
};
