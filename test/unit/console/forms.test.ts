import { describe, expect, test } from 'vitest';
import type { Adapter } from '../../../console/src/api/shapes.ts';
import { emptyForm, formOf, readForm } from '../../../console/src/lib/model-form.ts';
import { asTexts, readLimits } from '../../../console/src/lib/quota-form.ts';

const adapter: Adapter = {
  id: 'mine',
  provider: 'openai-compatible',
  model: 'llama',
  price: { input_per_mtok: 0.2, output_per_mtok: 0.6 },
  quality: 0.6,
  capabilities: ['streaming', 'tools'],
  context_window: 8_192,
  max_output_tokens: 2_048,
  latency_ms: 300,
  enabled: true,
  base_url: 'https://models.example/v1',
  secret_name: 'adapter/mine',
  health: {
    state: 'healthy',
    breaker: 'closed',
    error_rate: 0,
    latency_ms_ewma: null,
    checked_at: null,
    last_error_code: null,
  },
  created_at: '2026-05-01T00:00:00.000Z',
  updated_at: '2026-05-01T00:00:00.000Z',
};

describe('the form of a model', () => {
  test('saving without a change registers the same again, with the kept secret', () => {
    const { registration, errors } = readForm(formOf(adapter), adapter);
    expect(errors).toEqual({});
    const { health, created_at, updated_at, ...registered } = adapter;
    expect(registration).toEqual(registered);
  });

  test('a new key takes the place of the kept secret', () => {
    const { registration } = readForm({ ...formOf(adapter), apiKey: 'fresh' }, adapter);
    expect(registration).toMatchObject({ api_key: 'fresh' });
    expect(registration).not.toHaveProperty('secret_name');
  });

  test('each field that is wrong is named', () => {
    const { errors } = readForm({
      ...emptyForm,
      id: 'No Spaces',
      input: 'cheap',
      quality: '1.5',
      context: '10.5',
      address: 'nowhere',
    });
    expect(Object.keys(errors).sort()).toEqual(['address', 'context', 'id', 'input', 'output', 'quality']);
  });

  test('what a simulated model has and the form does not show stays', () => {
    const simulated: Adapter = {
      ...adapter,
      provider: 'simulated',
      simulated: { quality: { code: 0.9 }, jitter: 0.2, chunks: 8 },
    };
    const { registration } = readForm({ ...formOf(simulated), faultRate: '0.1' }, simulated);
    expect(registration.simulated).toEqual({
      quality: { code: 0.9 },
      jitter: 0.2,
      chunks: 8,
      fault_rate: 0.1,
    });
  });
});

describe('the form of limits', () => {
  const empty = asTexts(undefined);

  test('empty fields are left to the tier; the others are numbers', () => {
    expect(readLimits({ ...empty, rps: '4', cost_per_day_usd: '0.25' })).toEqual({
      limits: { rps: 4, cost_per_day_usd: 0.25 },
      errors: {},
    });
  });

  test('requests are whole and nothing is negative', () => {
    const { limits, errors } = readLimits({ ...empty, rps: '1.5', rpm: '-1', tokens_per_day: 'many' });
    expect(limits).toEqual({});
    expect(Object.keys(errors).sort()).toEqual(['rpm', 'rps', 'tokens_per_day']);
  });
});
