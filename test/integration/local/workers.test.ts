/** Gateway processes that share a port share the limits too. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { burstWithin } from '../../support/flow/first-flow.ts';
import { openLocalTarget } from '../../support/flow/local-target.ts';
import { until } from '../../support/flow/poll.ts';
import { Setting, THREE_MODELS } from '../../support/flow/setting.ts';

const OPENED_WITHIN_MS = 120_000;

describe('three workers', () => {
  let opened: Setting | undefined;

  beforeAll(async () => {
    opened = new Setting(await openLocalTarget(['--empty', '--workers', '3']));
    await opened.useModels(THREE_MODELS);
  }, OPENED_WITHIN_MS);

  afterAll(() => opened?.target.stop(), OPENED_WITHIN_MS);

  test.each([1, 2, 3])('let exactly five of ten concurrent asks pass, burst %i', async () => {
    if (opened === undefined) throw new Error('the runtime was not opened');
    const replies = await burstWithin(opened);
    const statuses = replies.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429, 429, 429, 429]);
  });

  test('count what all of them did at /metrics, for Prometheus', async () => {
    if (opened === undefined) throw new Error('the runtime was not opened');
    const { url } = opened.target;
    const page = async (): Promise<string> => (await fetch(`${url}/metrics`)).text();
    // A process prints its numbers a second late at most.
    const limited = await until('fifteen refusals', 10_000, async () => {
      const [, count] = /^atp_rate_limited_total\{service="atp-router"\} (\d+)$/m.exec(await page()) ?? [];
      return Number(count) >= 15 ? Number(count) : undefined;
    });
    expect(limited).toBe(15);
    expect(await page()).toMatch(/^atp_latency_seconds_count\{service="atp-router"\} \d+$/m);
    const refused = await fetch(`${url}/metrics`, { method: 'POST' });
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET']);
  });
});
