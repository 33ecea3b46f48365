/** The bench's tables, in Markdown. */
import type { PiiType } from '../../shared/model/pii.ts';
import type { Rates, Score } from './score.ts';
import type { ColdStart, Latency } from './speed.ts';

/** With its 95 % interval. */
interface Share {
  count: number;
  of: number;
  share: number;
  low: number;
  high: number;
}

export interface SetResult {
  set: string;
  contender: string;
  exact: Score;
  partial: Score;
  /** Texts with any finding. */
  flagged: Share;
  /** Texts without personal data, as read, with any finding. */
  falseAlarms: Share;
  /** Milliseconds a text, in the mean. */
  msPerText: number;
  /** Recall of names by where they are from, exact spans. */
  regions: Record<string, { recall: number; expected: number }>;
}

export interface Report {
  results: SetResult[];
  latencies: Latency[];
  cold?: ColdStart;
}

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
const intervalOf = ({ low, high }: Share): string => `${percent(low)} – ${percent(high)}`;
const two = (value: number): string => value.toFixed(3);
const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

const ratesOf = ({ precision, recall, f1 }: Rates): string[] => [two(precision), two(recall), two(f1)];

/** Of each set, contender and type, exact spans and overlapping ones; without the types of which it found none. */
const typeTable = (results: readonly SetResult[]): string =>
  table(
    ['set', 'who', 'type', 'spans', 'P', 'R', 'F1', 'P partial', 'R partial', 'F1 partial'],
    results.flatMap(({ set, contender, exact, partial }) =>
      (Object.entries(exact.byType) as [PiiType, Rates][]).flatMap(([type, rates]) => {
        if (rates.found === 0) return [];
        const overlapping = partial.byType[type];
        const rest = overlapping === undefined ? [] : ratesOf(overlapping);
        return [[set, contender, type, rates.expected, ...ratesOf(rates), ...rest]];
      }),
    ),
  );

const regionTables = (results: readonly SetResult[]): string[] => {
  const known = results.filter(({ regions }) => Object.values(regions).some(({ recall }) => recall > 0));
  if (known.length === 0) return [];
  const names = [...new Set(known.flatMap(({ regions }) => Object.keys(regions)))].sort();
  return [
    table(
      ['names found by region', 'who', ...names],
      known.map(({ set, contender, regions }) => [
        set,
        contender,
        ...names.map((name) => {
          const { recall, expected } = regions[name] ?? { recall: 0, expected: 0 };
          return expected === 0 ? '' : `${two(recall)} of ${expected}`;
        }),
      ]),
    ),
  ];
};

export const markdown = ({ results, latencies, cold }: Report): string => {
  const labelled = results.filter(({ exact }) => exact.micro.expected > 0);
  const clean = results.filter(({ exact }) => exact.micro.expected === 0);
  return [
    table(
      ['set', 'who', 'P', 'R', 'F1', 'macro', 'P partial', 'R partial', 'F1 partial', 'macro partial'],
      labelled.map(({ set, contender, exact, partial }) => [
        set,
        contender,
        ...ratesOf(exact.micro),
        two(exact.macroF1),
        ...ratesOf(partial.micro),
        two(partial.macroF1),
      ]),
    ),
    typeTable(labelled),
    table(
      [
        'clean set',
        'who',
        'texts flagged',
        'share',
        '95 % interval',
        'false alarms',
        '95 % interval',
        'ms a text',
      ],
      clean.map(({ set, contender, flagged, falseAlarms, msPerText }) => [
        set,
        contender,
        `${flagged.count} of ${flagged.of}`,
        percent(flagged.share),
        intervalOf(flagged),
        `${falseAlarms.count} of ${falseAlarms.of}: ${percent(falseAlarms.share)}`,
        intervalOf(falseAlarms),
        msPerText.toFixed(2),
      ]),
    ),
    ...regionTables(results),
    table(
      ['tokens', 'windows', 'p50 ms', 'p95 ms', 'of a processor, ms'],
      latencies.map(({ tokens, windows, p50, p95, cpu }) => [
        tokens,
        windows,
        p50.toFixed(1),
        p95.toFixed(1),
        cpu.toFixed(1),
      ]),
    ),
    ...(cold === undefined
      ? []
      : [
          `First answer of a new process: ${cold.firstAnswerMs.toFixed(0)} ms; memory: ${cold.memoryMib.toFixed(0)} MiB.`,
        ]),
  ].join('\n\n');
};
