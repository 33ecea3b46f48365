import { describe, expect, it } from 'vitest';
import { RustSelector } from '../../../../shared/adapters/lambda/rust-selector.ts';
import { aSelectRequest } from '../../../support/fakes/documents.ts';

const ranked = (id: string, fields: object = {}) => ({
  id,
  quality: 0.5,
  uncertainty: 0.1,
  score: 0.4,
  propensity: 1,
  ...fields,
});

const chosen = (id: string, fields: object = {}) => ({
  id,
  state_version: 3,
  state: 'fresh',
  ranking: [ranked('a')],
  ...fields,
});

interface Invocation {
  functionName: string;
  payload: string;
}

/** A selector whose function is this, and what was sent to it. */
const invoking = (invoke: () => string) => {
  const sent: Invocation[] = [];
  const invoker = {
    invoke: async (functionName: string, payload: string) => {
      sent.push({ functionName, payload });
      return invoke();
    },
  };
  return { selector: new RustSelector({ invoker, functionName: 'select' }), sent };
};

/** A selector whose function answers with this payload. */
const answering = (payload: string) => invoking(() => payload);

const replyOf = (...results: unknown[]): string => JSON.stringify({ contract: 1, compute_us: 10, results });

const requests = [aSelectRequest('r1'), aSelectRequest('r2')];

describe('the Rust selector', () => {
  it('sends all requests in one invocation', async () => {
    const { selector, sent } = answering(replyOf(chosen('r1'), chosen('r2')));

    await selector.select(requests);

    expect(sent).toHaveLength(1);
    expect(sent[0]?.functionName).toBe('select');
    expect(JSON.parse(sent[0]?.payload ?? '')).toEqual({ contract: 1, requests });
  });

  it('gives one result for each request', async () => {
    const refused = { id: 'r2', error: { code: 'empty_candidates', message: 'there are none' } };
    const { selector } = answering(replyOf(chosen('r1'), refused));

    expect(await selector.select(requests)).toEqual([chosen('r1'), refused]);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{"contract":1,'],
    ['null', 'null'],
    ['no object', '[]'],
    ['no results', '{"contract":1}'],
    ['a refusal of the batch', '{"contract":1,"error":{"code":"malformed","message":"x"}}'],
    ['too few results', replyOf(chosen('r1'))],
    ['too many results', replyOf(chosen('r1'), chosen('r2'), chosen('r3'))],
    ['results in another order', replyOf(chosen('r2'), chosen('r1'))],
    ['a result that is no object', replyOf(chosen('r1'), 7)],
    ['an error without a code', replyOf(chosen('r1'), { id: 'r2', error: {} })],
    ['no ranking', replyOf(chosen('r1'), chosen('r2', { ranking: undefined }))],
    ['an empty ranking', replyOf(chosen('r1'), chosen('r2', { ranking: [] }))],
    ['no state', replyOf(chosen('r1'), chosen('r2', { state: null }))],
    ['no version', replyOf(chosen('r1'), chosen('r2', { state_version: '3' }))],
    ['a candidate without an id', replyOf(chosen('r1'), chosen('r2', { ranking: [ranked('a', { id: 7 })] }))],
    ['a missing number', replyOf(chosen('r1'), chosen('r2', { ranking: [ranked('a', { score: null })] }))],
    ['an infinite number', replyOf(chosen('r1'), chosen('r2')).replace('"quality":0.5', '"quality":1e999')],
  ])('is unavailable when it answers %s', async (_, payload) => {
    const { selector } = answering(payload);

    await expect(selector.select(requests)).rejects.toMatchObject({ code: 'unavailable', retryable: true });
  });

  it('is unavailable when it cannot be invoked, and keeps why', async () => {
    const cause = new Error('the function failed');
    const { selector } = invoking(() => {
      throw cause;
    });

    await expect(selector.select(requests)).rejects.toMatchObject({ code: 'unavailable', cause });
  });
});
