/** An auditor's key looks and changes nothing: neither by what the pages offer, nor by what the API takes. */
import { describe, expect, test } from 'vitest';
import { ROUTES } from '../../shared/config/routes.ts';
import { goTo } from '../support/console/sign-in.ts';
import { withConsole } from '../support/console/with-console.ts';

const console_ = withConsole();

const PAGES = ['/', '/routing', '/requests', '/tenants', '/models', '/privacy', '/audit', '/playground'];
/** It is looked at, and nothing of it is kept. */
const LOOKING = 'POST /admin/privacy/preview';

/** What could be changed, apart from what traffic itself brings about. */
const configuration = async (): Promise<string> => {
  const paths = [
    '/admin/adapters',
    '/admin/policies',
    '/admin/keys',
    '/admin/quotas',
    '/admin/flags',
    '/admin/drain',
  ];
  const replies = await Promise.all(paths.map((path) => console_.api('GET', path)));
  return JSON.stringify(replies, (name, value: unknown) =>
    ['health', 'last_used_at'].includes(name) ? undefined : value,
  );
};

describe.skipIf(console_.skip)("an auditor's key", () => {
  test('is refused by every route that changes something, and by those that answer prompts', async () => {
    const before = await configuration();
    const changing = ROUTES.filter(
      ({ method, resource, access }) =>
        access !== 'public' && method !== 'GET' && `${method} ${resource}` !== LOOKING,
    );
    expect(changing.length).toBeGreaterThan(15);

    for (const { method, resource } of changing) {
      const path = resource.replaceAll(/\{\w+\}/g, 'sim-small');
      const body = method === 'DELETE' ? undefined : {};
      const { status } = await console_.api(method, path, body, console_.keys.auditor);
      expect([method, path, status]).toEqual([method, path, 403]);
    }

    expect(await configuration()).toBe(before);
  });

  test('is offered nothing on any page that would change something, and no page asks for it', async () => {
    const before = await configuration();
    const page = await console_.page({ role: 'auditor' });
    const written: string[] = [];
    page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (request.method() !== 'GET' && `${request.method()} ${pathname}` !== LOOKING)
        written.push(`${request.method()} ${pathname}`);
    });

    for (const path of PAGES) {
      await goTo(page, `/console${path}`);
      await page.getByRole('heading', { level: 1 }).first().waitFor();
      // Whatever can be pressed is pressed; what would change something is off, or not there.
      const buttons = page.locator('main').getByRole('button');
      for (let index = 0; index < Math.min(await buttons.count(), 25); index++) {
        const button = buttons.nth(index);
        const isOpen = await button.isEnabled({ timeout: 500 }).catch(() => false);
        if (isOpen) await button.click({ timeout: 500, noWaitAfter: true }).catch(() => undefined);
        await page.keyboard.press('Escape');
      }
    }

    expect(written).toEqual([]);
    expect(await configuration()).toBe(before);
    await page.context().close();
  });
});
