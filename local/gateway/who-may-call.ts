/**
 * Keeps web pages out: a page that made its own name point at this machine (DNS rebinding) still sends that name as
 * Host, and any page sends its Origin. Fails closed.
 */
import { isIP } from 'node:net';

const LOOPBACK_V4 = /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/;
const WILDCARDS = new Set(['0.0.0.0', '::']);
const HOST = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::\d{1,5})?$/;
const MOST_REMEMBERED = 64;

const bare = (host: string): string => host.replace(/^\[|\]$/g, '').toLowerCase();

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || LOOPBACK_V4.test(host);

export class CallerCheck {
  readonly #given: string;
  readonly #remembered = new Set<string>();

  /** `host` is what the gateway was told to listen on. */
  constructor(host: string) {
    this.#given = bare(host);
  }

  /** Both as the client sent them. */
  allows(host: string | undefined, origin: string | undefined): boolean {
    if (host === undefined || !this.#allowsHost(host)) return false;
    return origin === undefined || this.#allowsOrigin(origin, host);
  }

  #allowsHost(host: string): boolean {
    if (this.#remembered.has(host)) return true;
    const name = HOST.exec(host)?.[1];
    if (name === undefined || !this.#isOurs(bare(name))) return false;
    if (this.#remembered.size < MOST_REMEMBERED) this.#remembered.add(host);
    return true;
  }

  #isOurs(name: string): boolean {
    // On a wildcard address any literal address may be ours; names cannot be rebound to a literal one.
    return isLoopback(name) || name === this.#given || (WILDCARDS.has(this.#given) && isIP(name) !== 0);
  }

  #allowsOrigin(origin: string, host: string): boolean {
    const url = URL.canParse(origin) ? new URL(origin) : undefined;
    if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) return false;
    return isLoopback(bare(url.hostname)) || url.host.toLowerCase() === host.toLowerCase();
  }
}
