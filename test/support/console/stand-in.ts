/** Stands between a page and what it reads of the router: lets it through, keeps it waiting, or refuses it. */
import type { Page, Route } from 'playwright-core';

export interface StandIn {
  hold(): void;
  /** What waits, too. */
  refuse(): Promise<void>;
  pass(): void;
}

const REFUSAL = {
  status: 503,
  contentType: 'application/problem+json',
  body: JSON.stringify({ code: 'unavailable', detail: 'Away for a test.', status: 503 }),
};

export const standIn = async (page: Page): Promise<StandIn> => {
  let mode: 'hold' | 'refuse' | 'pass' = 'pass';
  let held: Route[] = [];
  await page.route(/\/admin\/(?!me$)/, async (route) => {
    if (mode === 'hold') held.push(route);
    else if (mode === 'refuse') await route.fulfill(REFUSAL).catch(() => undefined);
    else await route.continue();
  });
  return {
    hold: () => {
      mode = 'hold';
    },
    refuse: async () => {
      mode = 'refuse';
      const waiting = held;
      held = [];
      // A page that was left has given up on what it asked.
      await Promise.all(waiting.map((route) => route.fulfill(REFUSAL).catch(() => undefined)));
    },
    pass: () => {
      mode = 'pass';
    },
  };
};

/** Presses *Try again* wherever it comes up until `done` and all that the page reads is there: some of it comes, or fails, later. */
export const tryingAgain = async (page: Page, done: Promise<void>): Promise<void> => {
  let outcome: 'done' | 'failed' | undefined;
  done.then(
    () => {
      outcome = 'done';
    },
    () => {
      outcome = 'failed';
    },
  );
  const main = page.locator('main');
  const again = main.getByRole('button', { name: 'Try again' });
  const lacks = async (): Promise<boolean> =>
    (await again.count()) > 0 || (await main.locator('.spinner').count()) > 0;
  while (outcome === undefined || (outcome === 'done' && (await lacks()))) {
    const first = again.first();
    if (await first.isVisible()) await first.click({ timeout: 1_000 }).catch(() => undefined);
    await page.waitForTimeout(100);
  }
  await done;
};
