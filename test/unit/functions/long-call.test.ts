import { describe, expect, it } from 'vitest';
import { ANSWER_LIMIT_MS } from '../../../shared/services/answer/answer-prompt.ts';
import { FakeGateway } from '../../support/fakes/gateway.ts';
import { ScriptedModels } from '../../support/fakes/scripted-models.ts';

describe('an answer that takes as long as it may', () => {
  it('holds its place against the limits until its end', async () => {
    const gateway = new FakeGateway({ client: new ScriptedModels({ a: [['silence']] }) });
    await gateway.withModel('a');
    const body = { tenant_id: 'acme', rate_limit: { concurrent: 1 } };
    await gateway.asAdmin('POST /admin/quotas', { body });
    const key = await gateway.keyOf('acme');
    const ask = () => gateway.call('POST /v1/ask', { key, body: { prompt: 'Hi' } });

    void ask();
    await gateway.clock.advance(ANSWER_LIMIT_MS);
    const { status, json } = await ask();

    expect([status, json.window]).toEqual([429, 'concurrent']);
  });
});
