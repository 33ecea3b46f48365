import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import { FakeGateway } from '../../support/fakes/gateway.ts';
import { end, ScriptedModels, text } from '../../support/fakes/scripted-models.ts';
import { rankInOrder } from '../../support/fakes/scripted-selector.ts';

describe('an ask within a session', () => {
  let gateway: FakeGateway;
  let key: string;

  const start = async (made: FakeGateway): Promise<void> => {
    gateway = made;
    key = await gateway.keyOf('acme');
    await gateway.withModel('a');
    await gateway.withModel('b');
  };

  beforeEach(() => start(new FakeGateway()));

  /** From now on the policy would rather have this one. */
  const prefer = (id: string): void => {
    gateway.rust.behaviour = (requests) =>
      requests.map((request) =>
        rankInOrder({
          ...request,
          candidates: request.candidates.toSorted((one) => (one.id === id ? -1 : 1)),
        }),
      );
  };

  const ask = (body: object = {}) =>
    gateway.call('POST /v1/ask', { key, body: { prompt: 'Explain', session_id: 's-1', ...body } });
  const modelOf = async (body: object = {}) => (await ask(body)).json.model_used;
  const newest = async () => (await gateway.observations.list({ limit: 1 })).items[0];

  it('is answered by the model that answered before, and says so', async () => {
    expect(await modelOf()).toBe('a');
    expect(await newest()).not.toHaveProperty('sticky');
    prefer('b');

    const { json } = await ask();

    expect(json.model_used).toBe('a');
    expect(json.candidates).toMatchObject([{ id: 'a', propensity: 0.5 }, { id: 'b' }]);
    expect(await newest()).toMatchObject({ model: 'a', sticky: true });
    expect(await modelOf({ session_id: 's-2' })).toBe('b');
    expect(await modelOf({ session_id: undefined })).toBe('b');
  });

  it('is planned as it would be answered', async () => {
    await ask();
    prefer('b');

    const body = { prompt: 'Explain', session_id: 's-1' };
    const { json } = await gateway.call('POST /v1/plan', { key, body });

    expect(json.candidates).toMatchObject([{ id: 'a' }, { id: 'b' }]);
  });

  it('goes to another model where its own may not serve, and stays there', async () => {
    await ask();
    prefer('b');
    await gateway.asAdmin('DELETE /admin/adapters/{id}', { path: { id: 'a' } });
    await gateway.clock.advance(5_000);
    expect(await modelOf()).toBe('b');
    expect(await newest()).not.toHaveProperty('sticky');

    await gateway.withModel('a');
    await gateway.clock.advance(5_000);
    prefer('a');

    expect(await modelOf()).toBe('b');
  });

  it('goes on with the model that stood in when its own failed', async () => {
    const fault = new AppError('upstream_error', 'no', { retryable: false });
    const client = new ScriptedModels({ a: [[fault], [text('x'), end()]], b: [[text('y'), end()]] });
    await start(new FakeGateway({ client }));

    expect(await modelOf()).toBe('b');
    expect(await newest()).toMatchObject({ failed_over: true });
    expect(await modelOf()).toBe('b');
  });

  it('is not sticky where the policy says so', async () => {
    await start(new FakeGateway({ policy: { sticky_sessions: false } }));
    await ask();
    prefer('b');

    expect(await modelOf()).toBe('b');
  });

  it('streams from its model too', async () => {
    await ask();
    prefer('b');

    expect((await ask({ stream: true })).headers['x-atp-model']).toBe('a');
  });
});
