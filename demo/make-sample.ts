/**
 * Makes demo/data/llmrouter-sample.jsonl again: `node demo/make-sample.ts DIR`, where DIR holds
 * llmrouter-9models-train.jsonl.gz. A fixed random draw of short prompts, without their set's "task", which follows the
 * outcomes.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { permutation } from '../bench/routing/shuffle.ts';
import { Sfc32 } from '../shared/services/selection/random.ts';

const ROWS = 300;
const LONGEST = 600;
const SEED = 20_260_101;
/** Not what one wants to show to everybody. */
const LEFT_OUT = new Set(['llmrouter-train-4026', 'llmrouter-train-448']);

interface Row {
  readonly id: string;
  readonly task: string;
  readonly prompt: string;
}

const rows = gunzipSync(readFileSync(join(process.argv[2] ?? '.', 'llmrouter-9models-train.jsonl.gz')))
  .toString('utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Row)
  .filter(({ id, prompt }) => prompt.length <= LONGEST && !LEFT_OUT.has(id));
const lines = permutation(rows.length, new Sfc32(SEED))
  .slice(0, ROWS)
  .map((at) => JSON.stringify({ ...rows[at], task: '' }));
writeFileSync(join(import.meta.dirname, 'data', 'llmrouter-sample.jsonl'), `${lines.join('\n')}\n`);
