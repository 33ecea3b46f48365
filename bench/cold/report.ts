/** Figures of the rounds as tables for people and as JSON. */
import { quantile } from '../support/load.ts';
import type { Phases } from './sandbox.ts';

export interface Row {
  function: string;
  /** Which build, and whether with a primed compile cache. */
  variant: string;
  /** Bytes of code that a start may load; source maps stay at home. */
  bytes: number;
  rounds: Phases[];
  /** Starts that failed and were done again. */
  repeated: number;
}

const PHASES = ['start', 'load', 'request'] as const;

const sorted = (row: Row, phase: keyof Phases): Float64Array =>
  Float64Array.from(row.rounds.map((round) => round[phase])).sort();

export const medianOf = (row: Row, phase: keyof Phases): number => quantile(sorted(row, phase), 0.5);

export const summary = (rows: readonly Row[]): object[] =>
  rows.map((row) => {
    const total = sorted(row, 'total');
    return {
      function: row.function,
      variant: row.variant,
      bytes: row.bytes,
      rounds: total.length,
      failed: row.repeated,
      min_ms: total[0],
      median_ms: quantile(total, 0.5),
      p90_ms: quantile(total, 0.9),
      max_ms: total.at(-1),
      ...Object.fromEntries(PHASES.map((phase) => [`${phase}_ms`, medianOf(row, phase)])),
    };
  });

/** `ratio` is a variant's median beside the first variant's of the same function. */
export const table = (rows: readonly Row[]): string[] => {
  const head = [
    ...[
      'function',
      'variant',
      'KiB',
      'min',
      'median',
      'p90',
      'max',
      'start',
      'load',
      'request',
      'failed',
      'ratio',
    ],
  ];
  const lines = rows.map((row) => {
    const total = sorted(row, 'total');
    const first = rows.find((other) => other.function === row.function) ?? row;
    const milliseconds = [total[0], quantile(total, 0.5), quantile(total, 0.9), total.at(-1)];
    return [
      row.function,
      row.variant,
      (row.bytes / 1_024).toFixed(0),
      ...milliseconds.map((value) => (value ?? Number.NaN).toFixed(1)),
      ...PHASES.map((phase) => medianOf(row, phase).toFixed(1)),
      String(row.repeated),
      first === row ? '' : (medianOf(row, 'total') / medianOf(first, 'total')).toFixed(2),
    ];
  });
  const widths = head.map((title, column) =>
    Math.max(title.length, ...lines.map((cells) => cells[column]?.length ?? 0)),
  );
  const asLine = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [asLine(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...lines.map(asLine)];
};
