/** Whoever finds personal data is scored by these. */
import { describe, expect, it } from 'vitest';
import { readLabelled } from '../../../bench/pii/data.ts';
import { exact, overlapping, recallByRegion, scoreOf, shareOf } from '../../../bench/pii/score.ts';
import type { PiiSpan, PiiType } from '../../../shared/model/pii.ts';

const span = (start: number, end: number, type: PiiType): PiiSpan => ({ start, end, type });
const labelled = (spans: PiiSpan[], regions: string[] = []) => ({ id: 'x', text: '', spans, regions });

const TEXTS = [
  labelled([span(0, 8, 'PERSON'), span(10, 20, 'EMAIL')], ['Asia']),
  labelled([span(0, 4, 'PERSON')], ['Africa']),
];
const FOUND = [
  [span(0, 8, 'PERSON'), span(10, 20, 'EMAIL')],
  [span(0, 3, 'PERSON'), span(9, 12, 'PERSON')],
];

describe('the score of findings', () => {
  it('counts exact spans by type, all together, and in the mean of the types', () => {
    const { byType, micro, macroF1 } = scoreOf(TEXTS, FOUND, exact);

    expect(byType.PERSON).toMatchObject({ hits: 1, found: 3, expected: 2, recall: 0.5, f1: 0.4 });
    expect(byType.EMAIL).toMatchObject({ precision: 1, recall: 1, f1: 1 });
    expect([micro.hits, micro.found, micro.expected, macroF1]).toEqual([2, 4, 3, 0.7]);
    expect(Object.keys(byType)).toEqual(['PERSON', 'EMAIL']);
  });

  it('counts what overlaps as found, each label once', () => {
    const twice = [[span(0, 3, 'PERSON'), span(4, 8, 'PERSON')]];

    expect(scoreOf(TEXTS, FOUND, overlapping).byType.PERSON).toMatchObject({ hits: 2, found: 3 });
    expect(scoreOf(TEXTS.slice(0, 1), twice, overlapping, ['PERSON']).micro).toMatchObject({ hits: 1 });
  });

  it('does not take another type for a hit', () => {
    expect(scoreOf(TEXTS.slice(0, 1), [[span(0, 8, 'ADDRESS')]], exact).micro.hits).toBe(0);
  });

  it('tells where names were found by where they are from', () => {
    expect(recallByRegion(TEXTS, FOUND)).toEqual({
      Africa: { recall: 0, expected: 1 },
      Asia: { recall: 1, expected: 1 },
    });
  });
});

describe('a share of texts', () => {
  it.each([
    [0, 395, 0, 0.0096],
    [11, 583, 0.0106, 0.0335],
    [10, 10, 0.7225, 1],
  ])('of %i in %i has an interval', (count, of, low, high) => {
    const share = shareOf(count, of);

    expect(share.low).toBeCloseTo(low, 4);
    expect(share.high).toBeCloseTo(high, 4);
  });
});

describe('the held-out set', () => {
  const texts = readLabelled(new URL('../../../pii-model/heldout.jsonl', import.meta.url).pathname);

  it('has its offsets in code units, and half of it is clean', () => {
    const spans = texts.flatMap((text) => text.spans.map((each) => ({ ...each, text: text.text })));
    const broken = spans.filter(
      ({ text, start, end }) => text.slice(start, end).trim() !== text.slice(start, end),
    );

    expect(broken).toEqual([]);
    expect(texts.filter((text) => text.spans.length === 0)).toHaveLength(200);
  });
});
