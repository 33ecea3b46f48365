/**
 * A policy whose features are the sentence encoder's, on the local runtime. The model is no part of the repository: its run
 * is left out where `npm run setup:encoder` did not put it, and says so by its name.
 */

import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isInstalled } from '../../../shared/adapters/embedding/is-installed.ts';
import { policyReply } from '../../../shared/model/policy-replies.ts';
import { askReply, planReply } from '../../../shared/model/replies.ts';
import { expectReply } from '../../support/flow/client.ts';
import { type LocalTarget, openLocalTarget } from '../../support/flow/local-target.ts';
import { until } from '../../support/flow/poll.ts';
import { Setting } from '../../support/flow/setting.ts';

const OPENED_WITHIN_MS = 300_000;
/** A change of policies holds everywhere within this. */
const HOLDS_WITHIN_MS = 5_000;
const DIRECTORY = process.env.ATP_ENCODER_DIR ?? resolve(import.meta.dirname, '../../../.cache/encoder');
const NOWHERE = join(import.meta.dirname, 'nowhere');

const CASES: [string, string, boolean][] = [
  ['without an encoder', NOWHERE, false],
  ...(isInstalled(DIRECTORY)
    ? [['with the encoder', DIRECTORY, true] satisfies [string, string, boolean]]
    : []),
];

describe.each(CASES)('embedded features %s', (_, directory, hasEncoder) => {
  let target: LocalTarget | undefined;
  let setting: Setting | undefined;

  beforeAll(async () => {
    target = await openLocalTarget(['--empty'], { ATP_ENCODER_DIR: directory });
    setting = new Setting(target);
  }, OPENED_WITHIN_MS);

  afterAll(() => target?.stop(), OPENED_WITHIN_MS);

  test('decide and are logged', async () => {
    if (target === undefined || setting === undefined) throw new Error('the runtime was not opened');
    const { admin } = setting;
    await setting.useModels([{ id: 'm', cost_per_1k: 0.001, simulated: { latency_ms: 1, jitter: 0 } }]);
    const body = { strategy: 'linucb', features: 'embedded' };
    const policy = expectReply(await admin.send('PUT', '/admin/policies/default', { body }), policyReply);
    expect(policy.encoder).toBe(hasEncoder ? undefined : 'not_installed');
    await sleep(HOLDS_WITHIN_MS);
    const { client } = await setting.tenant();
    const facts = async (): Promise<string | undefined> => {
      const { request_id } = expectReply(await client.post('/v1/ask', { prompt: 'Explain' }), askReply);
      const stored = await target?.readEverythingStored();
      const line = stored
        ?.split('\n')
        .find((one) => one.includes('"selector_ms"') && one.includes(request_id));
      return line?.match(/"features_fallback":"(\w+)"/)?.[1] ?? (line === undefined ? 'no line' : 'none');
    };

    // The first ask opens the encoder, and does not wait for it longer than any other.
    const wanted = hasEncoder ? 'none' : 'not_installed';
    await until(`the log says ${wanted}`, 20_000, async () =>
      (await facts()) === wanted ? true : undefined,
    );

    expectReply(await client.post('/v1/plan', { prompt: 'Explain' }), planReply);
  });
});
