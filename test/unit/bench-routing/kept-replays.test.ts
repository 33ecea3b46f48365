import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KeptReplays } from '../../../bench/routing/kept.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'atp-kept-'));
  writeFileSync(join(home, 'set.jsonl.gz'), 'outcomes');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const open = (about: unknown = {}) => new KeptReplays(join(home, 'kept'), home, about);
const fail = (): never => {
  throw new Error('made again');
};

describe('a replay', () => {
  it('is made once, also by a later run, and comes back as it was', () => {
    const result = { reward: 0.1 + 0.2, curve: [1 / 3] };
    expect(open().get(['a', 1], () => result)).toEqual(result);

    expect(open().get(['a', 1], fail)).toEqual(result);
  });

  it('is made anew for another name, other outcomes or another kind of run', () => {
    open().get(['a', 1], () => 'known');

    expect(open().get(['a', 2], () => 'other name')).toBe('other name');
    expect(open({ quick: true }).get(['a', 1], () => 'quick')).toBe('quick');
    writeFileSync(join(home, 'set.jsonl.gz'), 'other outcomes');
    expect(open().get(['a', 1], () => 'other outcomes')).toBe('other outcomes');
  });

  it('that fails is not kept', () => {
    expect(() => open().get(['a', 1], fail)).toThrow('made again');

    expect(open().get(['a', 1], () => 'at last')).toBe('at last');
  });
});
