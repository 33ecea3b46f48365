import { beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../shared/model/chat.ts';
import { FakeGateway } from '../../support/fakes/gateway.ts';
import { document, end, ScriptedModels } from '../../support/fakes/scripted-models.ts';

const ROUTE = 'POST /v1/chat/completions';
const MESSAGES = [{ role: 'user', content: 'Explain quantum computing' }];
const TOOL = {
  type: 'function',
  function: {
    name: 'mail',
    parameters: { type: 'object', properties: { to: { const: 'me' } }, required: ['to'] },
  },
};

const COMPLETION = {
  id: 'chatcmpl-theirs',
  object: 'chat.completion',
  created: 1,
  model: 'vendor-model-2026',
  system_fingerprint: 'fp_1',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'Qubits.' },
      logprobs: { content: [] },
      finish_reason: 'stop',
    },
  ],
  usage: {
    prompt_tokens: 9,
    completion_tokens: 3,
    total_tokens: 12,
    completion_tokens_details: { reasoning_tokens: 1 },
  },
};

describe(ROUTE, () => {
  let gateway: FakeGateway;
  let key: string;

  const start = async (made = new FakeGateway()): Promise<void> => {
    gateway = made;
    key = await gateway.keyOf('acme');
    await gateway.withModel('a');
  };

  const scripted = async (
    completion: JsonObject = COMPLETION,
    usage?: { tokens_in: number; tokens_out: number },
  ) => {
    const models = new ScriptedModels({ a: [[document(completion), end(usage)]] });
    await start(new FakeGateway({ client: models }));
    return models;
  };

  beforeEach(() => start());

  const chat = (body: object = {}, headers: Record<string, string> = {}) =>
    gateway.call(ROUTE, { key, body: { model: 'auto', messages: MESSAGES, ...body }, headers });

  const newest = async () => (await gateway.observations.list({ limit: 1 })).items[0];

  describe('the reply', () => {
    it('is the provider’s own, under our name of the model', async () => {
      await scripted(COMPLETION, { tokens_in: 9, tokens_out: 3 });

      const { status, headers, json } = await chat();

      expect([status, json]).toEqual([200, { ...COMPLETION, model: 'a' }]);
      expect(headers).toMatchObject({
        'content-type': 'application/json',
        'x-atp-model': 'a',
        'x-atp-selector': 'rust',
        'x-atp-cost-usd': '0.000024',
      });
      expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    });

    it('has the usage that was counted where the provider reports none', async () => {
      const { usage: _none, ...silent } = COMPLETION;
      await scripted(silent);

      const { prompt_tokens, completion_tokens, total_tokens } = (await chat()).json.usage as Record<
        string,
        number
      >;

      expect(prompt_tokens).toBeGreaterThan(0);
      expect(completion_tokens).toBeGreaterThan(0);
      expect(total_tokens).toBe(Number(prompt_tokens) + Number(completion_tokens));
    });

    it('is written down first, with the last thing that the user said', async () => {
      const messages = [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'first' },
        { role: 'assistant', content: 'draft' },
        { role: 'user', content: [{ type: 'text', text: 'Mail john.doe@example.com' }] },
      ];

      const { json } = await chat({ messages });

      expect(await newest()).toMatchObject({
        tenant_id: 'acme',
        model: 'a',
        policy: 'default',
        prompt: 'Mail [REDACTED:EMAIL]',
        outcome: 'success',
        tokens_out: (json.usage as Record<string, number>).completion_tokens,
      });
    });

    it('notes for the log what it did', async () => {
      await chat();

      expect(gateway.log.endings.at(-1)?.scope.facts).toMatchObject({
        model: 'a',
        selector: 'rust',
        findings: 0,
      });
    });
  });

  describe('the request to the provider', () => {
    it('is the caller’s whole body', async () => {
      const models = await scripted();
      const body = {
        messages: [{ role: 'user', content: 'x', name: 'ann' }],
        temperature: 0.2,
        seed: 7,
        logprobs: true,
        top_logprobs: 2,
        stop: ['\n'],
        tools: [TOOL],
        tool_choice: 'auto',
        parallel_tool_calls: false,
        reasoning_effort: 'low',
        something_new: { nested: [1, null] },
      };

      await chat(body);

      expect(models.calls[0]?.request).toMatchObject({
        chat: body,
        documents: true,
        bounded: false,
        stream: false,
      });
      expect(models.calls[0]?.request.chat).not.toHaveProperty('model');
    });

    it.each(['max_tokens', 'max_completion_tokens'])('is bounded by %s', async (name) => {
      const models = await scripted();

      await chat({ [name]: 17 });

      expect(models.calls[0]?.request.max_tokens).toBe(17);
    });

    it('must keep the ceiling on the cost', async () => {
      const models = await scripted();

      await chat({}, { 'x-atp-max-cost-usd': '0.0008' });

      expect(models.calls[0]?.request.bounded).toBe(true);
      expect(models.calls[0]?.request.max_tokens).toBeLessThan(400);
    });
  });

  describe('the model', () => {
    const three = async () => {
      await gateway.withModel('cheap', { cost_per_1k: 0.001, quality: 0.1 });
      await gateway.withModel('dear', { cost_per_1k: 0.1, quality: 0.99 });
    };

    it('that is named by its id answers alone', async () => {
      await three();

      expect((await chat({ model: 'dear' })).json.model).toBe('dear');
      expect((await newest())?.propensities).toEqual({ dear: 1 });
    });

    it.each(['auto', 'auto:fast', 'auto:balanced', 'auto:high', 'default'])('%s is any', async (model) => {
      await three();
      await chat({ model });

      const quality = model.split(':')[1] ?? 'balanced';
      expect(await newest()).toMatchObject({ quality, policy: 'default' });
      expect(Object.keys((await newest())?.propensities ?? {})).toHaveLength(3);
    });

    it.each(['nobody', 'auto:best', 'AUTO'])('%s is none', async (model) => {
      const { status, json } = await chat({ model });

      expect([status, json.error]).toEqual([
        404,
        expect.objectContaining({ type: 'invalid_request_error', param: 'model', code: 'model_not_found' }),
      ]);
      expect(await newest()).toBeUndefined();
    });

    it.each([
      ['tools', { tools: [TOOL] }],
      ['json', { response_format: { type: 'json_object' } }],
      [
        'vision',
        {
          messages: [
            { role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://a.example/b.png' } }] },
          ],
        },
      ],
    ])('has to have the capability %s', async (capability, body) => {
      await gateway.withModel('able', { capabilities: [capability] });
      await gateway.withModel('unable', { capabilities: ['streaming'] });

      const { headers } = await chat(body);

      expect(headers['x-atp-model']).toBe('able');
      expect(Object.keys((await newest())?.propensities ?? {})).toEqual(['able']);
    });

    it('of which nothing is said is taken to be able where no other is', async () => {
      await gateway.withModel('unable', { capabilities: ['streaming'] });

      expect((await chat({ tools: [TOOL] })).headers['x-atp-model']).toBe('a');
    });

    it('that is not able is 422, with the reason', async () => {
      await gateway.withModel('unable', { capabilities: ['streaming'] });
      const { status, json } = await chat({ model: 'unable', tools: [TOOL] });

      expect([status, json.error]).toMatchObject([
        422,
        { code: 'no_eligible_model', message: expect.stringContaining('unable: missing_capability') },
      ]);
    });

    it('has to meet the latency goal', async () => {
      await gateway.withModel('a', { latency_ms: 10 });

      expect((await chat({}, { 'x-atp-latency-slo-ms': '1' })).status).toBe(422);
    });

    it.each([
      ['x-atp-max-cost-usd', 'cheap'],
      ['x-atp-max-cost-usd', '-1'],
      ['x-atp-max-cost-usd', '1e3'],
      ['x-atp-latency-slo-ms', '0'],
      ['x-atp-latency-slo-ms', '3600001'],
    ])('is not sought by a bad %s: %s', async (name, value) => {
      const { status, json } = await chat({}, { [name]: value });

      expect([status, json.error]).toMatchObject([400, { param: name, type: 'invalid_request_error' }]);
    });
  });
});
