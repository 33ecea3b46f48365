import { describe, expect, it } from 'vitest';
import { MemoryLearningState } from '../../../../shared/adapters/memory/learning-state.ts';
import type { PolicyState, SelectResult } from '../../../../shared/model/selection.ts';
import { MAX_SELECT_REQUESTS } from '../../../../shared/model/selection.ts';
import { TypescriptSelector } from '../../../../shared/services/routing/typescript-selector.ts';
import { aSelectRequest } from '../../../support/fakes/documents.ts';
import { ManualClock } from '../../../support/fakes/manual-clock.ts';

class CountedState extends MemoryLearningState {
  reads = 0;
  isAway = false;

  override async read(policy: string): Promise<PolicyState> {
    this.reads += 1;
    if (this.isAway) throw new Error('the table is away');
    return super.read(policy);
  }
}

const learnt = (version: number): PolicyState => ({
  version,
  freshness: 'fresh',
  arms: new Map([
    ['a', { n: 500, sum: 50, sumSquares: 10, count: 500 }],
    ['b', { n: 500, sum: 450, sumSquares: 410, count: 500 }],
  ]),
});

const setUp = () => {
  const clock = new ManualClock();
  const state = new CountedState();
  return { clock, state, selector: new TypescriptSelector(state, clock) };
};

const best = (result: SelectResult | undefined): string | undefined =>
  result !== undefined && 'ranking' in result ? result.ranking[0]?.id : undefined;

const versionOf = (result: SelectResult | undefined): number | undefined =>
  result !== undefined && 'state_version' in result ? result.state_version : undefined;

describe('TypescriptSelector', () => {
  it('decides from what was learnt', async () => {
    const { state, selector } = setUp();
    state.set('default', learnt(3));

    const [result] = await selector.select([aSelectRequest('one')]);

    expect([best(result), versionOf(result)]).toEqual(['b', 3]);
  });

  it('answers in the order asked, with one read for each policy', async () => {
    const { state, selector } = setUp();
    const other = { ...aSelectRequest('three'), policy: 'other' };

    const results = await selector.select([aSelectRequest('one'), aSelectRequest('two'), other]);

    expect(results.map(({ id }) => id)).toEqual(['one', 'two', 'three']);
    expect(state.reads).toBe(2);
  });

  it('sees what was learnt since, at most 2 s later', async () => {
    const { clock, state, selector } = setUp();
    await selector.select([aSelectRequest('one')]);
    state.set('default', learnt(4));
    await clock.advance(2_001);

    expect(versionOf((await selector.select([aSelectRequest('two')]))[0])).toBe(4);
  });

  it('decides on the priors when the state cannot be read', async () => {
    const { state, selector } = setUp();
    state.isAway = true;

    const [result] = await selector.select([aSelectRequest('one')]);

    expect(result).toMatchObject({ id: 'one', state_version: 0, state: 'none' });
  });

  it('throws where the batch as a whole cannot be decided', async () => {
    const { selector } = setUp();
    const tooMany = Array.from({ length: MAX_SELECT_REQUESTS + 1 }, (_, n) => aSelectRequest(`r${n}`));

    await expect(selector.select(tooMany)).rejects.toThrow('too_many_requests');
  });
});
