/** Every page before a router with traffic: complete, accessible in both themes and at any width, and pictured. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { LOOKS } from '../support/console/looks.ts';
import { askAs, prepareStage } from '../support/console/prepare-stage.ts';
import { goTo, signIn } from '../support/console/sign-in.ts';
import { standIn, tryingAgain } from '../support/console/stand-in.ts';
import { type Theme, withConsole } from '../support/console/with-console.ts';

const console_ = withConsole();
const DIST = resolve(import.meta.dirname, '../../console/dist');
const FIRST_LOAD_BYTES = 250 * 1024;

describe.skipIf(console_.skip)('the pages', () => {
  beforeAll(async () => {
    await prepareStage(console_);
    await console_.untilPicturesque();
  }, 900_000);

  test.each(['light', 'dark'] as const)(
    'in the %s theme have what they are for, and no fault that axe finds',
    async (theme: Theme) => {
      const page = await console_.page({ theme, width: 1_240, height: 720 });
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
      await page.waitForURL(/\/console\/requests\/./);
      await page.getByRole('heading', { name: 'Timeline' }).waitFor();
      await page.getByRole('group', { name: 'Candidates' }).waitFor();
      expect(await console_.violations(page)).toEqual([]);
      expect(console_.complaints(page)).toEqual([]);
      await page.context().close();
    },
    240_000,
  );

  test('take a click on a row though the list is renewed before the button is let go', async () => {
    const page = await console_.page({ path: '/console/requests', width: 1_240, height: 720 });
    const row = page.getByRole('cell').getByRole('link').first();
    const pressed = await row.getAttribute('title');
    const refresh = page.getByRole('button', { name: 'Refresh' });
    const renewed = page.waitForResponse(/admin\/observations/);
    await row.hover();
    await page.mouse.down();
    expect(await askAs(console_, 'acme', 1)).toHaveLength(1);
    await refresh.evaluate((button: HTMLElement) => button.click());
    await renewed;
    await expect.poll(() => refresh.getAttribute('aria-busy')).toBe(null);
    await page.mouse.up();
    await page.waitForURL(({ pathname }) => pathname === `/console/requests/${pressed}`);
    await page.context().close();
  });

  test('fit a phone of 360 pixels, with a menu that opens and closes', async () => {
    const page = await console_.page({ width: 360, height: 740 });
    for (const { name, path } of LOOKS) {
      await page.evaluate((target) => {
        history.pushState(null, '', target);
        dispatchEvent(new PopStateEvent('popstate'));
      }, path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.locator('.spinner').first().waitFor({ state: 'detached' });
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect([name, over]).toEqual([name, 0]);
    }
    await page.getByRole('button', { name: 'Open the menu' }).click();
    await page.getByRole('link', { name: 'Audit' }).click();
    await page.getByRole('heading', { level: 1, name: 'Audit' }).waitFor();
    expect(await page.getByRole('link', { name: 'Models' }).isVisible()).toBe(false);
    expect(await console_.violations(page)).toEqual([]);
    await page.context().close();
  });

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
  });

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

  test('say that they read, what is wrong, and how old it is what cannot be read anew', async () => {
    const read = LOOKS.filter(({ name }) => name !== 'playground');
    await Promise.all(
      read.map(async ({ name, path, ready }) => {
        const page = await console_.page({ role: null });
        const router = await standIn(page);
        const main = page.locator('main');
        try {
          router.hold();
          await signIn(page, console_.keys.operator);
          await goTo(page, path);
          await main.locator('.spinner').first().waitFor();
          await router.refuse();
          await main
            .getByRole('alert')
            .filter({ hasText: 'unavailable: Away for a test.' })
            .first()
            .waitFor();

          router.pass();
          await tryingAgain(page, ready(page));

          await router.refuse();
          const stale = main.getByText(/As of [\d:]+: Away for a test/);
          const seenStale = async (): Promise<number> => {
            // Who comes back to the window has everything read anew that is older than two seconds.
            await page.evaluate(() => dispatchEvent(new Event('visibilitychange')));
            return stale.count();
          };
          await expect.poll(seenStale, { timeout: 120_000, interval: 500 }).toBeGreaterThan(0);
          expect(await console_.violations(page)).toEqual([]);
        } catch (cause) {
          throw new Error(`on the page ${name}`, { cause });
        }
        await page.context().close();
      }),
    );
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

  test('show a chart’s points by the pointer and by keyboard, closer where somebody wants it', async () => {
    const page = await console_.page();
    const chart = page.getByRole('slider', { name: 'Requests a second over the last hour' });
    const all = page.getByRole('button', { name: 'Show all' });
    await page.route('**/admin/stream', (route) => route.abort());
    await chart.focus();
    await page.keyboard.press('Home');
    expect(await chart.getAttribute('aria-valuenow')).toBe('0');
    await page.keyboard.press('ArrowRight');
    expect(await chart.getAttribute('aria-valuetext')).toMatch(/^\d\d:\d\d.*: Answered .*\/s, Errors/);
    await page.keyboard.press('+');
    await all.waitFor();
    expect(await console_.violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await all.waitFor({ state: 'detached' });

    const box = await chart.locator('.u-over').boundingBox();
    if (box === null) throw new Error('the plot is not in sight');
    await page.mouse.move(box.x + box.width * 0.3, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.7, box.y + 60, { steps: 4 });
    await page.mouse.up();
    await all.click();
    await all.waitFor({ state: 'detached' });
    await page.context().close();
  });

  test('say why each model is out, also where none is left', async () => {
    const page = await console_.page({ path: '/console/routing' });
    await page.getByLabel('At most, dollars').fill('0.0000001');
    await page.getByRole('button', { name: 'Show the decision' }).click();
    await page.getByText('sim-small: dearer than allowed').waitFor();
    await page.getByLabel('At most, dollars').fill('0.0005');
    await page.getByRole('button', { name: 'Show the decision' }).click();
    const row = page.getByRole('group', { name: 'Candidates' }).getByRole('row', { name: 'sim-large' });
    await row.getByText('out: dearer than allowed').waitFor();
    await page.context().close();
  });

  test('say which link of the audit chain is the first that is broken', async () => {
    const page = await console_.page();
    const link = { chain: 'tenant#acme', seq: 3, fault: 'edited' };
    const broken = {
      ok: false,
      complete: true,
      chains: 4,
      entries: 16,
      first_broken: link,
      broken: [link, link],
    };
    await page.route('**/admin/audit/verify', (route) => route.fulfill({ json: broken }));
    await goTo(page, '/console/audit');
    const told = page.getByRole('alert').filter({ hasText: 'First broken link' });
    await told.waitFor();
    expect(await told.textContent()).toMatch(
      /chain tenant#acme, entry 3: an entry was changed\..*1 more after it/,
    );
    expect(await page.title()).toBe('Audit · ATP Router');
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
    await page.getByLabel('Outcome').selectOption('cut');
    await page.getByText('No request matches').waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByRole('cell').getByRole('link').first().waitFor();
    expect(new URL(page.url()).search).toBe('');
    await page.context().close();
  });
});
