import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { YOUNG_GENERATION } from '../../../local/gateway/young-generation.ts';

const module = new URL('../../../local/gateway/young-generation.ts', import.meta.url).href;

/** Megabytes of the young generation once it is full of garbage, in a process and in a thread of it. */
const MEASURE = `
  const v8 = require('node:v8');
  const { Worker, isMainThread, parentPort } = require('node:worker_threads');
  const measure = () => {
    for (let at = 0; at < 3_000_000; at++) globalThis.garbage = { at, text: [at] };
    return v8.getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size / 2 ** 20;
  };
  if (!isMainThread) parentPort.postMessage(measure());
  else import('${module}').then(({ leaveThreadsTheirs }) => {
    leaveThreadsTheirs();
    const own = measure();
    new Worker(SOURCE, { eval: true }).on('message', (thread) => console.log(JSON.stringify({ own, thread })));
  });
`;

describe('the young generation of a gateway process', () => {
  it('is larger than V8 makes it, and that of its threads is not', async () => {
    const script = `const SOURCE = ${JSON.stringify(MEASURE)}; eval(SOURCE)`;
    const { stdout } = await promisify(execFile)(process.execPath, [...YOUNG_GENERATION, '-e', script]);
    const { own, thread } = JSON.parse(stdout) as { own: number; thread: number };
    expect(own).toBeGreaterThanOrEqual(64);
    expect(thread).toBeLessThan(own / 2);
  });
});
