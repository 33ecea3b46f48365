import { describe, expect, it } from 'vitest';
import { type CanaryResult, makeHandler } from '../../../functions/canary/handler.ts';
import type { RestCall, RestReply } from '../../../shared/ports/rest-api.ts';
import { FakeGateway } from '../../support/fakes/gateway.ts';
import { FakeRestApi } from '../../support/fakes/rest-api.ts';

const canary = (options: {
  call: (call: RestCall) => Promise<RestReply>;
  key?: () => Promise<string | undefined>;
}) => {
  const noted: CanaryResult[] = [];
  let time = 0;
  const handler = makeHandler({
    api: { call: options.call },
    key: options.key ?? (async () => 'atp_test_key'),
    clock: { monotonic: () => (time += 5) },
    noted: (result) => noted.push(result),
  });
  return { handler, noted };
};

describe('the canary', () => {
  it('asks as a tenant does, and is answered', async () => {
    const gateway = new FakeGateway();
    await gateway.withModel('m');
    const key = await gateway.keyOf('canary');
    const api = new FakeRestApi(gateway);
    const { handler, noted } = canary({ call: (call) => api.call(call), key: async () => key });

    await handler();

    expect(noted).toEqual([{ ok: true, asked: 'ask', status: 200, latency_ms: 5 }]);
  });

  it('says that it failed where the gateway answers an error, or no answer', async () => {
    for (const reply of [
      { status: 503, body: { code: 'unavailable' } },
      { status: 200, body: { tokens: 1 } },
      { status: 200, body: undefined },
    ]) {
      const { handler } = canary({ call: async () => reply });
      expect(await handler()).toMatchObject({ ok: false, status: reply.status });
    }
  });

  it('fails without an error of its own where nobody answers', async () => {
    const { handler, noted } = canary({
      call: async () => {
        throw new Error('connect ECONNREFUSED');
      },
    });

    await handler();

    expect(noted).toMatchObject([{ ok: false, status: 0 }]);
  });

  it.each([
    ['has none', async () => undefined],
    [
      'cannot read it',
      async () => {
        throw new Error('away');
      },
    ],
  ])('asks /readyz without a key where it %s', async (_name, key) => {
    const calls: RestCall[] = [];
    const { handler } = canary({
      key,
      call: async (call) => {
        calls.push(call);
        return { status: 200, body: { status: 'healthy' } };
      },
    });

    expect(await handler()).toMatchObject({ ok: true, asked: 'readyz' });
    expect(calls[0]).toMatchObject({ method: 'GET', path: '/readyz', headers: {} });
  });
});
