/** What the vendors' own clients do besides asking: they leave early, lose patience and try again; and Python's does the rest. */
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { beforeAll, describe, expect, test } from 'vitest';
import { type PythonCase, pythonClient } from './python-openai.ts';
import type { Setting, Tenant } from './setting.ts';

const QUICK = {
  id: 'quick',
  cost_per_1k: 0.001,
  capabilities: ['tools', 'json', 'streaming'],
  simulated: { latency_ms: 5, echo: true },
};
const SLOW = { id: 'slow', cost_per_1k: 0.002, simulated: { latency_ms: 8_000, chunks: 40 } };
const PATIENCE_MS = 1_000;
/** Far less than the whole answer takes. */
const LEFT_WITHIN_MS = 6_000;
const RETRIES = 8;

const ask = (model: string) => ({
  model,
  max_tokens: 200,
  messages: [{ role: 'user' as const, content: 'Hi there' }],
});

/** A client as its own users hold it. */
interface OfficialClient {
  /** Reads the first piece of a stream from `slow`, and leaves. Milliseconds. */
  leave(): Promise<number>;
  /** The name of the error after `ms`. */
  losePatience(ms: number): Promise<string>;
  /** The model of each answer, one call after the other, tried again as the client sees fit. */
  insist(times: number): Promise<string[]>;
}

const raisedBy = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'nothing',
    (error: Error) => error.constructor.name,
  );

const openAi = (setting: Setting, apiKey: string): OfficialClient => {
  const client = new OpenAI({ apiKey, baseURL: `${setting.target.url}/v1`, maxRetries: 0 });
  return {
    leave: async () => {
      const began = performance.now();
      for await (const _ of await client.chat.completions.create({ ...ask('slow'), stream: true })) break;
      return performance.now() - began;
    },
    losePatience: (timeout) => raisedBy(client.chat.completions.create(ask('slow'), { timeout })),
    insist: async (times) => {
      const models: string[] = [];
      for (let time = 0; time < times; time++)
        models.push((await client.chat.completions.create(ask('quick'), { maxRetries: RETRIES })).model);
      return models;
    },
  };
};

const anthropic = (setting: Setting, apiKey: string): OfficialClient => {
  const client = new Anthropic({ apiKey, baseURL: setting.target.url, maxRetries: 0 });
  return {
    leave: async () => {
      const began = performance.now();
      for await (const event of await client.messages.create({ ...ask('slow'), stream: true }))
        if (event.type === 'content_block_delta') break;
      return performance.now() - began;
    },
    losePatience: (timeout) => raisedBy(client.messages.create(ask('slow'), { timeout })),
    insist: async (times) => {
      const models: string[] = [];
      for (let time = 0; time < times; time++)
        models.push((await client.messages.create(ask('quick'), { maxRetries: RETRIES })).model);
      return models;
    },
  };
};

const python = (setting: Setting, key: string): OfficialClient => {
  const use = pythonClient(setting, key);
  return {
    leave: async () => Number(await use('leave')) * 1_000,
    losePatience: async (ms) => String(await use('wait', { seconds: ms / 1_000 })),
    insist: async (times) => (await use('repeat', { times })) as string[],
  };
};

export const clients = (setting: () => Setting): void => {
  describe('the vendors’ own clients', () => {
    let tenant: Tenant;

    beforeAll(async () => {
      await setting().useModels([QUICK, SLOW]);
      tenant = await setting().tenant();
    });

    describe.each([
      ['openai', openAi, 'APIConnectionTimeoutError'],
      ['@anthropic-ai/sdk', anthropic, 'APIConnectionTimeoutError'],
      ['Python’s openai', python, 'APITimeoutError'],
    ])('%s', (_name, make, timeout) => {
      test('leaves a stream early, and asks again', async () => {
        const client = make(setting(), tenant.key);

        const left = await client.leave();
        if (setting().target.streams) expect(left).toBeLessThan(LEFT_WITHIN_MS);
        expect(await client.insist(1)).toEqual(['quick']);
      });

      test('loses patience', async () => {
        expect(await make(setting(), tenant.key).losePatience(PATIENCE_MS)).toBe(timeout);
      });

      test('tries again when a limit says so, as late as it says', async () => {
        const limited = await setting().tenant({ rate_limit: { rps: 1 } });
        const began = performance.now();

        expect(await make(setting(), limited.key).insist(3)).toEqual(['quick', 'quick', 'quick']);
        expect(performance.now() - began).toBeGreaterThan(1_000);
      });
    });

    describe('Python’s openai', () => {
      const TEXT = 'Grüße: one two three 😀';
      let use: PythonCase;

      beforeAll(() => {
        use = pythonClient(setting(), tenant.key);
      });

      test('gets an answer', async () => {
        expect(await use('plain', { text: TEXT })).toEqual({
          text: TEXT,
          model: 'quick',
          finish: 'stop',
          tokens: expect.any(Number),
        });
      });

      test('gets a stream, its usage last', async () => {
        expect(await use('stream', { text: TEXT })).toMatchObject({ text: TEXT, tokens: expect.any(Number) });
      });

      test('gets a call of a tool', async () => {
        expect(await use('tools')).toEqual({ finish: 'tool_calls', name: 'weather', arguments: { days: 3 } });
      });

      test('gets JSON, with a schema and without', async () => {
        expect(await use('json_mode')).toEqual([expect.any(Object), { days: 3 }]);
      });

      test('gets a response, whole and streamed', async () => {
        expect(await use('response', { text: TEXT })).toEqual({
          status: 'completed',
          text: TEXT,
          streamed: TEXT,
        });
      });

      test('gets vectors', async () => {
        expect(await use('embeddings')).toEqual([1_536, 1_536]);
      });

      test('raises the error that it has for each fault', async () => {
        const wrong = pythonClient(setting(), 'sk-wrong');
        const faults = await Promise.all([
          wrong('error', { body: {} }),
          use('error', { body: { messages: [] } }),
          use('error', { body: { model: 'nobody' } }),
        ]);

        expect(faults).toEqual([
          ['AuthenticationError', 401, 'invalid_api_key', null],
          ['BadRequestError', 400, 'invalid_request', 'messages'],
          ['NotFoundError', 404, 'model_not_found', 'model'],
        ]);
      });
    });
  });
};
