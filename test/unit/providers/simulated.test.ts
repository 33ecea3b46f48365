import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pieces } from '../../../shared/adapters/providers/simulated/answer.ts';
import { SimulatedClient } from '../../../shared/adapters/providers/simulated/client.ts';
import type { SimulatedBehaviour } from '../../../shared/model/adapter.ts';
import { chatOf } from '../../../shared/model/chat.ts';
import type { ModelRequest } from '../../../shared/model/completion.ts';
import { anAdapter, aRequest, type Received, receive } from '../../contract/providers/calls.ts';
import { ManualClock } from '../../support/fakes/manual-clock.ts';

const ask = async (
  simulated: SimulatedBehaviour,
  request: Partial<ModelRequest> = {},
  clock = new ManualClock({ autoAdvance: true }),
): Promise<Received & { slept: number }> => {
  const adapter = anAdapter({ provider: 'simulated', model: 'sim-large', latency_ms: 100, simulated });
  const received = await receive(new SimulatedClient(clock), adapter, aRequest(request));
  return { ...received, slept: clock.slept.reduce((sum, ms) => sum + ms, 0) };
};

describe('a simulated model', () => {
  it('gives the same answer to the same request', async () => {
    expect((await ask({})).text).toBe((await ask({})).text);
  });

  it.each([
    ['prompt', {}, { chat: chatOf('Something else') }],
    ['request id', {}, { request_id: 'request-2' }],
    ['seed', { seed: 2 }, {}],
  ])('answers differently to another %s', async (_name, behaviour, request) => {
    expect((await ask(behaviour, request)).text).not.toBe((await ask({})).text);
  });

  it('says that it is simulated, and which model', async () => {
    expect((await ask({})).text).toMatch(/^This is a simulated answer by sim-large: .+\.$/);
  });

  it('that says nothing is given up after a minute', async () => {
    const { error, slept } = await ask({ fault_rate: 1, fault: 'timeout' });

    expect([error, slept]).toEqual([expect.objectContaining({ code: 'upstream_timeout' }), 60_000]);
  });

  it('gives the same text whether it streams or not', async () => {
    const streamed = await ask({ chunks: 5 }, { stream: true });

    expect(streamed.pieces).toHaveLength(5);
    expect(streamed.text).toBe((await ask({})).text);
  });

  it('takes its latency, with jitter, from the adapter', async () => {
    const { slept } = await ask({});

    expect(slept).toBeGreaterThanOrEqual(90);
    expect(slept).toBeLessThanOrEqual(110);
  });

  it('spreads its own latency evenly over the chunks', async () => {
    const clock = new ManualClock({ autoAdvance: true });

    await ask({ latency_ms: 400, jitter: 0, chunks: 4 }, { stream: true }, clock);

    expect(clock.slept).toEqual([100, 100, 100, 100]);
  });

  it('reports tokens for all messages, and as many for the answer as it was told', async () => {
    const messages = [
      { role: 'system', content: 'abcd' },
      { role: 'user', content: 'abcdefg' },
    ];

    expect((await ask({ tokens_out: 20 }, { chat: { messages } })).end).toEqual({
      type: 'end',
      finish_reason: 'stop',
      usage: { tokens_in: 3, tokens_out: 20 },
    });
  });

  it('is cut at max_tokens', async () => {
    const whole = await ask({});
    const cut = await ask({}, { max_tokens: 16 });

    expect(cut.end).toMatchObject({ finish_reason: 'length', usage: { tokens_out: 16 } });
    expect(whole.text.startsWith(cut.text)).toBe(true);
    expect(cut.text.length).toBeLessThan(whole.text.length / 3);
  });

  it('echoes the last user message exactly', async () => {
    const messages = [
      { role: 'user', content: 'first' },
      { role: 'user', content: ' Mail\tjoe@example.com 😀 ' },
      { role: 'assistant', content: 'draft' },
    ];

    expect((await ask({ echo: true }, { chat: { messages }, stream: true })).text).toBe(
      ' Mail\tjoe@example.com 😀 ',
    );
  });

  it('fails as often as it is told', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 400 }, (_, index) =>
        ask({ fault_rate: 0.25 }, { request_id: `request-${index}` }),
      ),
    );

    const failed = outcomes.filter(({ error }) => error !== undefined).length;
    expect(failed).toBeGreaterThan(70);
    expect(failed).toBeLessThan(130);
  });

  it('breaks a stream after some of its text', async () => {
    const whole = await ask({}, { stream: true });
    const cut = await ask({ fault_rate: 1, fault: 'cut' }, { stream: true });

    expect(cut.text).not.toBe('');
    expect(whole.text.startsWith(cut.text)).toBe(true);
    expect(cut.text.length).toBeLessThan(whole.text.length);
    expect(cut.error).toMatchObject({ code: 'upstream_error' });
  });
});

describe('pieces of a text', () => {
  it('add up to it, at most as many as asked for, with no character torn', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 20 }), (text, count) => {
        const cut = pieces(text, count);

        expect(cut.join('')).toBe(text);
        expect(cut.length).toBeLessThanOrEqual(count);
        expect(cut.every((piece) => piece.isWellFormed())).toBe(true);
      }),
    );
  });
});
