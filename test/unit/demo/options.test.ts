import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DemoError } from '../../../demo/demo-error.ts';
import { parseOptions } from '../../../demo/options.ts';
import { dataNearby, likeness, readRecords } from '../../../demo/records.ts';

describe('the command line', () => {
  it('needs nothing', () => {
    expect(parseOptions([])).toMatchObject({ requests: 300, fast: false, json: false, running: undefined });
  });

  it('is asked for help', () => {
    expect(parseOptions(['--help'])).toBeUndefined();
  });

  it('names a router that runs, without a slash at its end', () => {
    expect(parseOptions(['--url', 'http://127.0.0.1:8787/', '--key', 'k'])?.running).toEqual({
      url: 'http://127.0.0.1:8787',
      key: 'k',
    });
  });

  it.each([
    [['--requests', '0'], /--requests must be a whole number/],
    [['--limit', '1.5'], /--limit must be a whole number/],
    [['--url', 'http://127.0.0.1'], /go together/],
    [['--url', 'ftp://x', '--key', 'k'], /http address/],
    [['--sample', '--data', '/x'], /exclude each other/],
    [['--what'], /--what/],
  ])('is refused in a sentence: %j', (args, sentence) => {
    expect(() => parseOptions(args)).toThrow(DemoError);
    expect(() => parseOptions(args)).toThrow(sentence);
  });
});

describe('the records', () => {
  it('are 300 prompts with the outcomes of nine models, each of a known price', () => {
    const { models, prompts } = readRecords(undefined, undefined);

    expect([models.length, prompts.length]).toEqual([9, 300]);
    expect(new Set(models.map((model) => likeness(model).perMtok))).toEqual(new Set([0.1, 0.2, 0.9]));
    expect(prompts.every(({ task }) => task === '')).toBe(true);
  });

  it('have prices in the proportion that was recorded', () => {
    const { models, prompts } = readRecords(undefined, undefined);

    for (const { costs } of prompts) {
      const perMtok = costs.map((cost, model) => cost / likeness(models[model] ?? '').perMtok);
      for (const one of perMtok) expect(one).toBeCloseTo(perMtok[0] ?? 0, 9);
    }
  });

  it('can be fewer, or be missing', () => {
    expect(readRecords(undefined, 5).prompts).toHaveLength(5);
    expect(() => readRecords('/nowhere', undefined)).toThrow(DemoError);
    expect(() => likeness('gpt')).toThrow(DemoError);
  });
});

describe('the records of a directory', () => {
  const home = mkdtempSync(join(tmpdir(), 'atp-demo-'));
  const directory = join(home, 'shared/data/routing');
  const ROWS = 500;

  beforeAll(() => {
    const [line = ''] = readFileSync('demo/data/llmrouter-sample.jsonl', 'utf8').split('\n');
    const rows = Array.from({ length: ROWS }, (_, at) => ({ ...JSON.parse(line), prompt: `What is ${at}?` }));
    mkdirSync(directory, { recursive: true });
    const lines = rows.map((row) => JSON.stringify(row)).join('\n');
    writeFileSync(join(directory, 'llmrouter-9models-train.jsonl.gz'), gzipSync(lines));
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  const texts = (limit?: number, seed?: number) =>
    readRecords(directory, limit, seed).prompts.map(({ text }) => text);

  it('are 300 different prompts, the same for a seed and others for another', () => {
    expect(new Set(texts()).size).toBe(300);
    expect(texts(undefined, 7)).toEqual(texts(undefined, 7));
    expect(texts(undefined, 7)).not.toEqual(texts(undefined, 8));
  });

  it('can be as many as are wished, and no more than there are', () => {
    expect(texts(12)).toHaveLength(12);
    expect(texts(1_000)).toHaveLength(ROWS);
  });

  it('are found beside the project, where they lie there', () => {
    expect(dataNearby(join(home, 'project'))).toBe(directory);
    expect(dataNearby(join(home, 'shared/data'))).toBeUndefined();
  });
});
