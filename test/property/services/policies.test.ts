/** What is accepted as a policy can decide: the selector finds no fault with it. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { policySchema } from '../../../functions/admin/policy-schema.ts';
import { LIKELIHOODS, type StrategyParams, VARIANTS } from '../../../shared/model/policy.ts';
import { SELECT_CONTRACT, SELECT_STRATEGIES } from '../../../shared/model/selection.ts';
import { extractFeatures } from '../../../shared/services/features/extract-features.ts';
import { isContextual } from '../../../shared/services/routing/context.ts';
import { selectBatch } from '../../../shared/services/selection/select-batch.ts';
import { aSelectRequest } from '../../support/fakes/documents.ts';

const between = (min: number, max: number) =>
  fc.oneof(fc.constantFrom(min, max), fc.double({ min, max, noNaN: true }));
/** In range, and now and then not. */
const about = (min: number, max: number) =>
  fc.oneof({ weight: 9, arbitrary: between(min, max) }, fc.double());

const body = fc.record(
  {
    strategy: fc.constantFrom(...SELECT_STRATEGIES),
    params: fc.record(
      {
        prior_strength: about(1, 1e6),
        gamma: about(0.5, 1),
        exploration: about(0, 100),
        likelihood: fc.constantFrom(...LIKELIHOODS),
        variant: fc.constantFrom(...VARIANTS),
        noise: about(0.001, 1),
        lambda: about(0.001, 1e6),
        epsilon: about(0, 1),
        floor: about(1e-6, 1),
        neighbours: fc.integer({ min: 0, max: 1_025 }),
        task_strength: fc.double({ min: 0, max: 2e6, noNaN: true }),
        memory: fc.integer({ min: 0, max: 1_025 }),
        model: fc.constantFrom('a', 'elsewhere'),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ['strategy'] },
);

it('finds no fault with what is accepted', () => {
  const features = extractFeatures({ prompt: 'Sort these numbers' });
  let accepted = 0;
  fc.assert(
    fc.property(body, (given) => {
      const parsed = policySchema.safeParse(given);
      if (!parsed.success) return;
      accepted += 1;
      const { strategy, weights } = parsed.data;
      const params = parsed.data.params as StrategyParams;
      const request = {
        ...aSelectRequest('r'),
        strategy,
        params,
        weights: weights.high,
        ...(isContextual({ strategy, params }) ? { features } : {}),
      };
      const reply = selectBatch({ contract: SELECT_CONTRACT, requests: [request] }, new Map());
      expect('results' in reply ? reply.results[0] : reply).toHaveProperty('ranking');
    }),
    { numRuns: 400 },
  );
  expect(accepted).toBeGreaterThan(50);
});
