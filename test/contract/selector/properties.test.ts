/** What holds for every answer of the selector, whatever it is asked. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SelectChosen, SelectRequest } from '../../../shared/model/selection.ts';
import { decodeArmState } from '../../../shared/model/selection.ts';
import { selectBatch } from '../../../shared/services/selection/select-batch.ts';

const unit = fc.double({ min: 0, max: 1, noNaN: true });
const amount = fc.double({ min: 0, max: 1e6, noNaN: true });
const candidate = fc.record({
  id: fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,12}$/),
  prior_quality: unit,
  cost_usd: amount,
  latency_ms: amount,
  availability: unit,
});
const request = fc.record({
  id: fc.constant('r'),
  policy: fc.constant('p'),
  strategy: fc.constantFrom('thompson', 'ucb1'),
  seed: fc.maxSafeNat(),
  params: fc.record({ prior_strength: fc.double({ min: 1, max: 1e6, noNaN: true }) }),
  weights: fc.record({
    quality: amount,
    cost: amount,
    latency: amount,
    cost_scale_usd: fc.double({ min: 1e-9, max: 10, noNaN: true }),
    latency_scale_ms: fc.double({ min: 1e-9, max: 1e4, noNaN: true }),
  }),
  candidates: fc.uniqueArray(candidate, { minLength: 1, maxLength: 12, selector: (one) => one.id }),
});

function choose(asked: SelectRequest): SelectChosen {
  const reply = selectBatch({ contract: 1, requests: [asked] }, new Map());
  const result = 'results' in reply ? reply.results[0] : undefined;
  if (result === undefined || !('ranking' in result)) throw new Error(`refused: ${JSON.stringify(reply)}`);
  return result;
}

describe('every ranking', () => {
  test('holds each candidate once, best first, with propensities that are a distribution', () => {
    fc.assert(
      fc.property(request, (asked) => {
        const { ranking } = choose(asked);
        expect(ranking.map((one) => one.id).toSorted()).toEqual(
          asked.candidates.map((one) => one.id).toSorted(),
        );
        const scores = ranking.map((one) => one.score);
        expect(scores).toEqual(scores.toSorted((one, other) => other - one));
        expect(scores.every(Number.isFinite)).toBe(true);
        expect(ranking.reduce((sum, one) => sum + one.propensity, 0)).toBe(1);
        expect(ranking[0]?.propensity).toBeGreaterThan(0);
        expect(ranking.every((one) => one.quality > 0 && one.quality < 1 && one.uncertainty > 0)).toBe(true);
      }),
    );
  });

  test('does not depend on the order of the candidates', () => {
    fc.assert(
      fc.property(request, (asked) => {
        expect(choose({ ...asked, candidates: asked.candidates.toReversed() })).toEqual(choose(asked));
      }),
    );
  });

  test('puts a candidate no higher when it becomes less available', () => {
    const place = (asked: SelectRequest, id: string) =>
      choose(asked).ranking.findIndex((one) => one.id === id);
    fc.assert(
      fc.property(request, (asked) => {
        const [first, ...others] = asked.candidates;
        if (first === undefined) throw new Error('no candidate');
        const away = { ...asked, candidates: [{ ...first, availability: 0 }, ...others] };
        expect(place(away, first.id)).toBeGreaterThanOrEqual(place(asked, first.id));
      }),
    );
  });
});

test('propensities are the shares in which seeds choose', () => {
  const asked = {
    id: 'r',
    policy: 'p',
    strategy: 'thompson',
    weights: { quality: 1, cost: 0, latency: 0, cost_scale_usd: 1, latency_scale_ms: 1 },
    candidates: [0.6, 0.55, 0.3].map((quality, index) => ({
      id: `m${index}`,
      prior_quality: quality,
      cost_usd: 0,
      latency_ms: 0,
    })),
  };
  const seeds = Array.from({ length: 2000 }, (_, seed) => choose({ ...asked, seed }).ranking);
  for (const { id } of asked.candidates) {
    const chosen = seeds.filter((ranking) => ranking[0]?.id === id).length / seeds.length;
    const logged = seeds.map((ranking) => ranking.find((one) => one.id === id)?.propensity ?? 0);
    const mean = logged.reduce((sum, one) => sum + one, 0) / seeds.length;
    expect(Math.abs(chosen - mean)).toBeLessThan(0.04);
  }
});

describe('packed state', () => {
  test('any bytes decode to something possible or to nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const state = decodeArmState(bytes);
        if (state !== undefined) expect(state.n).toBeGreaterThanOrEqual(state.sum - 1e-6 * (1 + state.n));
      }),
    );
  });

  test('a newer format is read by its first bytes, a short or unknown one is not', () => {
    const bytes = new Uint8Array(50);
    const view = new DataView(bytes.buffer);
    view.setUint8(0, 2);
    [4, 2.5, 2].forEach((value, index) => {
      view.setFloat64(1 + 8 * index, value, true);
    });
    view.setUint32(25, 9, true);
    expect(decodeArmState(bytes)).toEqual({ n: 4, sum: 2.5, sumSquares: 2, count: 9 });
    expect(decodeArmState(bytes.subarray(0, 32))).toBeUndefined();
    expect(decodeArmState(new Uint8Array(33))).toBeUndefined();
  });
});
