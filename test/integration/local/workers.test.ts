/** Gateway processes that share a port share the limits too. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { burstWithin } from '../../support/flow/first-flow.ts';
import { openLocalTarget } from '../../support/flow/local-target.ts';
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
});
