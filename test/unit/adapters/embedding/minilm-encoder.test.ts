import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openInstalledEncoder } from '../../../../shared/adapters/embedding/install-dir.ts';
import { HIDDEN_SIZE, MiniLmEncoder } from '../../../../shared/adapters/embedding/minilm-encoder.ts';
import { PROJECTION } from '../../../../shared/adapters/embedding/projection.ts';
import { DIRECTION_SIZE, KIND_SIZE } from '../../../../shared/ports/prompt-encoder.ts';

/** A layer whose first number at each token is the token, and all others 0. */
const first = async (tokens: readonly number[]): Promise<Float32Array> => {
  const hidden = new Float32Array(tokens.length * HIDDEN_SIZE);
  for (const [at, token] of tokens.entries()) hidden[at * HIDDEN_SIZE] = token;
  return hidden;
};
const zeros = new Float64Array(HIDDEN_SIZE);
/** Keeps half of the first number; kind k is the k-th number. */
const identity = {
  ...{ version: 7, mean: zeros, middle: zeros, sharpness: 3 },
  directions: Float64Array.from({ length: DIRECTION_SIZE * HIDDEN_SIZE }, (_, at) => (at === 0 ? 0.5 : 0)),
  kinds: Float64Array.from({ length: KIND_SIZE * HIDDEN_SIZE }, (_, at) =>
    at % (HIDDEN_SIZE + 1) === 0 ? 1 : 0,
  ),
};

describe('the projection', () => {
  it('has directions at right angles, all of one length', () => {
    const row = (at: number): Float64Array =>
      PROJECTION.directions.subarray(at * HIDDEN_SIZE, (at + 1) * HIDDEN_SIZE);
    const dot = (one: Float64Array, other: Float64Array): number =>
      one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);

    expect([PROJECTION.mean.length, PROJECTION.directions.length]).toEqual([
      HIDDEN_SIZE,
      DIRECTION_SIZE * HIDDEN_SIZE,
    ]);
    for (let one = 0; one < DIRECTION_SIZE; one += 1) {
      for (let other = 0; other < DIRECTION_SIZE; other += 1) {
        expect(dot(row(one), row(other))).toBeCloseTo(one === other ? 0.64 : 0, 2);
      }
    }
  });

  it('has a unit vector for each kind of task', () => {
    expect(PROJECTION.kinds).toHaveLength(KIND_SIZE * HIDDEN_SIZE);
    expect(PROJECTION.middle).toHaveLength(HIDDEN_SIZE);
    for (let kind = 0; kind < KIND_SIZE; kind += 1) {
      const own = PROJECTION.kinds.subarray(kind * HIDDEN_SIZE, (kind + 1) * HIDDEN_SIZE);
      expect(Math.hypot(...own)).toBeCloseTo(1, 2);
    }
  });
});

describe('the encoder', () => {
  it('takes the mean over the tokens as a unit vector, and tells its kind and place', async () => {
    const encoder = new MiniLmEncoder(() => [3, 4], first, identity);
    const all = KIND_SIZE - 1 + Math.exp(3);

    const numbers = await encoder.encode('x');

    expect([...(await encoder.embed('x')).subarray(0, 2)]).toEqual([1, 0]);
    expect(numbers[0]).toBeCloseTo(Math.exp(3) / all - 1 / KIND_SIZE, 12);
    expect(numbers[1]).toBeCloseTo(1 / all - 1 / KIND_SIZE, 12);
    expect(numbers.slice(KIND_SIZE, KIND_SIZE + 2)).toEqual([0.5, 0]);
    expect(encoder.version).toBe('all-minilm-l6-v2-int8/7');
  });

  it('gives the model 256 tokens at most, the last of them its mark of the end', async () => {
    const seen: (readonly number[])[] = [];
    const run = (tokens: readonly number[]): Promise<Float32Array> => {
      seen.push(tokens);
      return first(tokens);
    };
    const long = new MiniLmEncoder(() => new Array<number>(300).fill(5), run, identity);
    await long.encode('x');

    expect(seen[0]).toHaveLength(256);
    expect(seen[0]?.slice(-2)).toEqual([5, 102]);
  });

  it('shows the tokenizer a bounded text', async () => {
    let units = 0;
    const tokenize = (text: string): number[] => {
      units = text.length;
      return [1];
    };
    await new MiniLmEncoder(tokenize, first, identity).encode('x'.repeat(1_000_000));

    expect(units).toBe(4_096);
  });

  it('says no kind of what lies in the middle of them all', async () => {
    const middle = Float64Array.from({ length: HIDDEN_SIZE }, (_, at) => (at === 0 ? 1 : 0));
    const encoder = new MiniLmEncoder(() => [3], first, { ...identity, middle });

    const kinds = (await encoder.encode('x')).slice(0, KIND_SIZE);

    expect(kinds.every((kind) => Math.abs(kind) < 1e-12)).toBe(true);
  });

  it.each([
    ['nothing', async () => new Float32Array(HIDDEN_SIZE)],
    ['no numbers', async () => new Float32Array(HIDDEN_SIZE).fill(Number.NaN)],
    ['too few numbers', async () => new Float32Array(3).fill(1)],
  ])('rejects where the model says %s', async (_, run) => {
    await expect(new MiniLmEncoder(() => [1], run, identity).encode('x')).rejects.toThrow(RangeError);
  });
});

describe('an installation', () => {
  const directory = mkdtempSync(join(tmpdir(), 'atp-encoder-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  const write = (path: string, text: string): void => {
    mkdirSync(join(directory, path, '..'), { recursive: true });
    writeFileSync(join(directory, path), text);
  };

  it('is opened from its directory: runtime, tokenizer and model', async () => {
    write('package.json', '{}');
    for (const name of ['model.onnx', 'tokenizer.json', 'tokenizer_config.json'])
      write(`model/${name}`, '{}');
    write(
      'node_modules/onnxruntime-node/index.js',
      `exports.Tensor = class { constructor(type, data, dims) { Object.assign(this, { type, data, dims }); } };
       const run = async ({ input_ids: { data, dims }, attention_mask }) => {
         if (dims[1] !== data.length || attention_mask.data[0] !== 1n) throw new Error('not as BERT wants it');
         const out = new Float32Array(data.length * 384);
         data.forEach((id, at) => { out[at * 384] = Number(id); });
         return data[0] === 9n ? {} : { last_hidden_state: { data: out } };
       };
       exports.InferenceSession = { create: async () => ({ run }) };`,
    );
    write(
      'node_modules/@huggingface/tokenizers/index.js',
      'exports.Tokenizer = class { encode(text) { return { ids: [Number(text), 2] }; } };',
    );
    const encoder = await openInstalledEncoder(directory, identity);

    expect((await encoder?.encode('1'))?.slice(KIND_SIZE, KIND_SIZE + 2)).toEqual([0.5, 0]);
    await expect(encoder?.encode('9')).rejects.toThrow('last_hidden_state');
  });
});
