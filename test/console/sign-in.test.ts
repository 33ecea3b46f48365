/** Signing in by a real issuer: code flow with PKCE, from the form to the end of the token, against a real router. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { consolePolicy } from '../../shared/config/console-headers.ts';
import { goTo } from '../support/console/sign-in.ts';
import { CLIENT_ID, SignInIssuer } from '../support/console/sign-in-issuer.ts';
import { withConsole } from '../support/console/with-console.ts';

const issuer = new SignInIssuer();
const console_ = withConsole({
  args: async (home) => {
    await issuer.listen();
    const file = join(home, 'identity.json');
    writeFileSync(file, JSON.stringify(issuer.identity({ scopes: ['openid', 'offline_access'] })));
    return ['--identity', file];
  },
});

const answer = async (page: Page, name: string, button = 'Let me in'): Promise<void> => {
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: button }).click();
};

const signInAs = async (page: Page, name: string): Promise<void> => {
  await page.getByRole('button', { name: 'Sign in with Acme' }).click();
  await answer(page, name);
};

/** As a stage whose file says otherwise would tell it. */
const tell = async (page: Page, fields: Record<string, unknown>): Promise<void> => {
  await page.route('**/console/config.json', async (route) => {
    const config = (await (await route.fetch()).json()) as { sign_in: object };
    await route.fulfill({ json: { ...config, sign_in: { ...config.sign_in, ...fields } } });
  });
  await page.reload();
};

const notice = (page: Page, text: RegExp): Promise<void> =>
  page.locator('.notice').filter({ hasText: text }).waitFor();

describe.skipIf(console_.skip)('by an issuer', () => {
  beforeAll(async () => {
    await issuer.serve(`${console_.url}/console/`);
  });
  afterAll(() => issuer.close());
  beforeEach(() => {
    issuer.lifetimeS = 600;
  });

  test('somebody comes in as who the issuer says, back to where they were, with PKCE, state and nonce', async () => {
    const page = await console_.page({ role: null, path: '/console/models?x=1' });
    expect(await console_.violations(page)).toEqual([]);
    await signInAs(page, 'ada');
    await page.getByRole('heading', { level: 1, name: 'Models' }).waitFor();

    expect(page.url()).toBe(`${console_.url}/console/models?x=1`);
    expect(await page.locator('.who').textContent()).toContain('operator');
    expect(await page.getByRole('button', { name: 'Register a model' }).isEnabled()).toBe(true);
    const asked = new URL(console_.requests(page).find((url) => url.includes('/auth?')) ?? '').searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      client_id: CLIENT_ID,
      response_type: 'code',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    });
    const policy = (await page.request.get(`${console_.url}/console/`)).headers()['content-security-policy'];
    expect(policy).toBe(consolePolicy([issuer.url]));
    expect(console_.complaints(page)).toEqual([]);
    await page.context().close();
  });

  test('a reload asks the issuer and nobody else, and no token is kept anywhere but in memory', async () => {
    const page = await console_.page({ role: null });
    await signInAs(page, 'ada');
    await page.getByRole('heading', { name: 'Now' }).waitFor();
    await goTo(page, '/console/audit');
    const kept = await page.evaluate<string>(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href, history.length])',
    );
    // Neither a token (they begin so) nor a code, state or verifier: each is 43 characters.
    expect(kept).not.toMatch(/eyJ|[\w-]{43}/);

    await page.reload();

    await page.getByRole('heading', { level: 1, name: 'Audit' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/console/audit');
    await page.context().close();
  });

  test('an auditor may look, and is offered no more', async () => {
    const page = await console_.page({ role: null, path: '/console/models' });
    await signInAs(page, 'max');
    await page.getByText('Read only').waitFor();
    await page.getByRole('link', { name: 'sim-small' }).waitFor();
    expect(await page.getByRole('button', { name: 'Register a model', disabled: false }).count()).toBe(0);
    await page.context().close();
  });

  test('signing out ends it here and there: a reload brings nobody back', async () => {
    const page = await console_.page({ role: null });
    await signInAs(page, 'ada');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Leave Acme' }).click();
    await page.getByRole('button', { name: 'Sign in with Acme' }).waitFor();
    expect(page.url()).toBe(`${console_.url}/console/`);
    const asked = console_.requests(page).find((url) => url.includes('/session/end'));
    expect([...new URL(asked ?? '').searchParams.keys()]).toEqual(['client_id', 'post_logout_redirect_uri']);

    await page.reload();
    await page.getByRole('button', { name: 'Sign in with Acme' }).click();
    await page.getByLabel('Name').waitFor();
    await page.context().close();
  });

  test('it goes on without a word where the issuer gives leave to renew it', async () => {
    issuer.lifetimeS = 4;
    const page = await console_.page({ role: null });
    await signInAs(page, 'ada');
    await page.getByRole('heading', { name: 'Now' }).waitFor();
    const tokens = () => console_.requests(page).filter((url) => url.endsWith('/token')).length;
    await expect.poll(tokens, { timeout: 10_000 }).toBeGreaterThan(2);
    expect(await page.getByText(/sign-in (ends|has ended)/).count()).toBe(0);
    await page.context().close();
  });

  test('it ends with a warning, and goes on in a window beside, with what was written', async () => {
    issuer.lifetimeS = 8;
    const page = await console_.page({ role: null });
    await tell(page, { scopes: ['openid'] });
    await signInAs(page, 'ada');
    await page.getByRole('heading', { name: 'Now' }).waitFor();
    await goTo(page, '/console/playground');
    await page.getByLabel('Message').fill('A long thought');
    await page.getByRole('button', { name: 'Stay signed in' }).waitFor();
    await page.getByRole('heading', { name: 'Your sign-in has ended' }).waitFor();
    expect(await console_.violations(page)).toEqual([]);
    // Escape leads nowhere; Enter goes on, and once more where the window was closed.
    await page.keyboard.press('Escape');
    issuer.lifetimeS = 600;
    await page.context().clearCookies();
    const [closed] = await Promise.all([page.waitForEvent('popup'), page.keyboard.press('Enter')]);
    await closed.getByLabel('Name').waitFor();
    await closed.close();
    await page.bringToFront();

    const again = page.getByRole('button', { name: 'Sign in again' });
    const [beside] = await Promise.all([page.waitForEvent('popup'), again.click()]);
    await answer(beside, 'ada');

    await page.getByRole('heading', { name: 'Your sign-in has ended' }).waitFor({ state: 'detached' });
    expect(await page.getByLabel('Message').inputValue()).toBe('A long thought');
    await expect.poll(() => page.context().pages().length).toBe(1);
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('See how it was decided').waitFor();
    await page.context().close();
  });

  test('who was not let in is told so, and may come in by key', async () => {
    const page = await console_.page({ role: null });
    await page.getByRole('button', { name: 'Sign in with Acme' }).click();
    await answer(page, 'ada', 'Cancel');
    await notice(page, /not let in: .*access_denied: said no/);
    expect(page.url()).toBe(`${console_.url}/console/`);
    expect(await console_.violations(page)).toEqual([]);
    await page.getByLabel('Admin key').fill(console_.keys.operator);
    await page.getByRole('button', { name: 'Sign in with a key' }).click();
    await page.getByRole('heading', { name: 'Now' }).waitFor();
    await page.context().close();
  });

  test.each([
    ['has no role', 'eve', {}, /Acme knows you, but nothing it says of you is a role here/],
    [
      'has a token for another audience',
      'ada',
      { resource: 'https://else.example/' },
      /is for https:\/\/else\.example\/.*takes tokens for https:\/\/atp\.example/,
    ],
  ])('who %s is told so', async (_what, name, fields, text) => {
    const page = await console_.page({ role: null });
    await tell(page, fields);
    await signInAs(page, name);
    await notice(page, text);
    await page.context().close();
  });

  test('an issuer that is away is named, and so is one that is another', async () => {
    const page = await console_.page({ role: null });
    const discovery = '**/.well-known/openid-configuration';
    await page.route(discovery, (route) => route.abort());
    await page.getByRole('button', { name: 'Sign in with Acme' }).click();
    await notice(page, /cannot be reached from here/);
    await page.unroute(discovery);
    await page.route(discovery, (route) => route.fulfill({ json: { issuer: 'https://else.example' } }));
    await page.getByRole('button', { name: 'Sign in with Acme' }).click();
    await notice(page, /did not answer as an OpenID issuer does/);
    await page.context().close();
  });

  test('an answer that this tab did not ask for is not used', async () => {
    const page = await console_.page({ role: null, path: '/console/callback?code=stolen&state=foreign' });
    await notice(page, /begun elsewhere/);
    expect(page.url()).toBe(`${console_.url}/console/`);
    expect(console_.requests(page).some((url) => url.endsWith('/token'))).toBe(false);
    await page.context().close();
  });
});
