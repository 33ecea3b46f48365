import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { billOf, breakEven } from '../../../../scripts/cost/bill.ts';
import { costOf, PRICES, type Price } from '../../../../scripts/cost/prices.ts';

describe('prices', () => {
  it('charge each unit by the tier that it falls into', () => {
    const million = 1e6;

    expect(costOf(PRICES.gatewayRequests, 333 * million)).toBeCloseTo(1_165.5, 6);
    expect(costOf(PRICES.gatewayRequests, 433 * million)).toBeCloseTo(1_165.5 + 280, 6);
    expect(costOf(PRICES.gatewayRequests, 30_000 * million)).toBeCloseTo(
      1_165.5 + 667 * 2.8 + 19_000 * 2.38 + 10_000 * 1.51,
      6,
    );
  });

  it('never make more cost less, and end in a tier without an end', () => {
    for (const price of Object.values<Price>(PRICES)) {
      expect(price.tiers.at(-1)?.upTo).toBe(Infinity);
      fc.assert(
        fc.property(
          fc.double({ min: 0, max: 1e13, noNaN: true }),
          fc.double({ min: 0, max: 1e13, noNaN: true }),
          (one, more) => {
            expect(costOf(price, one + more)).toBeGreaterThanOrEqual(costOf(price, one) * (1 - 1e-12));
          },
        ),
        { numRuns: 50 },
      );
    }
  });
});

describe('a bill', () => {
  it('adds up by line and by service, and leaves out what is not used', () => {
    const bill = billOf({
      name: 'x',
      runsOn: 'y',
      amounts: { keys: 2, secrets: 5, secretCalls: 20_000, traces: 0 },
    });

    expect(bill.services).toEqual({ KMS: 2, 'Secrets Manager': 2.1 });
    expect(bill.usd).toBeCloseTo(4.1, 9);
    expect(bill.lines.map(({ meter }) => meter)).toEqual(['keys', 'secrets', 'secretCalls']);
  });
});

describe('the break-even', () => {
  it('is where a rate overtakes a flat fee', () => {
    const found = breakEven(
      (rps) => 10 * rps,
      (rps) => 100 + rps,
    );

    expect(found).toBeCloseTo(100 / 9, 6);
  });

  it('is not there where one is always the cheaper', () => {
    expect(
      breakEven(
        (rps) => rps,
        (rps) => rps + 1,
      ),
    ).toBeUndefined();
  });
});
