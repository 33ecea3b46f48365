/** One load of the console by a browser that has nothing of it, from the navigation to the first page with data. */
import type { Browser, CDPSession, Page } from 'playwright-core';
import { eventually } from '../../test/support/local-process.ts';

export interface Load {
  paintMs: number;
  interactiveMs: number;
  signedInMs: number;
  formKb: number;
  pageKb: number;
}

/** Runs in the page, frame by frame: when the field and its button can be used, and when the first chart is drawn. */
const WATCH = `
  const seen = (globalThis.seen = {});
  const look = () => {
    const field = document.querySelector('input[name=key]');
    const button = document.querySelector('.signin button[type=submit]');
    if (seen.usable === undefined && field && button && !button.disabled) seen.usable = performance.now();
    if (seen.drawn === undefined && document.querySelectorAll('.chart canvas').length >= 8) seen.drawn = performance.now();
    if (seen.drawn === undefined) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
`;

/** Bytes of the pages' own files, as sent. */
const countBytes = async (session: CDPSession, base: string): Promise<() => number> => {
  const own = new Set<string>();
  let bytes = 0;
  session.on('Network.requestWillBeSent', ({ requestId, request }) => {
    if (request.url.startsWith(base)) own.add(requestId);
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (own.has(requestId)) bytes += encodedDataLength;
  });
  await session.send('Network.enable');
  return () => bytes / 1_024;
};

/** Asked from without: the pages' policy lets nobody make code of a text in them. */
const untilSeen = (page: Page, what: 'usable' | 'drawn'): Promise<true> =>
  eventually(
    async () => (await page.evaluate<boolean>(`globalThis.seen.${what} !== undefined`)) || undefined,
  );

export const measureLoad = async (browser: Browser, url: string, key: string): Promise<Load> => {
  const context = await browser.newContext({ viewport: { width: 1_280, height: 900 } });
  const page = await context.newPage();
  const kb = await countBytes(await context.newCDPSession(page), `${url}/console/`);
  await page.addInitScript(WATCH);
  await page.goto(`${url}/console/`);
  await untilSeen(page, 'usable');
  const formKb = kb();
  await page.getByLabel('Admin key').fill(key);
  const pressed = await page.evaluate<number>(
    "const at = performance.now(); document.querySelector('.signin button[type=submit]').click(); at",
  );
  await untilSeen(page, 'drawn');
  const { usable, drawn, paint } = await page.evaluate<{ usable: number; drawn: number; paint: number }>(
    "({ ...globalThis.seen, paint: performance.getEntriesByName('first-contentful-paint')[0].startTime })",
  );
  const pageKb = kb();
  await context.close();
  return { paintMs: paint, interactiveMs: usable, signedInMs: drawn - pressed, formKb, pageKb };
};
