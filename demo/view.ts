/** What is seen while it runs: on a terminal a picture that is drawn anew, elsewhere a line now and then. */
import type { Standing, Tally } from './tally.ts';

const BAR = 28;
const WIDTH = 34;
/** Standing still costs more to read than it tells. */
const REDRAW_MS = 100;
const LINES = 10;

export interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface View {
  note(text: string): void;
  show(tally: Tally): void;
  /** Leaves the last picture standing. */
  end(tally: Tally): void;
}

export interface ViewOptions {
  readonly screen: Screen;
  readonly env: NodeJS.ProcessEnv;
  readonly models: readonly string[];
  readonly requests: number;
  readonly clock?: () => number;
}

export function makeView({
  screen,
  env,
  models,
  requests,
  clock = () => performance.now(),
}: ViewOptions): View {
  const note = (text: string): void => {
    screen.write(`${text}\n`);
  };
  if (screen.isTTY !== true || env.TERM === 'dumb') return plainView(note, requests);
  const colourful = (env.NO_COLOR ?? '') === '';
  let drawn = 0;
  let last = Number.NEGATIVE_INFINITY;
  const draw = (tally: Tally): void => {
    const lines = picture(tally.standing(), models, requests, colourful);
    const up = drawn === 0 ? '' : `\u001b[${drawn}A`;
    screen.write(`${up}${lines.map((line) => `\u001b[2K${line}\n`).join('')}`);
    drawn = lines.length;
    last = clock();
  };
  return {
    note,
    show: (tally) => {
      if (clock() - last >= REDRAW_MS) draw(tally);
    },
    end: draw,
  };
}

function plainView(note: (text: string) => void, requests: number): View {
  const every = Math.max(1, Math.floor(requests / LINES));
  return {
    note,
    show: (tally) => {
      if (tally.requests % every === 0) note(line(tally.standing(), requests));
    },
    end: () => undefined,
  };
}

const line = ({ requests, router, bestSingle, oracle }: Standing, of: number): string =>
  `${requests}/${of}: quality ${router.quality.toFixed(3)} (best single model ${bestSingle.quality.toFixed(3)}, best of each prompt ${oracle.quality.toFixed(3)}), $${perThousand(router.costUsd)} per 1,000`;

function picture(standing: Standing, models: readonly string[], of: number, colourful: boolean): string[] {
  const paint = (code: string, text: string): string =>
    colourful ? `\u001b[${code}m${text}\u001b[0m` : text;
  const { requests, router, bestSingle, oracle, random, shares } = standing;
  const row = (name: string, quality: number, costUsd: number, code: string): string =>
    `  ${name.padEnd(WIDTH)} ${paint(code, bar(quality))} ${quality.toFixed(3)}   $${perThousand(costUsd)}`;
  return [
    `${paint('1', `${requests} of ${of} prompts`)}  ${bar(requests / of)}`,
    `  ${''.padEnd(WIDTH)} ${'mean quality'.padEnd(BAR + 6)}   per 1,000`,
    row('the router', router.quality, router.costUsd, '32'),
    row('any model at random', random.quality, random.costUsd, '2'),
    row('best single model, in hindsight', bestSingle.quality, bestSingle.costUsd, '33'),
    row('best model of each prompt', oracle.quality, oracle.costUsd, '2'),
    '  share of the prompts',
    ...models.map(
      (model, at) =>
        `  ${model.padEnd(WIDTH)} ${paint(model === bestSingle.model ? '33' : '36', bar(shares[at] ?? 0))} ${(100 * (shares[at] ?? 0)).toFixed(0).padStart(3)} %`,
    ),
  ];
}

const bar = (share: number): string => {
  const filled = Math.round(BAR * Math.min(1, Math.max(0, share)));
  return `${'█'.repeat(filled)}${'·'.repeat(BAR - filled)}`;
};

export const perThousand = (usd: number): string => (1_000 * usd).toFixed(3);
