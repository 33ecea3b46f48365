/** An ask that a policy with embedded features routes: with the encoder, and without it. */
import { describe, expect, it } from 'vitest';
import { MemoryPromptEncoder } from '../../../shared/adapters/memory/prompt-encoder.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import type { PromptEncoder } from '../../../shared/ports/prompt-encoder.ts';
import {
  EMBEDDED_FEATURES_VERSION,
  joinEmbedding,
} from '../../../shared/services/features/embed-features.ts';
import { FEATURES_VERSION } from '../../../shared/services/features/extract-features.ts';
import { unpackFeatures } from '../../../shared/services/features/pack-features.ts';
import { FakeGateway } from '../../support/fakes/gateway.ts';

const EMBEDDED: Partial<Policy> = { strategy: 'linucb', params: {}, features: 'embedded' };
const PLANTED = 'Mail john.doe@example.com about the rivers';
const REDACTED = 'Mail [REDACTED:EMAIL] about the rivers';

class RecordingEncoder extends MemoryPromptEncoder {
  readonly asked: string[] = [];

  override encode(text: string): Promise<readonly number[]> {
    this.asked.push(text);
    return super.encode(text);
  }
}

const asked = async (
  encoder: PromptEncoder | undefined,
  options: { policy?: Partial<Policy>; path?: string; prepare?: (gateway: FakeGateway) => unknown } = {},
) => {
  const { policy = EMBEDDED, path = '/v1/ask', prepare = () => undefined } = options;
  const gateway = new FakeGateway({ policy, ...(encoder === undefined ? {} : { encoder }) });
  const key = await gateway.keyOf('acme');
  await gateway.withModel('a');
  await prepare(gateway);
  const { status } = await gateway.call(`POST ${path}`, { key, body: { prompt: PLANTED } });
  const observation = (await gateway.observations.list({ limit: 1 })).items[0];
  const facts = gateway.log.endings.at(-1)?.scope.facts;
  return { status, observation, facts, requests: gateway.rust.batches.flat() };
};

const ofKept = (packed: string | undefined): number[] => unpackFeatures(packed ?? '');

describe('an ask by embedded features', () => {
  it('is decided by what the encoder saw of the redacted prompt, and keeps it', async () => {
    const encoder = new RecordingEncoder();
    const { status, observation, facts, requests } = await asked(encoder);

    const expected = joinEmbedding({ prompt: REDACTED }, await new MemoryPromptEncoder().encode(REDACTED));
    expect(status).toBe(200);
    expect(encoder.asked).toEqual([REDACTED]);
    expect(requests.map(({ policy }) => policy)).toEqual(['default~embedded']);
    expect(requests[0]?.features).toEqual(expected);
    expect(observation).toMatchObject({
      learning_state: 'default~embedded',
      features_kind: 'embedded',
      embedded_features_version: EMBEDDED_FEATURES_VERSION,
    });
    expect(ofKept(observation?.embedded_features)).toEqual(expected);
    expect(observation).not.toHaveProperty('features');
    expect(facts).not.toHaveProperty('features_fallback');
  });

  it.each<[string, PromptEncoder | undefined]>([
    ['not_installed', undefined],
    ['failed', { version: 'broken', encode: (text) => Promise.reject(new Error(text)) }],
  ])('is answered without it, and says so: %s', async (reason, encoder) => {
    const { status, observation, facts, requests } = await asked(encoder);

    expect(status).toBe(200);
    expect(requests[0]?.features).toEqual(joinEmbedding({ prompt: REDACTED }));
    expect(observation).toMatchObject({ features_fallback: reason, features_kind: 'embedded' });
    expect(ofKept(observation?.embedded_features)).toEqual(joinEmbedding({ prompt: REDACTED }));
    expect(facts).toMatchObject({ features_fallback: reason });
  });

  it('is not made to wait by a plan either', async () => {
    const { status, facts } = await asked(undefined, { path: '/v1/plan' });

    expect([status, facts?.features_fallback]).toEqual([200, 'not_installed']);
  });

  it('keeps both kinds where the policy and its shadow differ', async () => {
    const { observation } = await asked(new MemoryPromptEncoder(), {
      policy: { strategy: 'linucb', params: {}, shadow: ['other'] },
      prepare: (gateway) =>
        gateway.asAdmin('PUT /admin/policies/{id}', { path: { id: 'other' }, body: EMBEDDED }),
    });

    expect(observation).toMatchObject({
      features_version: FEATURES_VERSION,
      embedded_features_version: EMBEDDED_FEATURES_VERSION,
      shadow: [{ policy: 'other', learning_state: 'other~embedded', features_kind: 'embedded' }],
    });
    expect(observation?.features).not.toBe(observation?.embedded_features);
    expect(observation).not.toHaveProperty('learning_state');
  });

  it('does not trouble the encoder where the strategy goes by no context', async () => {
    const encoder = new RecordingEncoder();
    const { observation } = await asked(encoder, { policy: { ...EMBEDDED, strategy: 'ucb1' } });

    expect(encoder.asked).toEqual([]);
    expect(observation).not.toHaveProperty('embedded_features');
  });
});
