/** CompatCanary's scan of the OpenAI routes: models, chat, streams, forced tools, strict JSON, responses and their stream. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalTarget, openLocalTarget } from '../../support/flow/local-target.ts';

const SCANNER = join(import.meta.dirname, '../../../node_modules/compatcanary/src/cli.js');

interface Report {
  score: number;
  compatible: boolean;
  results: { status: string }[];
}

describe('the OpenAI routes', () => {
  let target: LocalTarget;

  beforeAll(async () => {
    target = await openLocalTarget([]);
  });

  afterAll(() => target.stop());

  test('have nothing that CompatCanary’s modern profile finds wrong', async () => {
    const models = await fetch(`${target.url}/v1/models`, {
      headers: { authorization: `Bearer ${target.tenantKey}` },
    });
    // One that is listed, which `auto` is not.
    const [model] = ((await models.json()) as { data: { id: string }[] }).data;
    const args = [SCANNER, 'scan', '--base-url', `${target.url}/v1`, '--model', model?.id ?? ''];
    const env = { PATH: process.env.PATH ?? '', OPENAI_API_KEY: target.tenantKey };
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...args, '--profile', 'modern', '--format', 'json', '--fail-on', 'never'],
      { env },
    );
    const { results, score, compatible } = JSON.parse(stdout) as Report;

    expect(results.filter(({ status }) => status !== 'pass')).toEqual([]);
    expect(results.length).toBeGreaterThanOrEqual(7);
    expect([compatible, score]).toEqual([true, 100]);
  });
});
