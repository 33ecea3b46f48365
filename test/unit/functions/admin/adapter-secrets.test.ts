import { beforeEach, describe, expect, it } from 'vitest';
import { FakeGateway } from '../../../support/fakes/gateway.ts';

const HERE = {
  id: 'gpt',
  provider: 'openai-compatible',
  base_url: 'https://api.example.com/v1',
  cost_per_1k: 0.01,
};
const ELSEWHERE = { ...HERE, base_url: 'https://collector.example.net/v1' };

describe("a provider's key", () => {
  let gateway: FakeGateway;

  beforeEach(() => {
    gateway = new FakeGateway();
  });

  const post = (body: object) => gateway.asAdmin('POST /admin/adapters', { body });
  const kept = () => gateway.secrets.get('adapters/gpt');

  it('goes into the secret store, and into no table and no reply', async () => {
    const { json, text } = await post({ ...HERE, api_key: 'sk-very-secret' });

    expect(json.secret_name).toBe('adapters/gpt');
    expect(await kept()).toBe('sk-very-secret');
    expect(text + JSON.stringify(await gateway.config.listAdapters())).not.toContain('sk-very-secret');
  });

  it('stays when the model is changed without another', async () => {
    await post({ ...HERE, api_key: 'sk-one' });

    expect((await post({ ...HERE, base_url: 'https://api.example.com/v2' })).json.secret_name).toBe(
      'adapters/gpt',
    );
    expect(await kept()).toBe('sk-one');
  });

  it('stays when what was read is written back', async () => {
    await post({ ...HERE, api_key: 'sk-one' });

    expect((await post({ ...HERE, secret_name: 'adapters/gpt' })).status).toBe(200);
    expect(await kept()).toBe('sk-one');
  });

  it('is replaced by another', async () => {
    await post({ ...HERE, api_key: 'sk-one' });
    await post({ ...HERE, api_key: 'sk-two' });

    expect(await kept()).toBe('sk-two');
  });

  it('is forgotten when the model moves to another place', async () => {
    await post({ ...HERE, api_key: 'sk-one' });

    expect((await post(ELSEWHERE)).json).not.toHaveProperty('secret_name');
    expect(await kept()).toBeUndefined();
  });

  it('is not sent to another place by naming its secret', async () => {
    await post({ ...HERE, api_key: 'sk-one' });

    const replies = [
      await post({ ...ELSEWHERE, secret_name: 'adapters/gpt' }),
      await post({ ...ELSEWHERE, id: 'thief', secret_name: 'adapters/gpt' }),
    ];

    expect(replies.map(({ status, json }) => [status, json.errors?.[0]?.path])).toEqual([
      [400, '/secret_name'],
      [400, '/secret_name'],
    ]);
    expect(await kept()).toBe('sk-one');
  });

  it('may lie in a secret of the operator, which we never delete', async () => {
    await gateway.secrets.put('team/openai', 'sk-team');

    expect((await post({ ...HERE, secret_name: 'team/openai' })).json.secret_name).toBe('team/openai');
    await gateway.asAdmin('DELETE /admin/adapters/{id}', { path: { id: 'gpt' } });

    expect(await gateway.secrets.get('team/openai')).toBe('sk-team');
  });

  it('goes with its model', async () => {
    await post({ ...HERE, api_key: 'sk-one' });
    await gateway.asAdmin('DELETE /admin/adapters/{id}', { path: { id: 'gpt' } });

    expect(await kept()).toBeUndefined();
  });
});
