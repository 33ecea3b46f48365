/**
 * `npm run bench:console`: the console before a local runtime with thousands of answers: how soon it can be used, what it
 * loads, whether its plots stay smooth with many points, and what the routes behind it take. Options: see --help.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Browser, chromium } from 'playwright-core';
import { findBrowser } from '../../test/support/console/find-browser.ts';
import { eventually, LocalProcess } from '../../test/support/local-process.ts';
import { median } from '../support/load.ts';
import { figure, printTable } from '../support/table.ts';
import { type Load, measureLoad } from './first-load.ts';
import { measurePlots } from './plots.ts';
import { fill, measureRoutes } from './routes.ts';

const HELP = `npm run bench:console -- [options]
  --answers N   given before anything is measured (6000)
  --rounds N    loads of the pages, each by a browser that has nothing of them (7)
  --points N    of each line of each plot (10000)

Needs Chromium, by CHROMIUM_PATH or on the PATH.`;

const { values } = parseArgs({
  options: {
    answers: { type: 'string', default: '6000' },
    rounds: { type: 'string', default: '7' },
    points: { type: 'string', default: '10000' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const BUILT_WITHIN_MS = 120_000;
/** What the console promises. */
const MOST = { interactiveMs: 1_000, firstLoadKb: 250 };

const untilBuilt = (url: string): Promise<true> =>
  eventually(async () => {
    const { status } = await fetch(`${url}/console/`);
    if (status === 500) throw new Error('the console could not be built');
    return status === 200 ? true : undefined;
  }, BUILT_WITHIN_MS);

const loads = async (browser: Browser, url: string, key: string, rounds: number): Promise<boolean> => {
  // The first one also warms up the router and the browser's own code.
  await measureLoad(browser, url, key);
  const measured: Load[] = [];
  for (let round = 0; round < rounds; round++) measured.push(await measureLoad(browser, url, key));
  const row = (what: string, of: (one: Load) => number, unit: string, digits = 0) => {
    const all = measured.map(of);
    return [what, figure(median(all), digits), figure(Math.max(...all), digits), unit];
  };
  printTable([
    ['from the start of the navigation', 'median', 'worst', ''],
    row('first paint', (one) => one.paintMs, 'ms'),
    row('sign-in field usable', (one) => one.interactiveMs, 'ms'),
    row('from Sign in to the first page with its data', (one) => one.signedInMs, 'ms'),
    row('loaded until the field is usable, as sent', (one) => one.formKb, 'KB', 1),
    row('loaded until the first page is there, as sent', (one) => one.pageKb, 'KB', 1),
  ]);
  return (
    median(measured.map((one) => one.interactiveMs)) < MOST.interactiveMs &&
    measured.every((one) => one.pageKb <= MOST.firstLoadKb)
  );
};

const main = async (): Promise<number> => {
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const [answers, rounds, points] = [values.answers, values.rounds, values.points].map(Number) as [
    number,
    number,
    number,
  ];
  const executablePath = findBrowser();
  if (executablePath === undefined) throw new Error('no Chromium is on the PATH or at CHROMIUM_PATH');
  const home = mkdtempSync(join(tmpdir(), 'atp-bench-console-'));
  const runtime = await LocalProcess.start(join(home, 'data'));
  const browser = await chromium.launch({ executablePath });
  try {
    const { url, admin_key: key } = runtime.first;
    await untilBuilt(url);
    await fill(url, key, answers);
    console.log(
      `${availableParallelism()} cores, Node ${process.version}, Chromium ${browser.version()}, ${answers} answers\n`,
    );
    printTable(await measureRoutes(url, key));
    console.log('');
    const isQuick = await loads(browser, url, key, rounds);
    console.log('');
    const { rows, isSmooth } = await measurePlots(browser, { url, key, points });
    printTable(rows);
    console.log(
      `\n${isQuick ? 'quick' : 'SLOW'}: usable within ${MOST.interactiveMs} ms, ${MOST.firstLoadKb} KB at most; ${isSmooth ? 'smooth' : 'NOT SMOOTH'}: ${points} points a line, no task of the page's over 50 ms under the pointer`,
    );
    return isQuick && isSmooth ? 0 : 1;
  } finally {
    await browser.close();
    await runtime.stop();
    rmSync(home, { recursive: true, force: true });
  }
};

process.exitCode = await main();
