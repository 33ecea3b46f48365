import { describe, expect, it } from 'vitest';
import { patternDetector } from '../../../shared/adapters/pii/pattern-detector.ts';

const SMALL = 32 * 1024;
const FACTOR = 8;
/** Linear work takes FACTOR times as long, quadratic FACTOR squared; the bound lies between, with room for a busy machine. */
const MOST = FACTOR * 5;

const detector = patternDetector();

/** The best of a few runs, milliseconds of this thread's CPU: whoever else is busy does not count. At least what can be told. */
const timeOf = (text: string): number => {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 6; run++) {
    const before = process.threadCpuUsage();
    detector.detect(text);
    const { user, system } = process.threadCpuUsage(before);
    best = Math.min(best, (user + system) / 1_000);
  }
  return Math.max(best, 1);
};

const repeated = (unit: string, length: number): string => unit.repeat(Math.ceil(length / unit.length));

describe('detection takes time in proportion to the text', () => {
  it.each([
    '1',
    '1 ',
    '1-',
    '1.',
    '1:',
    '4111 ',
    '4111-',
    '0 1 2 3 ',
    '@',
    'a@',
    'a@a',
    'aaaa@bbb.',
    'a.b-c%40',
    'x@x.x.x.x.x.x.x.x.x.',
    '+1(',
    '(4',
    '0123-',
    '415-555-',
    'GB82 ',
    'GB82W',
    '::',
    'f:',
    '1.1.1.1.',
    '卡1',
    '\u00a01',
    ' ssn',
    '123-45-6789',
    'joe@example.com,',
    'a dot ',
    'a at b dot ',
    'a-b.c dot b',
  ])('of %j', (unit) => {
    const small = `1${repeated(unit, SMALL)}`;
    const large = `1${repeated(unit, SMALL * FACTOR)}`;
    detector.detect(small);

    const ratio = timeOf(large) / timeOf(small);

    expect(ratio).toBeLessThan(MOST);
  });

  it('of megabytes of digits in a row', () => {
    expect(detector.detect('7'.repeat(8 * 1024 * 1024))).toEqual([]);
  });
});
