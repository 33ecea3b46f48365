/** The books are checked against a gateway that keeps them well, and against ones that do not. */

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Api } from '../../../../scripts/load/api.ts';
import { booksOf } from '../../../../scripts/load/books.ts';
import { Ledger } from '../../../../scripts/load/tally.ts';

const DAY = '2026-01-02';
const PAGE = 2;
const observation = (request_id: string) => ({
  ...{ request_id, tokens_in: 2, tokens_out: 3, cost_usd: 0.5, created_at: `${DAY}T10:00:00.000Z` },
});

const opened: { api: Api; server: Server }[] = [];
afterEach(async () => {
  for (const { api, server } of opened.splice(0)) {
    await api.close();
    server.close();
  }
});

const keeping = async (ids: readonly string[], use: object = {}): Promise<Api> => {
  const kept = { day: DAY, tokens_used: 5 * ids.length, cost_used_usd: ids.length / 2, in_flight: 0, ...use };
  const server = createServer((request, reply) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://gateway');
    if (pathname.startsWith('/admin/quotas/')) return reply.end(JSON.stringify({ use: kept }));
    const from = Number(searchParams.get('from') ?? 0);
    if (from + PAGE < ids.length) reply.setHeader('link', `<${pathname}?from=${from + PAGE}>; rel="next"`);
    return reply.end(JSON.stringify(ids.slice(from, from + PAGE).map(observation)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const api = new Api(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 1);
  opened.push({ api, server });
  return api;
};

const broken = async (
  api: Api,
  confirmed: readonly string[],
  { lost = 0, leased = 0, perHour = 100 } = {},
): Promise<string[]> => {
  const ledger = new Ledger();
  for (const id of confirmed) ledger.answer('t', id);
  for (let count = 0; count < lost; count += 1) ledger.lose('t');
  const caller = { tenant: 't', key: 'k', limited: true };
  const claims = await booksOf({ api, adminKey: 'k', ledger, leased }, caller, { perHour, hours: 1 });
  return claims.flatMap(({ claim, holds }) => (holds ? [] : [claim]));
};

describe('the books', () => {
  it('are right where all that was confirmed is there, on all pages', async () => {
    expect(await broken(await keeping(['a', 'b', 'c', 'd', 'e']), ['a', 'b', 'c', 'd', 'e'])).toEqual([]);
  });

  it('are wrong where an answer has no observation', async () => {
    expect(await broken(await keeping(['a']), ['a', 'b'])).toEqual(['t: every answer has its observation']);
  });

  it('may hold what nobody was told the end of, and no more', async () => {
    const api = await keeping(['a', 'b']);

    expect(await broken(api, ['a'], { lost: 1 })).toEqual([]);
    expect(await broken(api, ['a'])).toEqual(['t: and no other has, but those whose end nobody was told']);
  });

  it('are wrong where something is there twice', async () => {
    expect(await broken(await keeping(['a', 'a']), ['a'])).toEqual([
      't: and no other has, but those whose end nobody was told',
    ]);
  });

  it.each([{ tokens_used: 6 }, { cost_used_usd: 0.51 }])(
    'are wrong where use does not add up: %j',
    async (use) => {
      expect(await broken(await keeping(['a'], use), ['a'])).toEqual([
        't: use is the sum of the observations',
      ]);
    },
  );

  it('are wrong where an hour held more than its limit', async () => {
    expect(await broken(await keeping(['a', 'b']), ['a', 'b'], { perHour: 1 })).toEqual([
      't: no hour held more than its limit',
    ]);
  });

  it('may hold what killed processes held ahead', async () => {
    expect(await broken(await keeping(['a'], { in_flight: 3 }), ['a'], { leased: 4 })).toEqual([]);
  });
});
