import { describe, expect, it } from 'vitest';
import { type Routed, routeMeasures } from '../../../bench/routing/two-models.ts';

const routed = (wish: number, weak: number, strong: number): Routed => ({ wish, weak, strong });

/** Ten prompts, of which the strong model alone answers the first four; two are answered by none, four by both. */
const PROMPTS = Array.from({ length: 10 }, (_, at) => ({
  weak: at < 6 ? 0 : 1,
  strong: at < 4 || at >= 6 ? 1 : 0,
}));
const wishing = (wish: (at: number) => number): Routed[] =>
  PROMPTS.map(({ weak, strong }, at) => routed(wish(at), weak, strong));

describe('route measures', () => {
  it('of a router that knows are those of straight lines to the gap and along the top', () => {
    const { pgr50, apgr, cpt50, cpt80 } = routeMeasures(wishing((at) => -at));

    expect(pgr50).toBeCloseTo(1, 12);
    // A triangle up to 40 % of the calls, and everything after.
    expect(apgr).toBeCloseTo(0.4 / 2 + 0.6, 12);
    expect(cpt50).toBeCloseTo(0.2, 12);
    expect(cpt80).toBeCloseTo(0.32, 12);
  });

  it('of a router that knows the opposite are as bad as they can be', () => {
    const { pgr50, apgr, cpt50 } = routeMeasures(wishing((at) => at));

    expect(pgr50).toBeCloseTo(0, 12);
    expect(apgr).toBeCloseTo(0.2, 12);
    expect(cpt50).toBeCloseTo(0.8, 12);
  });

  it('of a router that cannot tell prompts apart are those of chance', () => {
    const { pgr50, apgr, cpt50, cpt80 } = routeMeasures(wishing(() => 0));

    expect([pgr50, apgr, cpt50, cpt80]).toEqual([0.5, 0.5, 0.5, 0.8]);
  });

  it('count a prompt that only the weak model answers against the router that sends it up', () => {
    const { curve } = routeMeasures([routed(2, 1, 0), routed(1, 0, 1), routed(0, 0, 1)]);

    expect(curve.map(([, pgr]) => pgr)).toEqual([0, -1, 0, 1]);
  });

  it('do not exist where the strong model is no better', () => {
    expect(() => routeMeasures([routed(0, 1, 1)])).toThrow(RangeError);
  });
});
