/** The page Now with very many points: frames while the pointer moves over its plots, and while new points come in. */
import type { Browser, Page } from 'playwright-core';
import type { SeriesReport } from '../../shared/services/series/series.ts';
import { signIn } from '../../test/support/console/sign-in.ts';
import { figure } from '../support/table.ts';

const MODELS = ['one', 'two', 'three', 'four', 'five'];
/** Of the page Now. */
const PLOTS = 8;
const OFTEN_S = 2;
const SELDOM_S = 600;
const LONG_TASK_MS = 50;
const MOVES = 240;
const REDRAWS_MS = 7_000;

/** As the router tells it, with every figure moving. */
const seriesOf = (points: number, now: number, stepS: number): SeriesReport => {
  const at = (index: number): string => new Date(now - (points - index) * 2_000).toISOString();
  const wave = (index: number, period: number, shift = 0): number =>
    Math.round(40 + 30 * Math.sin((index + shift) / period) + ((index * 7919) % 11));
  return {
    /** The page asks anew after as long. */
    step_s: stepS,
    complete: true,
    points: Array.from({ length: points }, (_, index) => ({
      at: at(index),
      requests: wave(index, 300),
      errors: index % 13 === 0 ? 2 : 0,
      p50_ms: wave(index, 200),
      p95_ms: wave(index, 200) * 2,
      p99_ms: wave(index, 200) * 3,
      cost_usd: wave(index, 400) / 1e5,
      limit_hits: index % 29 === 0 ? 1 : 0,
      rust: wave(index, 300),
      typescript: index % 17 === 0 ? 3 : 0,
      tokens_in: 100,
      tokens_out: 100,
      active_connections: 4,
      pii_findings: {},
      pii_modes: {},
    })),
    by_model: Object.fromEntries(
      MODELS.map((model, shift) => [
        model,
        Array.from({ length: points }, (_, index) => ({
          at: at(index),
          requests: wave(index, 250, shift * 90),
          errors: 0,
          cost_usd: 0.001,
          p50_ms: 50,
          quality: null,
        })),
      ]),
    ),
  };
};

/** Runs in the page: times between frames, and tasks over 50 ms. */
const WATCH = `
  const watched = (globalThis.watched = { frames: [], tasks: [] });
  let before;
  const frame = (now) => {
    if (before !== undefined) watched.frames.push(now - before);
    before = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) watched.tasks.push(duration);
  }).observe({ type: 'longtask' });
`;

interface Watched {
  frames: number[];
  tasks: number[];
}

const during = async (page: Page, act: () => Promise<void>): Promise<Watched> => {
  await page.evaluate('globalThis.watched.frames.length = 0; globalThis.watched.tasks.length = 0;');
  await act();
  return page.evaluate<Watched>('globalThis.watched');
};

const hover = async (page: Page): Promise<void> => {
  const boxes = [];
  for (const chart of await page.locator('.chart .u-over').all()) {
    const box = await chart.boundingBox();
    if (box !== null && box.y + box.height < 900) boxes.push(box);
  }
  if (boxes.length === 0) throw new Error('no plot is in sight');
  for (let move = 0; move < MOVES; move++) {
    const box = boxes[Math.floor((move * boxes.length) / MOVES)] ?? boxes[0];
    if (box === undefined) continue;
    const part = ((move * boxes.length) % MOVES) / MOVES;
    await page.mouse.move(box.x + box.width * part, box.y + box.height / 2);
  }
};

const rowOf = (what: string, { frames, tasks }: Watched): string[] => {
  const sorted = [...frames].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;
  const longest =
    tasks.length === 0 ? 'none' : `${tasks.length}, longest ${figure(Math.max(...tasks), 0)} ms`;
  return [what, String(frames.length), figure(at(0.5), 1), figure(at(0.99), 1), longest];
};

const open = async (browser: Browser, { url, key, points }: Stage, stepS: number): Promise<Page> => {
  const context = await browser.newContext({ viewport: { width: 1_280, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(WATCH);
  await page.route('**/admin/series*', (route) =>
    route.fulfill({ json: seriesOf(points, Date.now(), stepS) }),
  );
  await page.route('**/admin/stream', (route) => route.abort());
  await page.goto(`${url}/console/`);
  await signIn(page, key);
  await page
    .locator('.chart canvas')
    .nth(PLOTS - 1)
    .waitFor();
  // The first drawing is over.
  await page.waitForTimeout(1_500);
  await page.evaluate("document.querySelector('.chart').scrollIntoView({ block: 'start' })");
  return page;
};

export interface Stage {
  url: string;
  key: string;
  points: number;
}

export const measurePlots = async (
  browser: Browser,
  stage: Stage,
): Promise<{ rows: string[][]; isSmooth: boolean }> => {
  const quiet = await open(browser, stage, SELDOM_S);
  const still = await during(quiet, () => quiet.waitForTimeout(900));
  const hovered = await during(quiet, () => hover(quiet));
  const lines = await quiet.locator('.chart-key').count();
  await quiet.context().close();
  const busy = await open(browser, stage, OFTEN_S);
  const redrawn = await during(busy, () => busy.waitForTimeout(REDRAWS_MS));
  await busy.context().close();
  const head = `${PLOTS} plots, ${lines} lines of ${stage.points} points`;
  return {
    rows: [
      [head, 'frames', 'p50 ms', 'p99 ms', `tasks over ${LONG_TASK_MS} ms`],
      rowOf('at rest', still),
      rowOf('the pointer moves over them', hovered),
      rowOf(`all points come anew every ${OFTEN_S} s`, redrawn),
    ],
    isSmooth: hovered.tasks.length === 0,
  };
};
