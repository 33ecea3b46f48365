import { describe, expect, it } from 'vitest';
import type { Strategy, StrategyParams } from '../../../../shared/model/policy.ts';
import { SELECT_CONTRACT, SELECT_STRATEGIES } from '../../../../shared/model/selection.ts';
import { isContextual } from '../../../../shared/services/routing/context.ts';
import { selectBatch } from '../../../../shared/services/selection/select-batch.ts';
import { aSelectRequest } from '../../../support/fakes/documents.ts';

/** What the selector itself says of a request without features. */
const needsFeatures = (strategy: Strategy, params: StrategyParams): boolean => {
  const request = { ...aSelectRequest('r', ['a', 'b']), strategy, params };
  const reply = selectBatch({ contract: SELECT_CONTRACT, requests: [request] }, new Map());
  const result = 'results' in reply ? reply.results[0] : undefined;
  return result !== undefined && 'error' in result && result.error.code === 'missing_features';
};

describe('isContextual', () => {
  it.each(
    SELECT_STRATEGIES.flatMap((strategy) =>
      ([undefined, 'beta', 'gaussian', 'linear'] as const).map((likelihood) => ({ strategy, likelihood })),
    ),
  )('agrees with the selector on $strategy with $likelihood', ({ strategy, likelihood }) => {
    const params: StrategyParams = { model: 'a', ...(likelihood === undefined ? {} : { likelihood }) };

    expect(isContextual({ strategy, params })).toBe(needsFeatures(strategy, params));
  });
});
