/**
 * Makes shared/adapters/embedding/projection.json: principal directions (orthogonal iteration) of the encoder's
 * embeddings of single words of its own vocabulary, and the kinds of tasks that kinds.json gives examples of. `node scripts/encoder/make-projection.mjs`, after
 * `npm run setup:encoder`; a few minutes. It is kept in the repository, since directions of nearly the same weight may
 * come out turned on another machine, and what was learnt would be lost.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openInstalledEncoder } from '../../shared/adapters/embedding/install-dir.ts';
import { HIDDEN_SIZE } from '../../shared/adapters/embedding/minilm-encoder.ts';
import { DIRECTION_SIZE } from '../../shared/ports/prompt-encoder.ts';
import { kindsOf } from './kinds.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const target = process.env.ATP_ENCODER_DIR ?? join(root, '.cache', 'encoder');
/** Every eighth whole word; pieces of words mean nothing alone. */
const EVERY = 8;
const ITERATIONS = 200;
/** Unit vectors spread little over few directions; this is what fits the other features, judged on RouteLLM's outcomes. */
const SCALE = 0.8;
const VERSION = 2;
const LARGEST = 127;

/** Only whole vectors are asked for here. */
const NONE = { version: 0 };

const encoder = await openInstalledEncoder(target, NONE);
if (encoder === undefined) throw new Error('run `npm run setup:encoder` first');
const { model } = JSON.parse(readFileSync(join(target, 'model', 'tokenizer.json'), 'utf8'));
const words = Object.keys(model.vocab).filter((word) => /^\p{L}{2,}$/u.test(word));
const vectors = [];
for (let at = 0; at < words.length; at += EVERY) vectors.push(await encoder.embed(words[at]));

const mean = new Float64Array(HIDDEN_SIZE);
for (const vector of vectors) addScaled(mean, vector, 1 / vectors.length);
const covariance = Array.from(mean, () => new Float64Array(HIDDEN_SIZE));
for (const vector of vectors) {
  const centred = vector.map((value, at) => value - mean[at]);
  for (const [at, row] of covariance.entries()) addScaled(row, centred, centred[at] / vectors.length);
}

function addScaled(target, vector, scale) {
  for (let at = 0; at < target.length; at += 1) target[at] += scale * vector[at];
}

const dot = (one, other) => one.reduce((sum, value, at) => sum + value * other[at], 0);
const orthonormal = (rows) => {
  const done = [];
  for (const row of rows) {
    const rest = Float64Array.from(row);
    for (const other of done) addScaled(rest, other, -dot(rest, other));
    const norm = Math.sqrt(dot(rest, rest));
    done.push(rest.map((value) => value / norm));
  }
  return done;
};
let directions = orthonormal(
  Array.from({ length: DIRECTION_SIZE }, (_, row) =>
    Float64Array.from({ length: HIDDEN_SIZE }, (_, at) => (at % DIRECTION_SIZE === row ? 1 : 0)),
  ),
);
for (let turn = 0; turn < ITERATIONS; turn += 1) {
  directions = orthonormal(directions.map((direction) => covariance.map((row) => dot(row, direction))));
}

const packed = (values) => {
  const step = Math.max(...values.map(Math.abs)) / LARGEST;
  const bytes = Int8Array.from(values, (value) => Math.round(value / step));
  return { step, base64: Buffer.from(bytes.buffer).toString('base64') };
};
const examples = Object.values(JSON.parse(readFileSync(new URL('kinds.json', import.meta.url), 'utf8')));
const vectorsOf = (texts) => Promise.all(texts.map((text) => encoder.embed(text)));
const { middle, kinds, sharpness } = kindsOf(await Promise.all(examples.map(vectorsOf)));
const data = {
  version: VERSION,
  mean: packed([...mean]),
  directions: packed(directions.flatMap((direction) => [...direction].map((value) => SCALE * value))),
  middle: packed([...middle]),
  kinds: packed(kinds.flatMap((kind) => [...kind])),
  sharpness,
};
writeFileSync(join(root, 'shared/adapters/embedding/projection.json'), `${JSON.stringify(data, null, 2)}\n`);
process.stderr.write(`${vectors.length} words, sharpness ${sharpness}\n`);
