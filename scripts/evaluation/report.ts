/** An evaluation as a table for people. */
import type {
  Estimates,
  Evaluation,
  Interval,
  OnPolicy,
} from '../../shared/services/evaluation/evaluate-policy.ts';
import { REWARDS } from '../../shared/services/evaluation/past-decision.ts';

const NAMES = { ips: 'IPS', snips: 'self-normalised IPS', doubly_robust: 'doubly robust' } as const;

const number = (value: number | null): string => (value === null ? '?' : value.toPrecision(4));

const cells = ({ value, low, high }: Interval): string[] => [
  number(value),
  `${number(low)} to ${number(high)}`,
];

const estimated = (reward: string, estimates: Estimates | null): string[][] =>
  estimates === null
    ? []
    : (['ips', 'snips', 'doubly_robust'] as const).map((name) => [
        reward,
        NAMES[name],
        ...cells(estimates[name]),
      ]);

const ownRows = (of: string, onPolicy: OnPolicy | null): string[][] =>
  onPolicy === null
    ? []
    : REWARDS.map((reward) => [reward, `${of} (${onPolicy.count} decisions)`, ...cells(onPolicy[reward])]);

const table = (rows: readonly string[][]): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return rows.map(line).join('\n');
};

export const report = (evaluation: Evaluation): string => {
  const { policy, version, read, excluded, fitted, judged, from_shadow } = evaluation;
  const left = Object.entries(excluded)
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => `${reason} ${count}`);
  const rows = [
    ['what', 'by', 'a request', '95 %'],
    ...REWARDS.flatMap((reward) => estimated(reward, evaluation[reward])),
    ...ownRows('its own', evaluation.own),
    ...ownRows("the champion's", evaluation.champion),
  ];
  return [
    `Policy ${policy}, version ${version}`,
    `${read} observations: ${fitted} to learn from, ${judged} to judge by (${from_shadow} decided in shadow)`,
    `not used: ${left.length === 0 ? 'none' : left.join(', ')}`,
    `effective size ${number(evaluation.effective_size)}, largest weight ${number(evaluation.largest_weight)}, ` +
      `coverage ${number(evaluation.coverage)}`,
    '',
    rows.length === 1 ? 'Nothing to judge by.' : table(rows),
    '',
  ].join('\n');
};
