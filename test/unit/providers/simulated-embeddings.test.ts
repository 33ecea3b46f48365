import { describe, expect, it } from 'vitest';
import { SimulatedEmbeddings } from '../../../shared/adapters/providers/simulated/embeddings.ts';
import type { SimulatedBehaviour } from '../../../shared/model/adapter.ts';
import type { JsonObject } from '../../../shared/model/chat.ts';
import { anAdapter, aRequest, receive } from '../../contract/providers/calls.ts';
import { ManualClock } from '../../support/fakes/manual-clock.ts';

const embed = async (
  texts: readonly string[],
  fields: JsonObject = {},
  simulated: SimulatedBehaviour = {},
) => {
  const client = new SimulatedEmbeddings(new ManualClock({ autoAdvance: true }), (text) => text.length);
  const chat = { ...fields, messages: texts.map((content) => ({ role: 'user', content })) };
  const adapter = anAdapter({ provider: 'simulated', simulated });
  const { documents, error, end } = await receive(client, adapter, aRequest({ documents: true, chat }));
  const vectors = documents.flatMap(({ data }) => (data as JsonObject[]).map(({ embedding }) => embedding));
  return { vectors, error, end };
};

describe('a simulated model of vectors', () => {
  it('makes 1536 numbers, or as many as are asked for', async () => {
    expect((await embed(['x'])).vectors[0]).toHaveLength(1_536);
    expect((await embed(['x'], { dimensions: 8 })).vectors[0]).toHaveLength(8);
  });

  it('goes by the text and the seed', async () => {
    const fields = { dimensions: 8 };
    const [one, again, other] = (await embed(['x', 'x', 'y'], fields)).vectors;
    const [seeded] = (await embed(['x'], fields, { seed: 2 })).vectors;

    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
    expect(seeded).not.toEqual(one);
  });

  it('tells texts of the same words apart', async () => {
    const [one, other] = (await embed(['man bites dog', 'dog bites man'])).vectors;

    expect(other).not.toEqual(one);
  });

  it('gives in base64 what it gives in numbers', async () => {
    const [numbers] = (await embed(['Grüße'], { dimensions: 5 })).vectors;
    const [base64] = (await embed(['Grüße'], { dimensions: 5, encoding_format: 'base64' })).vectors;
    const bytes = Buffer.from(String(base64), 'base64');

    expect([0, 1, 2, 3, 4].map((index) => bytes.readFloatLE(index * 4))).toEqual(numbers);
  });

  it('makes a vector where everything cancels out', async () => {
    const texts = Array.from({ length: 40 }, (_, index) => `text ${index}`);
    const { vectors } = await embed(texts, { dimensions: 1 });

    expect(vectors.every((vector) => Math.abs((vector as number[])[0] ?? 0) === 1)).toBe(true);
  });

  it('counts the tokens of all texts', async () => {
    expect((await embed(['abc', 'de'])).end).toMatchObject({ usage: { tokens_in: 6, tokens_out: 0 } });
  });

  it('refuses more numbers than it has memory for', async () => {
    const { error } = await embed(['x', 'y'], { dimensions: 2_000_000 });

    expect(error).toMatchObject({ code: 'upstream_error', extensions: { upstream_status: 400 } });
  });
});
