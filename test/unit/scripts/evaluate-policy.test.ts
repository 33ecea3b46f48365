import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../../scripts/evaluation/run.ts';
import { toItem } from '../../../shared/adapters/dynamodb/observation-item.ts';
import { DEFAULT_POLICY } from '../../../shared/config/default-policy.ts';
import { anAdapter } from '../../support/fakes/documents.ts';
import { pastLog } from '../../support/fakes/past-log.ts';

const log = pastLog({
  count: 600,
  propensities: { a: 0.5, b: 0.5 },
  quality: (model) => (model === 'b' ? 0.9 : 0.2),
}).map(({ observation }) => observation);
const lines = (documents: readonly unknown[]): string =>
  documents.map((one) => JSON.stringify(one)).join('\n');

let directory: string;
const at = (name: string): string => join(directory, name);
const FILES = ['--policy', 'policy.json', '--adapters', 'adapters.json'];
const inDirectory = (args: readonly string[]): string[] =>
  args.map((arg) => (/^[a-z-]+\.(json|jsonl|gz)$/.test(arg) ? at(arg) : arg));
const evaluate = async (...args: string[]) => run(inDirectory([...FILES, ...args]));

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'atp-evaluate-'));
  const best = { ...DEFAULT_POLICY, id: 'best', version: 1, strategy: 'fixed', params: { model: 'b' } };
  await writeFile(at('policy.json'), JSON.stringify(best));
  await writeFile(at('default.json'), JSON.stringify(DEFAULT_POLICY));
  await writeFile(at('adapters.json'), JSON.stringify([anAdapter('a'), anAdapter('b')]));
  await writeFile(at('log.jsonl'), lines(log));
  const items = log.map((one) => ({ Item: toItem(one, 'day#0') }));
  const alias = { Item: { pk: { S: 'alias#acme' }, sk: { S: 'mine-0001' }, observation_id: { S: 'x' } } };
  await writeFile(at('export.gz'), gzipSync(`${lines([...items, alias])}\n\n`));
});
afterAll(() => rm(directory, { recursive: true }));

describe('npm run evaluate-policy', () => {
  it('tells people what the policy would have earned', async () => {
    const text = await evaluate('--file', 'log.jsonl', '--champion', 'default.json');

    expect(text).toContain('Policy best, version 1');
    expect(text).toContain('600 observations: 300 to learn from, 300 to judge by (0 decided in shadow)');
    expect(text).toMatch(/quality {2,}doubly robust {2,}0\.[89]\d+ {2,}0\.\d+ to [01]\.\d+/);
    expect(text).toContain("the champion's (300 decisions)");
  });

  it("reads DynamoDB's own exports, and leaves out what is no observation", async () => {
    const fromExport = await evaluate('--file', 'export.gz', '--json');

    expect(JSON.parse(fromExport)).toMatchObject({ policy: 'best', read: 600, judged: 300, coverage: 1 });
    expect(fromExport).toBe(await evaluate('--file', 'log.jsonl', '--json'));
  });

  it('looks at the time that it is told', async () => {
    const from = log[300]?.created_at ?? '';
    const to = log[399]?.created_at ?? '';

    const text = await evaluate('--file', 'log.jsonl', '--json', '--from', from, '--to', to);

    expect(JSON.parse(text)).toMatchObject({ read: 100 });
  });

  it('says so where nothing judges', async () => {
    const text = await evaluate('--file', 'log.jsonl', '--to', '2000-01-01');

    expect(text).toContain('not used: none');
    expect(text).toContain('Nothing to judge by.');
  });

  it.each<[string, string[]]>([
    ['--file is needed', []],
    ['no such file', ['--file', 'log.jsonl', '--champion', 'nothing.json']],
    ['adapters.json: / ', ['--file', 'log.jsonl', '--champion', 'adapters.json']],
    ['not JSON', ['--file', 'log.jsonl', '--champion', 'log.jsonl']],
    ['--from is not a time', ['--file', 'log.jsonl', '--from', 'yesterday']],
    ['ENOENT', ['--file', 'nothing.jsonl']],
    ["Unknown option '--what'", ['--what']],
  ])('fails with %s for %j', async (message, args) => {
    await expect(evaluate(...args)).rejects.toThrow(message);
  });

  it.each<[string, string]>([
    ['is not JSON', 'secret words'],
    ['is not an object', '[1]'],
    ['is not an observation', '{"id": 1}'],
  ])('names the line that %s, and does not quote it', async (message, line) => {
    await writeFile(at('bad.jsonl'), `${JSON.stringify(log[0])}\n${line}\n`);

    const failing = evaluate('--file', 'bad.jsonl');

    await expect(failing).rejects.toThrow(`bad.jsonl, line 2 ${message}`);
    await expect(failing).rejects.not.toThrow('secret');
  });

  it('is a command with a help and an exit code', async () => {
    const script = join(import.meta.dirname, '../../../scripts/evaluate-policy.mjs');
    const [helped, bare] = await Promise.allSettled(
      [['--help'], []].map((args) => promisify(execFile)(process.execPath, [script, ...args])),
    );

    expect(helped).toMatchObject({ value: { stdout: expect.stringContaining('--adapters FILE') } });
    expect(bare).toMatchObject({
      reason: { code: 1, stderr: '--policy is needed; --help says more\n' },
    });
  });
});
