import { describe, expect, it } from 'vitest';
import { type EventSource, proxyEvent } from '../../../local/gateway/event.ts';
import { loadedFunction } from '../../../local/gateway/functions.ts';
import { encodingFault, headFault } from '../../../local/gateway/head-fault.ts';
import { Router } from '../../../local/gateway/router.ts';
import { CallerCheck } from '../../../local/gateway/who-may-call.ts';
import { ROUTES } from '../../../shared/config/routes.ts';

describe('Router', () => {
  const router = new Router(ROUTES);

  it.each(ROUTES.filter((route) => !route.resource.includes('{')))('finds $method $resource', (route) => {
    const match = router.match(route.method, route.resource);

    expect(match).toEqual({ kind: 'found', route, parameters: null });
  });

  it('decodes a parameter once', () => {
    const match = router.match('GET', '/admin/quotas/a%2520b');

    expect(match).toMatchObject({ kind: 'found', parameters: { tenant: 'a%20b' } });
  });

  it.each([
    '/admin/quotas/',
    '/admin/quotas/a/b',
    '/admin//a',
    '/admin/quotas/%zz',
    '',
    'http://x/v1/ask',
    '*',
  ])('knows no %j', (path) => {
    const match = router.match('GET', path);

    expect(match).toEqual({ kind: 'unknown' });
  });

  it('names the methods that a path has', () => {
    const match = router.match('PATCH', '/admin/flags');

    expect(match).toEqual({ kind: 'wrong_method', allow: 'GET, PUT', resource: '/admin/flags' });
  });
});

describe('headFault', () => {
  const callers = new CallerCheck('127.0.0.1');
  const faultOf = (...named: [string, string][]) =>
    headFault({ headers: Object.fromEntries(named.toReversed()), rawHeaders: named.flat() }, callers);

  it('is a Host that is missing, and one too many', () => {
    expect(faultOf(['accept', '*/*'])?.code).toBe('invalid_request');
    expect(faultOf(['host', 'localhost'], ['Host', 'evil.example'])?.code).toBe('invalid_request');
    expect(faultOf(['host', 'localhost'], ['host', 'localhost'])?.code).toBe('invalid_request');
  });

  it('is a host that is not ours, and a page of another', () => {
    expect(faultOf(['host', 'evil.example'])?.code).toBe('forbidden');
    expect(faultOf(['host', 'localhost'], ['origin', 'https://evil.example'])?.code).toBe('forbidden');
  });

  it('is nothing of what clients send', () => {
    expect(faultOf(['Accept', '*/*'], ['host', '127.0.0.1:8787'], ['test', 'host'])).toBeUndefined();
  });
});

describe('encodingFault', () => {
  it.each([
    ['gzip, chunked', 'invalid_request'],
    ['chunked, chunked', 'invalid_request'],
    ['Chunked', undefined],
    [undefined, undefined],
  ])('of %s is %s', (encoding, expected) => {
    const headers = encoding === undefined ? {} : { 'transfer-encoding': encoding };

    expect(encodingFault({ headers })?.code).toBe(expected);
  });
});

describe('CallerCheck', () => {
  it.each([
    ['127.0.0.1', 'localhost:8787', undefined, true],
    ['127.0.0.1', '127.0.0.1:8787', undefined, true],
    ['127.0.0.1', '127.9.9.9', undefined, true],
    ['127.0.0.1', '[::1]:8787', undefined, true],
    ['127.0.0.1', 'LOCALHOST', undefined, true],
    ['127.0.0.1', 'localhost.evil.example', undefined, false],
    ['127.0.0.1', '127.0.0.1.evil.example', undefined, false],
    ['127.0.0.1', '192.168.0.7', undefined, false],
    ['127.0.0.1', 'a b', undefined, false],
    ['127.0.0.1', undefined, undefined, false],
    ['router.internal', 'router.internal:80', undefined, true],
    ['0.0.0.0', '192.168.0.7:8787', undefined, true],
    ['0.0.0.0', 'evil.example', undefined, false],
    ['127.0.0.1', 'localhost', 'http://localhost:3000', true],
    ['127.0.0.1', 'localhost', 'https://evil.example', false],
    ['127.0.0.1', 'localhost', 'file://localhost', false],
    ['127.0.0.1', 'localhost', 'null', false],
    ['router.internal', 'router.internal:80', 'http://router.internal', false],
    ['router.internal', 'router.internal:81', 'http://router.internal:81', true],
  ])('listening on %s, Host %s, Origin %s: %s', (given, host, origin, expected) => {
    const check = new CallerCheck(given);

    const twice = [check.allows(host, origin), check.allows(host, origin)];

    expect(twice).toEqual([expected, expected]);
  });
});

describe('proxyEvent', () => {
  const route = ROUTES[0];
  if (route === undefined) throw new Error('there are no routes');

  const source = (parts: Partial<EventSource>): EventSource => ({
    route,
    parameters: null,
    method: 'POST',
    path: '/v1/ask',
    query: '',
    rawHeaders: [],
    body: undefined,
    sourceIp: '127.0.0.1',
    protocol: 'HTTP/1.1',
    requestId: 'r-1',
    ...parts,
  });

  it('keeps names as written, the last of equal ones, and all of them beside', () => {
    const event = proxyEvent(
      source({ rawHeaders: ['X-A', '1', 'X-A', '2', 'constructor', '3', 'User-Agent', 'curl'] }),
    );

    expect(event.headers).toEqual({ 'X-A': '2', constructor: '3', 'User-Agent': 'curl' });
    expect(event.multiValueHeaders).toEqual({
      'X-A': ['1', '2'],
      constructor: ['3'],
      'User-Agent': ['curl'],
    });
    expect(event.requestContext.identity.userAgent).toBe('curl');
  });

  it('lets no name reach a prototype', () => {
    const event = proxyEvent(source({ rawHeaders: ['__proto__', 'x'], query: '__proto__=y&toString=z' }));

    expect(Object.getPrototypeOf(event.multiValueHeaders)).toBe(Object.prototype);
    expect(Object.entries(event.multiValueQueryStringParameters ?? {})).toEqual([['toString', ['z']]]);
  });
});

describe('loadedFunction', () => {
  it('refuses a module without a handler', () => {
    expect(() => loadedFunction('status', undefined)).toThrow('functions/status/index.ts exports no handler');
  });
});
