/** Every page before a router with traffic: complete, accessible in both themes and at any width, and pictured. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { askAs, prepareStage } from '../support/console/prepare-stage.ts';
import { goTo } from '../support/console/sign-in.ts';
import { type Theme, withConsole } from '../support/console/with-console.ts';

const console_ = withConsole();
const DIST = resolve(import.meta.dirname, '../../console/dist');
const FIRST_LOAD_BYTES = 250 * 1024;

interface Look {
  readonly name: string;
  readonly path: string;
  /** What is there once the page has its data. */
  readonly ready: (page: Page) => Promise<void>;
}

const seen = (text: string | RegExp) => async (page: Page) => {
  await page.getByText(text).first().waitFor();
};

const LOOKS: readonly Look[] = [
  { name: 'now', path: '/console/', ready: seen('Traffic by model') },
  {
    name: 'routing',
    path: '/console/routing',
    ready: async (page) => {
      await page.getByRole('heading', { name: 'Belief by model' }).waitFor();
      await page
        .getByText(/judged, coverage/)
        .first()
        .waitFor();
      await page.getByRole('button', { name: 'Show the decision' }).click();
      await page.getByRole('group', { name: 'Candidates' }).waitFor();
    },
  },
  {
    name: 'requests',
    path: '/console/requests',
    ready: (page) => page.getByRole('cell').getByRole('link').first().waitFor(),
  },
  {
    name: 'tenants',
    path: '/console/tenants/acme',
    ready: async (page) => {
      await page.getByText(/ of 400K/).waitFor();
      await page.getByRole('group', { name: 'Spend by model' }).waitFor();
      await page.getByRole('group', { name: 'Keys' }).waitFor();
    },
  },
  { name: 'models', path: '/console/models', ready: seen('Latency by model') },
  {
    name: 'privacy',
    path: '/console/privacy',
    ready: async (page) => {
      await page.getByText('Findings by type').waitFor();
      await page.getByRole('button', { name: 'Look for personal data' }).click();
      await page.getByText('A provider sees').waitFor();
    },
  },
  { name: 'audit', path: '/console/audit', ready: seen(/follow one another/) },
  {
    name: 'playground',
    path: '/console/playground',
    ready: async (page) => {
      await page.getByLabel('Message').fill('What is a gateway good for?');
      await page.keyboard.press('Enter');
      await page.getByText('See how it was decided').waitFor();
    },
  },
];

describe.skipIf(console_.skip)('the pages', () => {
  beforeAll(async () => {
    await prepareStage(console_);
  }, 120_000);

  test.each(['light', 'dark'] as const)(
    'in the %s theme have what they are for, and no fault that axe finds',
    async (theme: Theme) => {
      const page = await console_.page({ theme, width: 1_240, height: 840 });
      for (const { name, path, ready } of LOOKS) {
        await goTo(page, path);
        await ready(page);
        expect([name, await console_.violations(page)]).toEqual([name, []]);
        await page.evaluate(() => scrollTo(0, 0));
        await page.mouse.move(0, 0);
        await console_.shot(page, name, theme);
      }
      // One request's own page has no picture of its own, and is looked at all the same.
      await goTo(page, '/console/requests');
      await page.getByRole('cell').getByRole('link').first().click();
      await page.getByRole('heading', { name: 'Timeline' }).waitFor();
      await page.getByRole('group', { name: 'Candidates' }).waitFor();
      expect(await console_.violations(page)).toEqual([]);
      expect(console_.complaints(page)).toEqual([]);
      await page.context().close();
    },
    240_000,
  );

  test('fit a phone of 360 pixels, with a menu that opens and closes', async () => {
    const page = await console_.page({ width: 360, height: 740 });
    for (const { name, path } of LOOKS) {
      await page.evaluate((target) => {
        history.pushState(null, '', target);
        dispatchEvent(new PopStateEvent('popstate'));
      }, path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.waitForLoadState('networkidle').catch(() => undefined);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect([name, over]).toEqual([name, 0]);
    }
    await page.getByRole('button', { name: 'Open the menu' }).click();
    await page.getByRole('link', { name: 'Audit' }).click();
    await page.getByRole('heading', { level: 1, name: 'Audit' }).waitFor();
    expect(await page.getByRole('link', { name: 'Models' }).isVisible()).toBe(false);
    expect(await console_.violations(page)).toEqual([]);
    await page.context().close();
  }, 120_000);

  test('are reached by keyboard alone: skip link, filters, dialogs that keep the focus and give it back', async () => {
    const page = await console_.page({ path: '/console/tenants/acme' });
    await page.getByRole('button', { name: 'Edit limits' }).waitFor();
    await page.keyboard.press('Tab');
    const skip = page.getByRole('link', { name: 'Skip to content' });
    for (
      let tries = 0;
      tries < 40 && !(await skip.evaluate((link) => link === document.activeElement));
      tries++
    )
      await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    const edit = page.getByRole('button', { name: 'Edit limits' });
    await edit.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    expect(await console_.violations(page)).toEqual([]);
    for (let presses = 0; presses < 14; presses++) {
      await page.keyboard.press('Tab');
      // Beyond its last field focus is led back, which takes a moment.
      await expect
        .poll(() => page.evaluate(() => document.activeElement?.closest('[role=dialog]') !== null))
        .toBe(true);
    }
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await edit.evaluate((button) => button === document.activeElement)).toBe(true);
    await page.context().close();
  }, 60_000);

  test('load at most 250 KB, gzipped, until the first one is there, all of it from here', async () => {
    const page = await console_.page();
    await page.getByText('Traffic by model').waitFor();
    const asked = [...new Set(console_.requests(page))];
    expect(asked.every((url) => url.startsWith(console_.url))).toBe(true);
    const assets = asked.filter((url) => url.includes('/console/'));
    const bytes = assets.reduce((all, url) => {
      const path = new URL(url).pathname.replace('/console/', '');
      return all + gzipSync(readFileSync(resolve(DIST, path === '' ? 'index.html' : path))).length;
    }, 0);
    expect(assets.length).toBeGreaterThan(5);
    expect(bytes).toBeLessThanOrEqual(FIRST_LOAD_BYTES);
    await page.context().close();
  });

  test('say what is wrong where the router is away, and go on by themselves', async () => {
    const page = await console_.page({ path: '/console/models' });
    await page.getByRole('link', { name: 'sim-small' }).waitFor();
    await page.route('**/admin/adapters', (route) => route.abort());
    await page
      .getByText(/cannot be reached/)
      .first()
      .waitFor();
    // What was known stays in sight.
    expect(await page.getByRole('link', { name: 'sim-small' }).isVisible()).toBe(true);
    await page.unroute('**/admin/adapters');
    await page
      .getByText(/cannot be reached/)
      .first()
      .waitFor({ state: 'detached' });
    await page.context().close();
  });

  test('keep filters in the address, and the browser’s own way back', async () => {
    await askAs(console_, 'acme', 2);
    const page = await console_.page({ path: '/console/requests' });
    await page.getByLabel('Tenant').selectOption('acme');
    await page.waitForURL(/tenant=acme/);
    await page.getByRole('cell').getByRole('link').first().click();
    await page.getByText('Timeline').waitFor();
    await page.goBack();
    await page.waitForURL(/requests\?tenant=acme/);
    expect(await page.getByLabel('Tenant').inputValue()).toBe('acme');
    await page.context().close();
  });
});
