/** `GET /console/…` of a gateway process: the built files, every other path the one page, or how far its build has come. */
import { ASSET_CACHING, consoleHeaders, PAGE_CACHING } from '../../shared/config/console-headers.ts';
import { consoleConfig, type PublishedSignIn, signInOrigins } from '../../shared/config/console-sign-in.ts';
import type { ConsoleState } from './build.ts';
import { SiteFiles } from './files.ts';
import { buildingPage, failedPage } from './pages.ts';

export const CONSOLE_PATH = '/console';

export interface SiteReply {
  statusCode: number;
  headers: Record<string, string>;
  body: Buffer | string;
}

export interface SiteDeps {
  directory: string;
  /** As the supervisor says, which builds it. */
  state(): Promise<ConsoleState>;
  /** The issuer by which its users may sign in. */
  signIn?: PublishedSignIn | undefined;
}

/** Told by the runtime, whatever a build left there. */
const CONFIG = 'config.json';
const HASHED = /^assets\//;
/** A path that asks for a file, so that a missing one is not answered by the page. */
const NAMES_A_FILE = /\.[A-Za-z0-9]+$/;
const BUILD_AGAIN_S = '2';

export class ConsoleSite {
  readonly #deps: SiteDeps;
  readonly #headers: Record<string, string>;
  #served: { build: string; files: SiteFiles } | undefined;

  constructor(deps: SiteDeps) {
    this.#deps = deps;
    this.#headers = consoleHeaders(signInOrigins(deps.signIn));
  }

  isHere(path: string): boolean {
    return path === CONSOLE_PATH || path.startsWith(`${CONSOLE_PATH}/`);
  }

  /** Undefined where there is no such file. */
  async reply(path: string, acceptEncoding = ''): Promise<SiteReply | undefined> {
    if (path === CONSOLE_PATH)
      return { statusCode: 308, headers: { ...this.#headers, location: `${CONSOLE_PATH}/` }, body: '' };
    const name = path.slice(CONSOLE_PATH.length + 1);
    const state = await this.#deps.state();
    if (state.kind === 'absent') return undefined;
    if (state.kind === 'building')
      return this.#page(503, buildingPage(state.seconds), { 'retry-after': BUILD_AGAIN_S });
    if (state.kind === 'failed') return this.#page(500, failedPage());
    if (name === CONFIG) return this.#config();
    return this.#file(this.#filesOf(state.build), name, acceptEncoding);
  }

  #page(statusCode: number, body: string, more: Record<string, string> = {}): SiteReply {
    const headers = {
      ...this.#headers,
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
    };
    return { statusCode, headers: { ...headers, ...more }, body };
  }

  #config(): SiteReply {
    const headers = { ...this.#headers, 'content-type': 'application/json', 'cache-control': PAGE_CACHING };
    return { statusCode: 200, headers, body: consoleConfig(this.#deps.signIn) };
  }

  #filesOf(build: string): SiteFiles {
    if (this.#served?.build !== build) this.#served = { build, files: new SiteFiles(this.#deps.directory) };
    return this.#served.files;
  }

  #file(files: SiteFiles, name: string, acceptEncoding: string): SiteReply | undefined {
    const found = files.get(name);
    const file = found ?? (NAMES_A_FILE.test(name) ? undefined : files.get('index.html'));
    if (file === undefined) return undefined;
    const caching = found !== undefined && HASHED.test(name) ? ASSET_CACHING : PAGE_CACHING;
    const headers = { ...this.#headers, 'content-type': file.type, 'cache-control': caching };
    if (file.packed === undefined) return { statusCode: 200, headers, body: file.body };
    const takesPacked = /(?:^|[\s,])gzip(?:$|[\s,;])/.test(acceptEncoding);
    const varied = { ...headers, vary: 'accept-encoding' };
    return takesPacked
      ? { statusCode: 200, headers: { ...varied, 'content-encoding': 'gzip' }, body: file.packed }
      : { statusCode: 200, headers: varied, body: file.body };
  }
}
