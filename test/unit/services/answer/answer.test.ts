import { describe, expect, it } from 'vitest';
import { chatOf } from '../../../../shared/model/chat.ts';
import { Answering, aJob, never } from '../../../support/fakes/answering.ts';
import { anAdapter } from '../../../support/fakes/documents.ts';
import { end, text } from '../../../support/fakes/scripted-models.ts';

const ANSWERED = [text('Qubits '), text('are odd.'), end({ tokens_in: 90, tokens_out: 40 })];

describe('a whole answer', () => {
  it('is the reply that callers rely on', async () => {
    const { service, clock } = new Answering({ a: [ANSWERED] });
    await clock.sleep(1_234.6);

    const reply = await service.answer(aJob(), never());

    expect(reply).toMatchObject({
      request_id: 'request-1',
      text: 'Qubits are odd.',
      model_used: 'a',
      provider: 'simulated',
      tokens_in: 90,
      tokens_out: 40,
      tokens_estimated: false,
      cost_usd: 0.00017,
      latency_ms: 1_235,
      selector: 'rust',
      policy: 'default',
      finish_reason: 'stop',
    });
    expect(reply.candidates.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('sends the model what the provider may see, and its bounds', async () => {
    const { service, models } = new Answering({ a: [ANSWERED] });
    const job = aJob({ ask: { max_tokens: 50 }, fields: { chat: chatOf('as the provider may see it') } });

    await service.answer(job, never());

    expect(models.calls[0]?.request).toEqual({
      request_id: 'request-1',
      chat: { messages: [{ role: 'user', content: 'as the provider may see it' }] },
      max_tokens: 50,
      bounded: true,
      task_type: 'general',
      stream: false,
      documents: false,
    });
  });

  it('is written down before it is given', async () => {
    const answering = new Answering({ a: [ANSWERED] });
    const stored = { prompt: 'mail [REDACTED:EMAIL]', taskType: 'code', sessionId: 's-1' };

    await answering.service.answer(aJob({ fields: { stored } }), never());

    expect(await answering.observed()).toEqual([
      {
        id: '019b8e2f-0000-7000-8000-000000000001',
        request_id: 'request-1',
        tenant_id: 'acme',
        policy: 'default',
        policy_version: 0,
        model: 'a',
        provider: 'simulated',
        prompt: 'mail [REDACTED:EMAIL]',
        task_type: 'code',
        session_id: 's-1',
        quality: 'balanced',
        tokens_in: 90,
        tokens_out: 40,
        tokens_estimated: false,
        cost_usd: 0.00017,
        latency_ms: 0,
        selector: 'rust',
        state_version: 7,
        propensity: 0.75,
        propensities: { a: 0.75, b: 0.25 },
        ranking: [
          [0.5, 0.1, 0.000612, 100, 1],
          [0.5, 0.1, 0.000612, 100, 0.9],
        ],
        outcome: 'success',
        finish_reason: 'stop',
        quality_score: null,
        created_at: '2026-01-05T12:00:00.000Z',
      },
    ]);
  });

  it('replaces the hold by what was used', async () => {
    const { service, settlements } = new Answering({ a: [ANSWERED] });
    const held = { tokens: 400, cost_nano: 1_000_000, expires_at: 9e12 };

    await service.answer(aJob({ fields: { held } }), never());

    expect(settlements).toEqual([
      {
        id: '019b8e2f-0000-7000-8000-000000000001',
        tenant_id: 'acme',
        day: '2026-01-05',
        tokens: 130,
        cost_nano: 170_000,
        held,
      },
    ]);
  });

  it('marks its usage as estimated where the provider reports none', async () => {
    const { service } = new Answering({ a: [[text('four words are here'), end()]] });

    const reply = await service.answer(aJob(), never());

    expect(reply).toMatchObject({ tokens_in: 100, tokens_estimated: true });
    expect(reply.tokens_out).toBeGreaterThan(0);
    expect(reply.cost_usd).toBeGreaterThan(0);
  });

  it('estimates no output tokens for no text', async () => {
    const { service } = new Answering({ a: [[end(undefined, 'content_filter')]] });

    expect(await service.answer(aJob(), never())).toMatchObject({
      text: '',
      tokens_out: 0,
      finish_reason: 'content_filter',
    });
  });

  it('shows the savings against the dearest eligible model', async () => {
    const { service } = new Answering({ a: [ANSWERED] });
    const models = [
      anAdapter('a'),
      anAdapter('dear', { price: { input_per_mtok: 4, output_per_mtok: 8 } }),
      anAdapter('dearer but off', { enabled: false, price: { input_per_mtok: 99, output_per_mtok: 99 } }),
    ];

    expect((await service.answer(aJob({ models }), never())).savings_pct).toBe(75);
  });

  it.each([
    ['it is the dearest itself', { input_per_mtok: 1, output_per_mtok: 2 }],
    ['all are free', { input_per_mtok: 0, output_per_mtok: 0 }],
  ])('saves nothing where %s', async (_name, price) => {
    const { service } = new Answering({ a: [ANSWERED] });

    expect((await service.answer(aJob({ models: [anAdapter('a', { price })] }), never())).savings_pct).toBe(
      0,
    );
  });
});
