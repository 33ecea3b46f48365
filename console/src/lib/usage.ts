/** Usage by day, tenant and model, added up for charts and written out for spreadsheets. */
import type { UsageRow } from '../api/shapes.ts';

export interface UsageTotals {
  requests: number;
  failed: number;
  tokens: number;
  costUsd: number;
}

export const totalsBy = (
  rows: readonly UsageRow[],
  key: (row: UsageRow) => string,
): ReadonlyMap<string, UsageTotals> => {
  const all = new Map<string, UsageTotals>();
  for (const row of rows) {
    const total = all.get(key(row)) ?? { requests: 0, failed: 0, tokens: 0, costUsd: 0 };
    total.requests += row.requests;
    total.failed += row.failed;
    total.tokens += row.tokens_in + row.tokens_out;
    total.costUsd += row.cost_usd;
    all.set(key(row), total);
  }
  return all;
};

/** Every day from the first to the last, also those without a request. */
export const daysBetween = (from: string, to: string): string[] => {
  const days: string[] = [];
  const end = Date.parse(`${to}T00:00:00Z`);
  for (let at = Date.parse(`${from}T00:00:00Z`); at <= end && days.length < 400; at += 86_400_000) {
    days.push(new Date(at).toISOString().slice(0, 10));
  }
  return days;
};

export interface DayBar {
  readonly day: string;
  readonly total: number;
  readonly parts: readonly { readonly model: string; readonly value: number }[];
}

export const spendByDay = (rows: readonly UsageRow[], days: readonly string[]): DayBar[] =>
  days.map((day) => {
    const parts = [
      ...totalsBy(
        rows.filter((row) => row.day === day),
        ({ model }) => model,
      ),
    ]
      .map(([model, { costUsd }]) => ({ model, value: costUsd }))
      .sort((one, other) => one.model.localeCompare(other.model));
    return { day, total: parts.reduce((all, { value }) => all + value, 0), parts };
  });

const COLUMNS = [
  'day',
  'tenant_id',
  'model',
  'requests',
  'failed',
  'tokens_in',
  'tokens_out',
  'cost_usd',
] as const;

/** A cell that begins like a formula is one to a spreadsheet: the quote keeps it text. */
const cell = (value: string | number): string => {
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

export const usageCsv = (rows: readonly UsageRow[]): string =>
  [COLUMNS.join(','), ...rows.map((row) => COLUMNS.map((name) => cell(row[name])).join(','))]
    .map((line) => `${line}\r\n`)
    .join('');
