import { describe, expect, it } from 'vitest';
import { memoryFigures } from '../../../../scripts/load/memory.ts';
import { optionsOf } from '../../../../scripts/load/options.ts';
import { phaseClaims, reportText } from '../../../../scripts/load/report.ts';
import { Ledger, PhaseTally } from '../../../../scripts/load/tally.ts';

const thresholds = optionsOf([])?.thresholds;

const seen = (ms: number, failed = 0, shape = 'steady') => {
  const tally = new PhaseTally();
  for (let count = 0; count < 1_000 - failed; count += 1) tally.answer(ms);
  for (let count = 0; count < failed; count += 1) tally.fail('503');
  return { ...tally.figures(shape, 10, 1_000), memory: undefined, faults: [] };
};

const broken = (...args: Parameters<typeof seen>): string[] => {
  if (thresholds === undefined) throw new Error('no thresholds');
  return phaseClaims(seen(...args), thresholds).flatMap(({ claim, holds }) => (holds ? [] : [claim]));
};

describe('a phase holds what it must', () => {
  it('when it is quick and whole', () => {
    expect(broken(50)).toEqual([]);
  });

  it('unless it is slow', () => {
    expect(broken(700)).toEqual(['steady: p50 within 100 ms', 'steady: p95 within 500 ms']);
  });

  it('unless more than one in a thousand fails', () => {
    expect(broken(5, 1)).toEqual([]);
    expect(broken(5, 2)).toEqual(['steady: no more than 0.100 % fail']);
  });

  it('unless it falls behind', () => {
    expect(broken(5, 30)).toContain('steady: as many are dealt with as are asked');
  });

  it('by other measures while things are broken on purpose', () => {
    expect(broken(5_000, 249, 'chaos')).toEqual([]);
    expect(broken(5, 251, 'chaos')).toEqual(['chaos: no more than 25.000 % fail']);
  });
});

describe('memory is flat', () => {
  const samples = (late: number): number[] =>
    Array.from({ length: 100 }, (_, index) => (index < 75 ? 100 : late) * 2 ** 20);

  it('where the last quarter needs little more than the second', () => {
    expect(memoryFigures(samples(119), 0.2)).toEqual({ early_mib: 100, late_mib: 119, flat: true });
    expect(memoryFigures(samples(121), 0.2)?.flat).toBe(false);
  });

  it('or nothing is said of it: too few samples, or a process that was not there', () => {
    expect(memoryFigures(samples(100).slice(-40), 0.2)).toBeUndefined();
    expect(memoryFigures([...samples(100), 0], 0.2)).toBeUndefined();
  });
});

describe('what was seen', () => {
  it('is told in lines, with why asks failed', () => {
    const claims = [{ claim: 'it is whole', holds: false, seen: '1 of 2' }];
    const text = reportText({ rate: 1, workers: 1, phases: [seen(5, 2)], claims });

    expect(text).toContain('998 answered, 0 refused, 2 failed');
    expect(text).toContain('failed: {"503":2}');
    expect(text).toContain('BROKEN it is whole (1 of 2)');
  });

  it('has each answer once', () => {
    const ledger = new Ledger();

    expect([ledger.answer('a', 'one'), ledger.answer('a', 'one'), ledger.answer('b', 'one')]).toEqual([
      true,
      false,
      true,
    ]);
  });
});
