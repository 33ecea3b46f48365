import { describe, expect, it } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { JsonObject } from '../../../shared/model/chat.ts';
import { embeddingsReply } from '../../../shared/model/vendor-replies.ts';
import { FakeGateway } from '../../support/fakes/gateway.ts';
import { document, end, ScriptedModels, type Step } from '../../support/fakes/scripted-models.ts';

const ROUTE = 'POST /v1/embeddings';
const BODY = { model: 'e', input: 'Mail jane@example.com' };
const VECTOR = { object: 'embedding', index: 0, embedding: [0.6, 0.8] };
const MADE = [
  document({ object: 'list', data: [VECTOR], model: 'theirs', usage: { prompt_tokens: 9, total_tokens: 9 } }),
  end({ tokens_in: 9, tokens_out: 0 }),
];

const call = async (script: readonly Step[], body: object = {}, policy = {}, fields = {}) => {
  const models = new ScriptedModels({ e: [script] });
  const gateway = new FakeGateway({ embeddings: models, policy, allowPrivateUrls: true });
  await gateway.withModel('e', { capabilities: ['embeddings'], ...fields });
  const key = await gateway.keyOf('acme');
  const reply = await gateway.call(ROUTE, { key, body: { ...BODY, ...body } });
  const observed = (await gateway.observations.list({ limit: 9 })).items;
  return { gateway, key, models, reply, observed };
};

const errorIn = ({ json }: { json: JsonObject }) => json.error as JsonObject;

describe(ROUTE, () => {
  it('answers with the provider’s vectors under our name of the model, and our headers', async () => {
    const { reply } = await call(MADE);

    expect(embeddingsReply.parse(reply.json)).toEqual({
      object: 'list',
      data: [VECTOR],
      model: 'e',
      usage: { prompt_tokens: 9, total_tokens: 9 },
    });
    expect(reply.headers).toMatchObject({
      'x-atp-model': 'e',
      'x-atp-selector': 'rust',
      'x-atp-cost-usd': '0.000018',
    });
  });

  it('counts for itself where the provider does not', async () => {
    const { reply, observed } = await call([document({ object: 'list', data: [VECTOR] }), end()]);
    const { usage } = embeddingsReply.parse(reply.json);

    expect(usage.prompt_tokens).toBeGreaterThan(0);
    expect(observed).toMatchObject([
      { tokens_in: usage.prompt_tokens, tokens_out: 0, tokens_estimated: true },
    ]);
  });

  it('sends every text and every field, personal data hidden, and writes one observation', async () => {
    const body = { input: ['For jane@example.com', 'Hi'], dimensions: 2, user: 'jane@example.com', seed: 7 };
    const { models, observed } = await call(MADE, body, { pii_mode: 'redact' });

    expect(models.calls[0]?.request).toMatchObject({
      stream: false,
      documents: true,
      chat: {
        messages: [{ content: 'For [REDACTED:EMAIL]' }, { content: 'Hi' }],
        dimensions: 2,
        user: '[REDACTED:EMAIL]',
        seed: 7,
      },
    });
    expect(observed).toMatchObject([
      {
        model: 'e',
        prompt: 'Hi',
        task_type: 'embedding',
        outcome: 'success',
        tokens_in: 9,
        tokens_out: 0,
        cost_usd: 0.000018,
      },
    ]);
  });

  it('is refused where the policy lets no personal data through', async () => {
    const { reply, models } = await call(MADE, {}, { pii_mode: 'block' });

    expect([reply.status, models.calls]).toEqual([422, []]);
  });

  it('streams nothing, whatever is asked', async () => {
    const { reply } = await call(MADE, { stream: true });

    expect(reply.headers['content-type']).toBe('application/json');
  });

  it.each(['auto', 'auto:high', 'default'])('%s is refused: vectors do not compare', async (model) => {
    const { reply, observed } = await call(MADE, { model });

    expect([reply.status, errorIn(reply).param, observed]).toEqual([400, 'model', []]);
    expect(errorIn(reply).message).toContain('must be the id of a model');
  });

  it.each<[string, object]>([
    ['model', { model: undefined }],
    ['input', { input: undefined }],
    ['input', { input: '' }],
    ['input', { input: [] }],
    ['input', { input: Array.from({ length: 2_049 }, () => 'x') }],
    ['input[0]', { input: [1, 2, 3] }],
    ['input[1]', { input: ['x', [4]] }],
    ['input[1]', { input: ['x', ''] }],
    ['dimensions', { dimensions: 0 }],
    ['encoding_format', { encoding_format: 'hex' }],
    ['user', { user: 7 }],
  ])('%s is at fault', async (param, body) => {
    const { reply } = await call(MADE, body);

    expect([reply.status, errorIn(reply).param]).toEqual([400, param]);
  });

  it('tokens are refused in one sentence', async () => {
    const { reply } = await call(MADE, { input: [1, 2, 3] });

    expect(errorIn(reply).message).toBe(
      'input[0] must be a string: tokens cannot be searched for personal data.',
    );
  });

  it('an unknown model is 404, one whose provider makes no vectors 422', async () => {
    const unknown = await call(MADE, { model: 'nobody' });
    const claude = { provider: 'anthropic', simulated: undefined, api_key: 'sk-ant-x' };
    const other = await call(MADE, {}, {}, claude);

    expect([unknown.reply.status, other.reply.status]).toEqual([404, 422]);
    expect(errorIn(other.reply).message).toContain('e: missing_capability');
  });

  it('each text has to fit the model, not all together', async () => {
    const fields = { context_window: 10 };
    const many = await call(MADE, { input: Array.from({ length: 50 }, () => 'a short text') }, {}, fields);
    const long = await call(MADE, { input: ['x', 'word '.repeat(50)] }, {}, fields);

    expect([many.reply.status, long.reply.status]).toEqual([200, 422]);
    expect(errorIn(long.reply).message).toContain('e: context_window');
  });

  it('the tokens read count against the limits', async () => {
    const { gateway, key } = await call(MADE);
    await gateway.asAdmin('POST /admin/quotas', {
      body: { tenant_id: 'acme', rate_limit: { tokens_per_day: 10 } },
    });
    const reply = await gateway.call(ROUTE, { key, body: BODY });

    expect([reply.status, errorIn(reply).code]).toEqual([429, 'rate_limit_exceeded']);
  });

  it('a model that fails is tried again, then told, and written down', async () => {
    const failing = new AppError('upstream_error', 'The provider failed.', { retryable: true });
    const models = new ScriptedModels({ e: [[failing], MADE] });
    const gateway = new FakeGateway({ embeddings: models });
    await gateway.withModel('e');
    const pending = gateway.call(ROUTE, { key: await gateway.keyOf('acme'), body: BODY });
    await gateway.clock.advance(1_000);

    expect([(await pending).status, models.called]).toEqual([200, ['e', 'e']]);

    const refused = await call([new AppError('upstream_error', 'No.', { retryable: false })]);
    expect([refused.reply.status, refused.observed]).toEqual([
      502,
      [expect.objectContaining({ outcome: 'upstream_error', cost_usd: 0 })],
    ]);
  });

  it('a model that only makes vectors answers no prompt', async () => {
    const { gateway, key } = await call(MADE);
    const ask = () => gateway.call('POST /v1/ask', { key, body: { prompt: 'Hi' } });
    const alone = await ask();
    await gateway.withModel('a');
    const { json } = await gateway.call('POST /v1/plan', { key, body: { prompt: 'Hi' } });

    expect([alone.status, alone.json.code]).toEqual([422, 'no_eligible_model']);
    expect(json.candidates).toMatchObject([
      { id: 'a', eligible: true },
      { id: 'e', eligible: false, reason: 'missing_capability' },
    ]);
  });
});
