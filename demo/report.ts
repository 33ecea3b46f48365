/** What is left when it is over: a table, a plot, and the same as JSON. Only what this run showed. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { lineChart } from '../bench/routing/report/line-chart.ts';
import { tableOf } from '../bench/routing/report/table.ts';
import type { Standing, Tally, Worth } from './tally.ts';
import { perThousand } from './view.ts';

const POINTS = 60;
/** Means of fewer prompts jump about and would stretch the axis. */
const FIRST = 10;

export interface Result {
  readonly prompts: number;
  readonly seconds: number;
  readonly selectors: ReadonlyMap<string, number>;
  readonly models: readonly string[];
  readonly tally: Tally;
}

export function summary({ prompts, seconds, selectors, models, tally }: Result): string {
  const standing = tally.standing();
  const row = (name: string, { quality, costUsd }: Worth): string[] => [
    name,
    quality.toFixed(3),
    `$${perThousand(costUsd)}`,
  ];
  const table = tableOf(
    ['over the same prompts', 'mean quality', 'per 1,000'],
    [
      row('the router', standing.router),
      row('any model at random', standing.random),
      row(`best single model: ${standing.bestSingle.model}`, standing.bestSingle),
      row('best model of each prompt', standing.oracle),
      row('the last third alone: the router', standing.lately.router),
      row('  that best single model', standing.lately.bestSingle),
    ],
  );
  const shares = tableOf(
    ['model', 'share of the prompts'],
    models.map((model, at) => [model, `${(100 * (standing.shares[at] ?? 0)).toFixed(1)} %`]),
  );
  const decided = [...selectors].map(([name, count]) => `${name} ${count}`).join(', ');
  return [
    `${standing.requests} requests, ${prompts} different prompts, ${seconds.toFixed(0)} s; decided by ${decided}.`,
    '',
    table,
    '',
    shares,
    '',
    ...findings(standing),
  ].join('\n');
}

/** Sentences that follow from the figures, whichever way they fell. */
export function findings({ router, lately, bestSingle, random, requests }: Standing): string[] {
  const lead = router.quality - random.quality;
  const learnt = lately.router.quality - lately.bestSingle.quality;
  const saved = 1 - router.costUsd / bestSingle.costUsd;
  return [
    `It started with no idea which model is good. Over all ${requests} requests its answers were ${difference(lead, 'better', 'worse')} than a random model's; in the last third, ${difference(learnt, 'better', 'worse')} than those of the model that was best for everything, which only hindsight knows.`,
    `It cost ${Math.abs(100 * saved).toFixed(0)} % ${saved >= 0 ? 'less' : 'more'} than sending everything to that model. One run is one draw: docs/architecture/routing.md has intervals over many.`,
  ];
}

const difference = (value: number, up: string, down: string): string =>
  `${Math.abs(value).toFixed(3)} ${value >= 0 ? up : down}`;

/** Returns the plot's path. */
export function savePlot(file: string, tally: Tally): string {
  const path = resolve(file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, plot(tally));
  return path;
}

export function plot(tally: Tally): string {
  const marks = [
    ...new Set(
      Array.from({ length: POINTS }, (_, at) => Math.ceil(((at + 1) * tally.requests) / POINTS)).filter(
        (requests) => requests >= Math.min(FIRST, tally.requests),
      ),
    ),
  ];
  const standings = marks.map((requests) => tally.standing(requests));
  const line = (name: string, pick: (standing: Standing) => Worth, dashed = false) => ({
    ...{ name, dashed },
    points: standings.map((one): [number, number] => [one.requests, pick(one).quality]),
  });
  return lineChart({
    ...{ title: 'Mean quality of the answers so far', x: 'requests', y: 'mean quality' },
    series: [
      line('the router', ({ router }) => router),
      line('any model at random', ({ random }) => random, true),
      line('best single model so far', ({ bestSingle }) => bestSingle, true),
      line('best model of each prompt', ({ oracle }) => oracle, true),
    ],
  });
}

export const asJson = ({ prompts, seconds, selectors, models, tally }: Result, svg: string): string => {
  const { shares, ...standing } = tally.standing();
  return JSON.stringify(
    {
      ...{ prompts, seconds, svg, ...standing },
      selectors: Object.fromEntries(selectors),
      shares: Object.fromEntries(models.map((model, at) => [model, shares[at] ?? 0])),
    },
    null,
    2,
  );
};
