/** What an operator does in the console, and what the router does because of it. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { askAs, scoreAs } from '../support/console/prepare-stage.ts';
import { goTo } from '../support/console/sign-in.ts';
import { withConsole } from '../support/console/with-console.ts';

const console_ = withConsole();

const LIMITED = 'umbrella';
const LEARNING = 'initech';

const statusOfAsk = async (key: string): Promise<number> =>
  (await console_.api('POST', '/v1/ask', { prompt: 'Hello', max_tokens: 5 }, key)).status;

const shareOf = async (page: Page, model: string): Promise<number> => {
  const row = page.getByRole('group', { name: 'Models of this policy' }).getByRole('row', { name: model });
  return Number.parseFloat((await row.getByRole('cell').first().textContent()) ?? '');
};

describe.skipIf(console_.skip)('an operator', () => {
  let page: Page;
  beforeAll(async () => {
    page = await console_.page();
  });

  test('does not come in with a wrong key, nor a tenant with its own, and neither key is kept', async () => {
    const outside = await console_.page({ role: null });
    for (const [key, answer] of [
      ['atp_local_nonsense', /key|credential/i],
      [console_.keys.tenant, /operator|role|permit/i],
    ] as const) {
      await outside.getByLabel('Admin key').fill(key);
      await outside.getByRole('button', { name: 'Sign in' }).click();
      await outside.locator('.field-error').filter({ hasText: answer }).waitFor();
    }
    expect(await console_.violations(outside)).toEqual([]);
    await outside.getByLabel('Admin key').fill(console_.keys.operator);
    await outside.getByRole('button', { name: 'Sign in' }).click();
    await outside.getByRole('heading', { name: 'Now' }).waitFor();
    const kept = await outside.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
    );
    expect(kept).not.toContain('atp_');
    await outside.reload();
    await outside.getByLabel('Admin key').waitFor();
    await outside.context().close();
  });

  test('registers a model, tries it, and takes it out again', async () => {
    await goTo(page, '/console/models');
    await page.getByRole('button', { name: 'Register a model' }).click();
    await page.getByLabel('Id', { exact: true }).fill('sim new');
    await page.getByRole('button', { name: 'Register', exact: true }).click();
    await page.getByText('Small letters, digits').waitFor();
    expect(await console_.violations(page)).toEqual([]);
    // Under an id that is taken it would replace another without a word.
    await page.getByLabel('Id', { exact: true }).fill('sim-small');
    await page.getByText('Registered already').waitFor();
    await page.getByLabel('Id', { exact: true }).fill('sim-new');
    await page.getByLabel('Input, $ a million tokens').fill('0.5');
    await page.getByLabel('Output, $ a million tokens').fill('1.5');
    await page.getByLabel('True quality').fill('0.7');
    await page.getByRole('button', { name: 'Register', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'sim-new' }).waitFor();
    await page.getByRole('button', { name: 'Call it' }).click();
    await page.getByText(/It answered in/).waitFor();
    expect((await console_.api('GET', '/admin/adapters/sim-new')).json).toMatchObject({
      price: { input_per_mtok: 0.5, output_per_mtok: 1.5 },
      simulated: { quality: 0.7 },
    });

    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByText(/stop going to it within 5 seconds/).waitFor();
    expect(await console_.violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Keep' }).click();
    expect((await console_.api('GET', '/admin/adapters/sim-new')).status).toBe(200);
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('heading', { level: 1, name: 'Models' }).waitFor();
    expect((await console_.api('GET', '/admin/adapters/sim-new')).status).toBe(404);
  });

  test('makes a key that works, sees it once, sets a limit that refuses it, and revokes it', async () => {
    await goTo(page, `/console/tenants/${LIMITED}`);
    await page.getByRole('button', { name: 'Make a key' }).click();
    await page.getByLabel('Name').fill('trial');
    await page.getByRole('button', { name: 'Make the key' }).click();
    const key = (await page.locator('.secret').textContent()) ?? '';
    expect(key).toMatch(/^atp_/);
    // It is shown this once: neither Escape nor a press beside it takes it away.
    await page.keyboard.press('Escape');
    await page.mouse.click(4, 4);
    expect(await page.locator('.secret').textContent()).toBe(key);
    expect(await console_.violations(page)).toEqual([]);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    // As where the page came by plain HTTP from elsewhere.
    await page.evaluate(
      "Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true })",
    );
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByText(/copy it by hand/).waitFor();
    await page.evaluate('delete navigator.clipboard');
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(key);
    await page.getByRole('button', { name: 'I have it' }).click();
    await page.getByRole('rowheader', { name: 'trial' }).waitFor();
    expect(await page.content()).not.toContain(key);
    expect(await statusOfAsk(key)).toBe(200);

    await page.getByRole('button', { name: 'Edit limits' }).click();
    await page.getByLabel('Requests a minute').fill('two');
    await page.getByText('A number, 0 or more').waitFor();
    await page.getByLabel('Requests a minute').fill('2');
    await page.getByRole('button', { name: 'Save limits' }).click();
    await page.getByText(/ of 2 · /).waitFor();
    const statuses = [await statusOfAsk(key), await statusOfAsk(key), await statusOfAsk(key)];
    expect(statuses).toContain(429);
    // The gauge follows within its two seconds.
    await page.getByText(/2 of 2 · 100%/).waitFor();

    await page.getByRole('group', { name: 'Spend by model' }).waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'CSV' }).click();
    const csv = readFileSync(await (await download).path(), 'utf8');
    expect(csv).toMatch(/^day,tenant_id,model,requests,.*,cost_usd\r\n\d{4}-\d\d-\d\d,umbrella,sim-/);

    await page.getByRole('button', { name: 'Revoke trial' }).click();
    await page.getByText(/refused everywhere within 30 seconds/).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('No key', { exact: true }).waitFor();
    await expect.poll(() => statusOfAsk(key), { timeout: 35_000, interval: 1_000 }).toBe(401);
  });

  test('scores an answer, and with more such scores the share of that model grows', async () => {
    await console_.api('PUT', '/admin/policies/learner', {
      strategy: 'thompson',
      params: { prior_strength: 1 },
      tenants: [LEARNING],
    });
    const teach = async (times: number): Promise<void> => {
      const answers = await askAs(console_, LEARNING, times);
      for (const { request_id, model_used } of answers)
        await scoreAs(console_, LEARNING, request_id, model_used === 'sim-nano' ? 1 : 0);
    };
    // The policy is known everywhere within five seconds.
    await expect
      .poll(async () => (await askAs(console_, LEARNING, 1)).length, { timeout: 10_000 })
      .toBeGreaterThan(0);
    await goTo(page, `/console/requests?tenant=${LEARNING}`);
    await page.getByRole('cell').getByRole('link').first().click();
    await page.getByLabel('Quality score').fill('1.2');
    await page.getByText('A number from 0 to 1').waitFor();
    await page.getByLabel('Quality score').fill('0');
    await page.getByRole('button', { name: 'Send feedback' }).click();
    await page.getByText(/A score is given once/).waitFor();

    await teach(15);
    await goTo(page, '/console/routing?policy=learner&hours=1');
    const before = await shareOf(page, 'sim-nano');
    await expect
      .poll(
        async () => {
          await teach(15);
          await goTo(page, '/console/models');
          await goTo(page, '/console/routing?policy=learner&hours=1');
          return shareOf(page, 'sim-nano');
        },
        { timeout: 100_000, interval: 100 },
      )
      .toBeGreaterThan(Math.max(before, 40));
  });

  test('sees an answer in the playground as it is written, with what its headers mean', async () => {
    await goTo(page, '/console/playground');
    await page.getByRole('combobox', { name: 'Model' }).selectOption('sim-large');
    await page.getByLabel('Message').fill('Tell me about rivers');
    await page.getByRole('button', { name: 'Send' }).click();
    const bubble = page.locator('.bubble').last();
    const lengths = new Set<number>();
    const finished = page.getByText('See how it was decided').waitFor();
    let isDone = false;
    void finished.then(() => {
      isDone = true;
    });
    while (!isDone) lengths.add(((await bubble.textContent()) ?? '').length);
    await finished;
    // It grew before it ended.
    expect(lengths.size).toBeGreaterThan(2);
    await page.getByText('x-atp-cost-usd').waitFor();
    await page.getByText('See how it was decided').click();
    await page.getByRole('heading', { name: 'Timeline' }).waitFor();
    expect(await page.getByText('Tell me about rivers').isVisible()).toBe(true);
  });

  test('leaves by signing out, and what was shown is gone', async () => {
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Admin key').waitFor();
    expect(await page.getByRole('navigation').count()).toBe(0);
    expect(console_.complaints(page).filter((text) => !text.includes('404'))).toEqual([]);
  });
});
