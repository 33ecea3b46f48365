/** How the console reaches a browser: what is sent with it, what it asks for, and where its paths lead. */
import { describe, expect, test } from 'vitest';
import { consolePolicy } from '../../shared/config/console-headers.ts';
import { withConsole } from '../support/console/with-console.ts';
import { eventually } from '../support/local-process.ts';

const console_ = withConsole();

describe.skipIf(console_.skip)('what is served', () => {
  const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(console_.url + path, { redirect: 'manual', headers });
  const assetsOf = async (): Promise<string[]> => {
    const html = await (await get('/console/')).text();
    return [...html.matchAll(/(?:src|href)="(\/console\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '');
  };

  test('the page under a policy that lets nothing foreign and nothing inline run', async () => {
    const reply = await get('/console/');

    const policy = reply.headers.get('content-security-policy') ?? '';
    expect([reply.status, policy]).toEqual([200, consolePolicy()]);
    expect(policy).not.toMatch(/unsafe-|\*|http:/);
    expect(Object.fromEntries(reply.headers)).toMatchObject({
      'cache-control': 'no-cache',
      'content-type': 'text/html; charset=utf-8',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    const html = await reply.text();
    expect(html).not.toMatch(/<style|\sstyle=|<script(?![^>]*\ssrc=)/);
  });

  test('assets that are named by what is in them, for ever and packed', async () => {
    const assets = await assetsOf();

    expect(assets.length).toBeGreaterThan(0);
    for (const path of assets) {
      const reply = await get(path, { 'accept-encoding': 'gzip' });
      expect(reply.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(reply.headers.get('content-encoding')).toBe('gzip');
      expect(path).toMatch(/-[\w-]{8}\.(js|css)$/);
    }
  });

  test.each(['/console/requests/abc', '/console/tenants/acme', '/console/nothing-of-the-kind'])(
    'the one page for %s',
    async (path) => {
      const reply = await get(path);
      expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    },
  );

  test.each([
    '/console/assets/nothing.js',
    '/console/nothing.png',
    '/console/built.json',
    '/console/../package.json',
    '/console/%2e%2e/%2e%2e/package.json',
    '/console/assets/..%2f..%2f..%2fpackage.json',
    '/consoles',
  ])('nothing for %s', async (path) => {
    const reply = await get(path);
    expect(reply.status).toBe(404);
    expect(await reply.text()).not.toContain('devDependencies');
  });

  test('a path without its slash leads there, and only reading is allowed', async () => {
    const away = await get('/console');
    expect([away.status, away.headers.get('location')]).toEqual([308, '/console/']);
    const written = await fetch(`${console_.url}/console/`, { method: 'POST' });
    expect([written.status, written.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    const head = await fetch(`${console_.url}/console/`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });
});

describe.skipIf(console_.skip)('in a browser', () => {
  test('it asks nobody else for anything, and breaks no rule of its own', async () => {
    const page = await console_.page();
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await eventually(() => console_.requests(page).some((url) => url.includes('/admin/stream')) || undefined);

    const origins = new Set(console_.requests(page).map((url) => new URL(url).origin));
    expect([...origins]).toEqual([console_.url]);
    expect(console_.complaints(page)).toEqual([]);
    await page.context().close();
  });

  test('the key is kept nowhere: a reload signs out', async () => {
    const page = await console_.page();
    const kept = await page.evaluate<string>(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href])',
    );
    expect(kept).not.toContain(console_.keys.operator);

    await page.reload();

    await page.getByLabel('Admin key').waitFor();
    await page.context().close();
  });

  test('a key that is none is told so, and is not repeated', async () => {
    const page = await console_.page({ role: null });
    await page.getByLabel('Admin key').fill('atp_local_nobody_nothing');
    await page.getByRole('button', { name: 'Sign in' }).click();

    const alert = page.getByRole('alert').or(page.locator('[aria-invalid=true]')).first();
    await alert.waitFor();
    expect(await page.locator('body').textContent()).not.toContain('atp_local_nobody');
    await page.context().close();
  });

  test('the way in breaks no rule of WCAG 2.2 A and AA', async () => {
    for (const theme of ['light', 'dark'] as const) {
      const page = await console_.page({ role: null, theme });
      await page.getByLabel('Admin key').waitFor();
      expect(await console_.violations(page)).toEqual([]);
      await page.context().close();
    }
  });
});
