/**
 * What every encoder keeps to. The real model is 23 MB and no part of the repository: its run is left out where
 * `npm run setup:encoder` did not put it, and says so by its name.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import KINDS from '../../../scripts/encoder/kinds.json' with { type: 'json' };
import { openEncoderThread } from '../../../shared/adapters/embedding/encoder-thread.ts';
import { openInstalledEncoder } from '../../../shared/adapters/embedding/install-dir.ts';
import { PROJECTION } from '../../../shared/adapters/embedding/projection.ts';
import { MemoryPromptEncoder } from '../../../shared/adapters/memory/prompt-encoder.ts';
import { EMBEDDING_SIZE, KIND_SIZE, type PromptEncoder } from '../../../shared/ports/prompt-encoder.ts';

const DIRECTORY = process.env.ATP_ENCODER_DIR ?? resolve(import.meta.dirname, '../../../.cache/encoder');
const INSTALLED = existsSync(join(DIRECTORY, 'model', 'model.onnx'));

const memory = async (): Promise<PromptEncoder> => new MemoryPromptEncoder();
const there = (encoder: PromptEncoder | undefined): PromptEncoder => {
  if (encoder === undefined) throw new Error('the encoder went away');
  return encoder;
};
const installed = async () => there(await openInstalledEncoder(DIRECTORY, PROJECTION));
const inThread = async () => there(await openEncoderThread(DIRECTORY));
const REAL: [string, () => Promise<PromptEncoder>][] = [
  ['all-MiniLM-L6-v2', installed],
  ['all-MiniLM-L6-v2 in a thread', inThread],
];
const SUBJECTS: [string, () => Promise<PromptEncoder>][] = [
  ['in memory', memory],
  ...(INSTALLED ? REAL : []),
];

const distance = (one: readonly number[], other: readonly number[]): number =>
  Math.hypot(...one.map((value, at) => value - (other[at] ?? 0)));

describe.each(SUBJECTS)('an encoder, %s', (_, open) => {
  it('has a version', async () => {
    expect((await open()).version).toMatch(/^[a-z0-9/-]+$/);
  });

  it.each([
    ['a question', 'Which planet is the largest?'],
    ['nothing', ''],
    ['blanks', ' \n\t '],
    ['what is no text', '\u0000\ud800\udfff\u{1f9ea}'],
    ['another script', 'どの惑星が一番大きいですか'],
    ['1 MiB', 'word '.repeat(209_715)],
  ])('makes so many numbers within [-1, 1] of %s, each time the same', async (__, text) => {
    const encoder = await open();
    const numbers = await encoder.encode(text);

    expect(numbers).toHaveLength(EMBEDDING_SIZE);
    expect(numbers.every((value) => value >= -1 && value <= 1)).toBe(true);
    expect(await encoder.encode(text)).toEqual(numbers);
  });

  it('sets texts alike in meaning closer together', async () => {
    const encoder = await open();
    const question = await encoder.encode('The largest planet of the solar system');
    const likeIt = await encoder.encode('The smallest planet of the solar system');
    const other = await encoder.encode('Write a Python function that reverses a linked list');

    expect(distance(question, likeIt)).toBeLessThan(distance(question, other));
  });

  it('serves several at a time', async () => {
    const encoder = await open();
    const texts = ['one', 'two words', 'three words here'];
    const apart = [];
    for (const text of texts) apart.push(await encoder.encode(text));

    expect(await Promise.all(texts.map((text) => encoder.encode(text)))).toEqual(apart);
  });
});

describe.each(INSTALLED ? REAL : [])('%s', (_, open) => {
  // None of these is among the examples.
  it.each([
    ['code to write', 'Write a Python function that reverses a linked list.'],
    ['word problem', 'Maria buys 4 pens at $2 each and pays with a $20 bill. How much change does she get?'],
    ['translation', 'How would one say "see you tomorrow" in Italian?'],
    ['creative writing', 'Write a limerick about a cat from Spain.'],
    ['medicine and mind', 'What are the early signs of diabetes?'],
  ])('tells %s by a text that it was never shown', async (kind, text) => {
    const shares = (await (await open()).encode(text)).slice(0, KIND_SIZE);

    expect(Object.keys(KINDS)[shares.indexOf(Math.max(...shares))]).toBe(kind);
  });
});

describe('an encoder that is not installed', () => {
  it('is none', async () => {
    expect(await openInstalledEncoder('/nowhere', PROJECTION)).toBeUndefined();
    expect(await openEncoderThread('/nowhere')).toBeUndefined();
  });

  it('is refused where its files are no model', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'atp-encoder-'));
    mkdirSync(join(directory, 'model'));
    for (const name of ['model.onnx', 'tokenizer.json', 'tokenizer_config.json'])
      writeFileSync(join(directory, 'model', name), '{}');

    await expect(openEncoderThread(directory)).rejects.toThrow();

    rmSync(directory, { recursive: true });
  });
});
