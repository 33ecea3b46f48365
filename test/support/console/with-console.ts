/** One local runtime with traffic, and one browser, for all tests of a file. */
import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { eventually, LocalProcess, makeHome } from '../local-process.ts';
import { findBrowser } from './find-browser.ts';
import { goTo, signIn } from './sign-in.ts';
import { startTraffic, type Traffic } from './traffic.ts';

export type Theme = 'light' | 'dark';

export interface PageOptions {
  /** Not signed in where it is null. */
  role?: 'operator' | 'auditor' | null;
  path?: string;
  theme?: Theme;
  width?: number;
  height?: number;
}

export interface ConsoleOptions {
  /** Arguments of `npm start`, which may have to be waited for; `home` is a directory of the test's own. */
  args?(home: string): Promise<readonly string[]>;
}

export interface Violation {
  id: string;
  help: string;
  target: string;
}

/** Only who asks for it (`ATP_SCREENSHOTS=docs/images`) renews the pictures that the documents show. */
const { ATP_SCREENSHOTS } = process.env;
const IMAGES = resolve(import.meta.dirname, '../../..', ATP_SCREENSHOTS ?? 'coverage/console');
/** Of traffic behind the pictures of the documents: curves of a minute show little. */
const PICTURED_MS = 120_000;
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const BUILT_WITHIN_MS = 300_000;
/** For what a page is to show: the machine may be busy. */
const PATIENCE_MS = 120_000;
const FIRST_ASKS = 60;

export class ConsoleUnderTest {
  readonly skip: boolean;
  readonly #executablePath: string | undefined;
  #home: ReturnType<typeof makeHome> | undefined;
  #runtime: LocalProcess | undefined;
  #browser: Browser | undefined;
  #traffic: Traffic | undefined;
  #auditor = '';
  readonly #requests = new WeakMap<Page, string[]>();
  readonly #complaints = new WeakMap<Page, string[]>();

  readonly #options: ConsoleOptions;

  constructor(executablePath: string | undefined, options: ConsoleOptions = {}) {
    this.#executablePath = executablePath;
    this.#options = options;
    this.skip = executablePath === undefined;
  }

  get url(): string {
    return this.#running().first.url;
  }

  get keys(): { operator: string; auditor: string; tenant: string } {
    const { admin_key, tenant_key } = this.#running().first;
    return { operator: admin_key, auditor: this.#auditor, tenant: tenant_key };
  }

  async start(): Promise<void> {
    if (this.#executablePath === undefined) return;
    this.#home = makeHome();
    this.#runtime = await LocalProcess.start(
      this.#home.data,
      await this.#options.args?.(dirname(this.#home.data)),
    );
    const executablePath = this.#executablePath;
    const [{ json }, traffic, browser] = await Promise.all([
      this.api('POST', '/admin/keys', { tenant_id: 'default', roles: ['auditor'], name: 'auditor' }),
      startTraffic(this.url, this.keys.tenant, FIRST_ASKS),
      chromium.launch({ executablePath }),
      this.#untilBuilt(),
    ]);
    this.#auditor = String((json as { key: unknown }).key);
    this.#traffic = traffic;
    this.#browser = browser;
  }

  async stop(): Promise<void> {
    await this.#browser?.close();
    await this.#traffic?.stop();
    await this.#runtime?.stop();
    this.#home?.remove();
  }

  /** By the operator's key, unless one is given. */
  async api(
    method: string,
    path: string,
    body?: unknown,
    key = this.keys.operator,
  ): Promise<{ status: number; json: unknown }> {
    const reply = await this.#running().request(method, path, key, body);
    const text = await reply.text();
    return { status: reply.status, json: text === '' ? undefined : JSON.parse(text) };
  }

  async page(options: PageOptions = {}): Promise<Page> {
    const { role = 'operator', path = '/console/', theme = 'light', width = 1280, height = 900 } = options;
    if (this.#browser === undefined) throw new Error('there is no browser');
    const context = await this.#browser.newContext({
      viewport: { width, height },
      colorScheme: theme,
      reducedMotion: 'reduce',
      locale: 'en-GB',
      timezoneId: 'UTC',
    });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    const requests: string[] = [];
    const complaints: string[] = [];
    this.#requests.set(page, requests);
    this.#complaints.set(page, complaints);
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`);
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(`${this.url}${role === null ? path : '/console/'}`);
    if (role === null) return page;
    await signIn(page, this.keys[role]);
    if (path !== '/console/') await goTo(page, path);
    return page;
  }

  /** Of WCAG 2.2 A and AA, by axe. */
  async violations(page: Page): Promise<Violation[]> {
    const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze();
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ target }) => ({ id, help, target: target.join(' ') })),
    );
  }

  /** At once, unless the documents' pictures are to be renewed. */
  async untilPicturesque(): Promise<void> {
    if (ATP_SCREENSHOTS !== undefined) await sleep(PICTURED_MS);
  }

  /** console-NAME-THEME.png */
  async shot(page: Page, name: string, theme: Theme): Promise<void> {
    mkdirSync(IMAGES, { recursive: true });
    await page.screenshot({ path: join(IMAGES, `console-${name}-${theme}.png`), animations: 'disabled' });
  }

  /** Every address that the page asked for. */
  requests(page: Page): readonly string[] {
    return this.#requests.get(page) ?? [];
  }

  /** What the page's own console says is wrong, breaches of its policy among it. */
  complaints(page: Page): readonly string[] {
    return this.#complaints.get(page) ?? [];
  }

  #running(): LocalProcess {
    if (this.#runtime === undefined) throw new Error('the runtime is not started');
    return this.#runtime;
  }

  async #untilBuilt(): Promise<void> {
    await eventually(async () => {
      const { status } = await fetch(`${this.url}/console/`);
      if (status === 500) throw new Error('the console could not be built');
      return status === 200 ? true : undefined;
    }, BUILT_WITHIN_MS);
  }
}

/** To be called once, where a file's tests are declared. */
export const withConsole = (options?: ConsoleOptions): ConsoleUnderTest => {
  const browser = findBrowser();
  if (browser === undefined)
    process.stderr.write(
      'No Chromium is on the PATH or at CHROMIUM_PATH: the console is not looked at, its tests are skipped.\n',
    );
  const console_ = new ConsoleUnderTest(browser, options);
  beforeAll(() => console_.start(), 240_000);
  afterAll(() => console_.stop(), 60_000);
  return console_;
};
