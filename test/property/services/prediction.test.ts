import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY } from '../../../shared/config/default-policy.ts';
import { costOf, prepare } from '../../../shared/services/routing/predict.ts';
import { anAdapter, anAsk } from '../../support/fakes/documents.ts';

const price = fc.double({ min: 0, max: 1e4, noNaN: true });

const adapter = fc
  .record({
    price: fc.record({ input_per_mtok: price, output_per_mtok: price }),
    context_window: fc.integer({ min: 1, max: 200_000 }),
    max_output_tokens: fc.integer({ min: 1, max: 100_000 }),
    latency_ms: fc.double({ min: 0, max: 3_600_000, noNaN: true }),
    enabled: fc.boolean(),
  })
  .map((fields) => anAdapter('a', fields));

const ask = fc
  .record({
    max_cost_usd: fc.option(fc.double({ min: 0, max: 10, noNaN: true }), { nil: undefined }),
    latency_slo_ms: fc.option(fc.double({ min: 1, max: 3_600_000, noNaN: true }), { nil: undefined }),
    max_tokens: fc.option(fc.integer({ min: 1, max: 1_000_000 }), { nil: undefined }),
  })
  .map((fields) => anAsk(fields));

const tokensIn = fc.integer({ min: 1, max: 300_000 });

/** Rounding of doubles, and the hair of slack that the prediction grants itself. */
const SLACK_TOKENS = 1e-6;

describe('prediction', () => {
  it('never lets a model produce more than the ceiling, the window or the caller allows', () => {
    fc.assert(
      fc.property(adapter, ask, tokensIn, (model, wanted, input) => {
        for (const prediction of prepare(wanted, [model], DEFAULT_POLICY, input).eligible) {
          const { maxTokens, expectedTokens, costUsd } = prediction;
          expect(maxTokens).toBeGreaterThanOrEqual(1);
          expect(input + maxTokens).toBeLessThanOrEqual(model.context_window);
          expect(maxTokens).toBeLessThanOrEqual(Math.min(wanted.max_tokens ?? 1e9, model.max_output_tokens));
          expect(expectedTokens).toBeLessThanOrEqual(maxTokens);
          const worst = costOf(model.price, input, maxTokens - SLACK_TOKENS);
          expect(worst).toBeLessThanOrEqual((wanted.max_cost_usd ?? Infinity) * (1 + 1e-12));
          expect(costUsd).toBeLessThanOrEqual(wanted.max_cost_usd ?? Infinity);
          expect(model.latency_ms).toBeLessThanOrEqual(wanted.latency_slo_ms ?? Infinity);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('gives every model that may not serve a reason, and those that may none', () => {
    fc.assert(
      fc.property(fc.array(adapter, { maxLength: 8 }), ask, tokensIn, (models, wanted, input) => {
        const { eligible, ineligible } = prepare(wanted, models, DEFAULT_POLICY, input);

        expect(eligible.length + ineligible.length).toBe(models.length);
        expect(eligible.every(({ reason }) => reason === undefined)).toBe(true);
        expect(ineligible.every(({ reason }) => reason !== undefined)).toBe(true);
      }),
    );
  });

  it('makes no model ineligible by raising the ceiling', () => {
    fc.assert(
      fc.property(
        adapter,
        ask,
        tokensIn,
        fc.double({ min: 0, max: 10, noNaN: true }),
        (model, wanted, input, more) => {
          const eligibleAt = (max_cost_usd: number | undefined): number =>
            prepare({ ...wanted, max_cost_usd }, [model], DEFAULT_POLICY, input).eligible.length;
          const ceiling = wanted.max_cost_usd ?? 0;

          expect(eligibleAt(ceiling + more)).toBeGreaterThanOrEqual(eligibleAt(ceiling));
        },
      ),
    );
  });
});
