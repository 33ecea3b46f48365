import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alone } from '../../../console/src/charts/plot-options.ts';
import { ALL, afterKey, type Look, spanOf } from '../../../console/src/charts/span.ts';

const at = Array.from({ length: 60 }, (_, index) => 1_000 + index * 10);
const [first, end] = [1_000, 1_590];

const press = (...keys: string[]): Look => keys.reduce((look, key) => afterKey(at, look, key) ?? look, ALL);

describe('what is looked at in a plot', () => {
  test('moves along the points by arrows, pages, Home and End, and stays on them', () => {
    expect(press('ArrowLeft').index).toBe(59);
    expect(press('ArrowLeft', 'ArrowLeft').index).toBe(58);
    expect(press('Home', 'ArrowLeft').index).toBe(0);
    expect(press('End', 'PageDown', 'ArrowRight').index).toBe(50);
  });

  test('grows by plus around the point that is pointed at, shrinks by minus, and Escape shows all', () => {
    const near = press('Home', 'PageUp', '+');
    expect(near).toEqual({ index: 10, span: { from: 1_050, to: 1_345 } });
    expect(afterKey(at, near, '-')?.span).toBeNull();
    expect(afterKey(at, near, 'Escape')).toEqual(ALL);
    // It is somebody else's then: a dialog's, or the browser's.
    expect(afterKey(at, ALL, 'Escape')).toBeUndefined();
    expect(afterKey(at, ALL, 'a')).toBeUndefined();
  });

  test('is brought along by a point beyond it', () => {
    const near = press('Home', '+', '+', 'End');
    expect(near.span).toEqual({ from: end - 147.5, to: end });
  });

  test('always lies in the data, with points in it, whatever is pressed or dragged', () => {
    const key = fc.constantFrom('ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', 'Home', 'End', '+', '-');
    fc.assert(
      fc.property(fc.array(key, { maxLength: 40 }), (keys) => {
        const { span, index } = press(...keys);
        if (span === null) return;
        expect(span.from).toBeGreaterThanOrEqual(first - 1e-6);
        expect(span.to).toBeLessThanOrEqual(end + 1e-6);
        expect(at.filter((time) => time >= span.from && time <= span.to).length).toBeGreaterThanOrEqual(4);
        if (index === null) return;
        expect(at[index]).toBeGreaterThanOrEqual(span.from - 1e-6);
        expect(at[index]).toBeLessThanOrEqual(span.to + 1e-6);
      }),
    );
    expect(spanOf(at, { from: 0, to: 900 })).toBeNull();
    expect(spanOf(at, { from: 0, to: 9_000 })).toBeNull();
    expect(spanOf(at.slice(0, 4), { from: 1_000, to: 1_010 })).toBeNull();
    expect(spanOf(at, { from: 1_580, to: 1_600 })).toEqual({ from: 1_550, to: end });
  });
});

describe('a point without neighbours', () => {
  test('has a dot, since no line reaches it', () => {
    expect(alone([null, 1, null, 2, 3, null, 4])).toEqual([1, 6]);
    expect(alone([])).toEqual([]);
  });
});
