import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Adapter } from '../../../shared/model/adapter.ts';
import type { ChatBody, JsonObject } from '../../../shared/model/chat.ts';
import type { ModelRequest } from '../../../shared/model/completion.ts';
import { START_MS } from '../../support/fakes/manual-clock.ts';
import { reply } from './bedrock-replies.ts';
import { bedrockSubject, KEYS } from './bedrock-subject.ts';
import { aRequest, receive } from './calls.ts';
import { sendJson } from './fake-upstream.ts';

const subject = bedrockSubject();
const { client, upstream } = subject;
beforeAll(() => subject.start());
afterAll(() => subject.stop());

const TEXT = reply([{ text: 'ok' }]);
const CALL = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } };

const ask = async (
  chat: Partial<ChatBody>,
  fields: Partial<ModelRequest> = {},
  to: Partial<Adapter> = {},
) => {
  upstream.behave(sendJson(TEXT));
  const body = { messages: [{ role: 'user', content: 'Hi' }], ...chat };
  const { error } = await receive(
    client,
    { ...subject.adapter(), ...to },
    aRequest({ chat: body, ...fields }),
  );
  return { sent: upstream.received[0]?.body ?? {}, error };
};

const image = (url: string) => ({ role: 'user', content: [{ type: 'image_url', image_url: { url } }] });

class Sha256 {
  readonly #hash;
  constructor(secret?: string | Uint8Array) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret);
  }
  update(data: string | Uint8Array): void {
    this.#hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
}

describe('the request to Bedrock', () => {
  it('names the model in its path, and asks for no stream', async () => {
    const { sent } = await ask({});

    expect(upstream.received[0]).toMatchObject({
      path: '/model/eu.vendor.model-v1%3A0/converse',
      headers: { 'content-type': 'application/json', 'x-amz-security-token': 'token' },
    });
    expect(sent).toEqual({
      messages: [{ role: 'user', content: [{ text: 'Hi' }] }],
      inferenceConfig: { maxTokens: 500 },
    });
  });

  it.each([
    ['eu.vendor.model-v1:0', 'eu-west-1'],
    ['arn:aws:bedrock:us-east-2:123456789012:inference-profile/us.vendor.model-v1:0', 'us-east-2'],
  ])('for %s is signed as AWS signs, for %s', async (model, region) => {
    await ask({}, {}, { model });
    const { path = '', headers = {}, body } = upstream.received[0] ?? {};
    const sha256 = Sha256 as never;
    const signer = new SignatureV4({
      service: 'bedrock',
      region,
      credentials: KEYS,
      sha256,
      applyChecksum: false,
    });
    const theirs = await signer.sign(
      {
        method: 'POST',
        protocol: 'http:',
        hostname: '127.0.0.1',
        path,
        headers: { host: String(headers.host), 'content-type': 'application/json' },
        body: JSON.stringify(body),
      },
      { signingDate: new Date(START_MS) },
    );

    expect(headers.authorization).toBe(theirs.headers.authorization);
  });

  it('gives the instructions apart, and each side one turn at a time', async () => {
    const messages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'developer', content: ' ' },
      {
        role: 'user',
        content: [
          { type: 'text', text: '' },
          { type: 'text', text: 'first' },
        ],
      },
      image('data:image/jpg;base64,AAAA'),
      { role: 'assistant', content: null, tool_calls: [CALL] },
      { role: 'tool', tool_call_id: 'c1', content: 'one' },
      { role: 'user', content: 'And?' },
    ];
    const { sent } = await ask({ messages });

    expect(sent).toMatchObject({
      system: [{ text: 'Be brief.' }],
      messages: [
        {
          role: 'user',
          content: [{ text: 'first' }, { image: { format: 'jpeg', source: { bytes: 'AAAA' } } }],
        },
        { role: 'assistant', content: [{ toolUse: { toolUseId: 'c1', name: 'f', input: { a: 1 } } }] },
        {
          role: 'user',
          content: [{ toolResult: { toolUseId: 'c1', content: [{ text: 'one' }] } }, { text: 'And?' }],
        },
      ],
    });
  });

  it.each<[string, JsonObject, JsonObject]>([
    ['one stop sequence', { stop: 'END' }, { stopSequences: ['END'] }],
    ['a temperature beyond its scale', { temperature: 1.7, top_p: 0.5 }, { temperature: 1, topP: 0.5 }],
    ['nothing that it does not know', { seed: 1, logprobs: true, something_new: 1 }, {}],
  ])('carries %s', async (_name, fields, expected) => {
    const { sent } = await ask(fields);

    expect(Object.keys(sent).sort()).toEqual(['inferenceConfig', 'messages']);
    expect(sent.inferenceConfig).toEqual({ maxTokens: 500, ...expected });
  });

  const tools = [
    {
      type: 'function',
      function: { name: 'f', description: 'Finds.', parameters: { type: 'object' }, strict: true },
    },
    { type: 'function', function: { name: 'g' } },
  ];

  it.each<[unknown, JsonObject]>([
    [undefined, { auto: {} }],
    ['required', { any: {} }],
    [{ type: 'function', function: { name: 'f' } }, { tool: { name: 'f' } }],
  ])('carries its tools and the choice %j', async (tool_choice, toolChoice) => {
    const { sent } = await ask({ tools, tool_choice });

    expect(sent.toolConfig).toEqual({
      tools: [
        {
          toolSpec: {
            name: 'f',
            description: 'Finds.',
            inputSchema: { json: { type: 'object' } },
            strict: true,
          },
        },
        { toolSpec: { name: 'g', inputSchema: { json: { type: 'object' } } } },
      ],
      toolChoice,
    });
  });

  it('leaves the tools out where none may be called', async () => {
    expect((await ask({ tools, tool_choice: 'none' })).sent).not.toHaveProperty('toolConfig');
  });

  it('carries a JSON schema', async () => {
    const schema = { type: 'object' };
    const { sent } = await ask({
      response_format: { type: 'json_schema', json_schema: { name: 's', schema } },
    });

    expect(sent.outputConfig).toEqual({
      textFormat: {
        type: 'json_schema',
        structure: { jsonSchema: { name: 's', schema: JSON.stringify(schema) } },
      },
    });
  });

  it.each<[string, string, Partial<ChatBody>]>([
    [
      'an image by its address',
      '/messages/0/content/0/image_url/url',
      { messages: [image('https://a.example/b.png')] },
    ],
    [
      'an image of another kind',
      '/messages/0/content/0/image_url/url',
      { messages: [image('data:image/bmp;base64,AA')] },
    ],
    ['JSON without a schema', '/response_format/type', { response_format: { type: 'json_object' } }],
    [
      'no calls after calls',
      '/tool_choice',
      { tools, tool_choice: 'none', messages: [{ role: 'tool', tool_call_id: 'c1', content: 'x' }] },
    ],
  ])('is not sent for %s', async (_name, path, chat) => {
    const { error } = await ask(chat);

    expect(upstream.received).toEqual([]);
    expect(error).toMatchObject({
      code: 'upstream_error',
      retryable: false,
      errors: [{ path }],
      extensions: { upstream_status: 400 },
    });
  });
});
